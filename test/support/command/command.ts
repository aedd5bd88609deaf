import { dirname, join } from 'node:path';
import type { ControlPlane } from '../../control-plane/index.ts';
import { run, type Outcome, type RunOptions } from '../cluster/kubectl.ts';
import type { Story } from '../cluster/story.ts';

/**
 * The folder of the executables, for PATH: of the command as it is installed, where Jest bundled it before (test/support/bundled.ts),
 * else of this checkout, which run the sources.
 */
export const PLUGINS = process.env['COXSWAIN_PLUGINS'] ?? join(import.meta.dirname, '..', '..', '..', 'cli', 'bin');

/** The search path of somebody who has kubectl and, in a folder, the command. */
export function pathWith(folder: string, { binaries }: Pick<ControlPlane, 'binaries'>): string {
  return [folder, dirname(binaries.kubectl), process.env['PATH']].join(':');
}

/** Runs the executable `kubectl-release` on the control plane of a story, with the administrator's rights, and tells how it ended. */
type ReleaseCommand = (args: readonly string[], options?: RunOptions) => Promise<Outcome>;

/** What it runs with, on the control plane of a story. */
export function commandEnvironment({ controlPlane }: Pick<Story, 'controlPlane'>): Record<string, string> {
  return { KUBECONFIG: controlPlane.kubeconfig, COXSWAIN_NODE: process.execPath, NODE_OPTIONS: '' };
}

/** `kubectl-release` there. */
export function commandOn(story: Pick<Story, 'controlPlane'>): ReleaseCommand {
  return async (args, options) => {
    const env = { ...commandEnvironment(story), ...options?.env };
    return run(join(PLUGINS, 'kubectl-release'), args, { ...options, env });
  };
}
