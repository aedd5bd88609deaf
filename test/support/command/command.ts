import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll } from '@jest/globals';
import { bundleCommand } from '../../../tools/command/bundle.ts';
import { run, type Outcome, type RunOptions } from '../cluster/kubectl.ts';
import type { Story } from '../cluster/story.ts';

/** Runs the executable `kubectl-release` on the control plane of a story, with the administrator's rights, and tells how it ended. */
type ReleaseCommand = (args: readonly string[], options?: RunOptions) => Promise<Outcome>;

/** The command as it is installed: bundled, in a folder of its own, for all tests of a file. */
export interface InstalledCommand {
  /** The folder of the executables, for PATH. */
  readonly directory: string;
  /** What it runs with, on the control plane of a story. */
  environment(on: Pick<Story, 'controlPlane'>): Record<string, string>;
  /** `kubectl-release` there. */
  on(on: Pick<Story, 'controlPlane'>): ReleaseCommand;
}

/** Installs the command before the tests of a file. */
export function installedCommand(): InstalledCommand {
  let directory = '';
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'command-'));
    await bundleCommand(directory);
  });
  afterAll(() => rm(directory, { recursive: true, force: true }));
  const environment: InstalledCommand['environment'] = ({ controlPlane }) => ({
    KUBECONFIG: controlPlane.kubeconfig,
    COXSWAIN_NODE: process.execPath,
    NODE_OPTIONS: '',
    NODE_COMPILE_CACHE: join(directory, 'compiled'),
  });
  return {
    get directory() {
      return directory;
    },
    environment,
    on: (story) => async (args, options) => {
      const env = { ...environment(story), ...options?.env };
      return run(join(directory, 'kubectl-release'), args, { ...options, env });
    },
  };
}
