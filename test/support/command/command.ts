import { join } from 'node:path';
import { run, type Outcome, type RunOptions } from '../cluster/kubectl.ts';
import type { Story } from '../cluster/story.ts';

const EXECUTABLES = join(import.meta.dirname, '..', '..', '..', 'cli', 'bin');

/** Runs the executable `kubectl-release` on the control plane of a story, with the administrator's rights, and tells how it ended. */
export type ReleaseCommand = (args: readonly string[], options?: RunOptions) => Promise<Outcome>;

/** `kubectl-release` on a story's control plane. */
export function commandOn({ controlPlane }: Pick<Story, 'controlPlane'>): ReleaseCommand {
  return async (args, options = {}) => {
    const env = {
      KUBECONFIG: controlPlane.kubeconfig,
      COXSWAIN_NODE: process.execPath,
      NODE_OPTIONS: '',
      ...options.env,
    };
    return run(join(EXECUTABLES, 'kubectl-release'), args, { ...options, env });
  };
}
