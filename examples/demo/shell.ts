import { dirname, join } from 'node:path';

import type { ControlPlane } from '../../test/control-plane/index.ts';
import { run } from '../../test/support/cluster/kubectl.ts';
import type { Outcome } from '../../test/support/cluster/kubectl.ts';
import { showCommand, showOutput } from './screen.ts';

/** Where the kubectl plugins are. */
export const PLUGINS = join(import.meta.dirname, '..', '..', 'cli', 'bin');

/** Types commands as a user would: into sh, with KUBECONFIG set and the plugins on PATH. */
export type Shell = {
  /** Shows and runs a command line, shows its output, and throws unless it exits with `code` (0). */
  type(line: string, code?: number): Promise<Outcome>;
  /** Runs a command line unseen, to check what it prints. */
  look(line: string): Promise<string>;
};

/** A shell for a control plane. */
export function shellFor({ kubeconfig, binaries }: Pick<ControlPlane, 'kubeconfig' | 'binaries'>): Shell {
  const path = [PLUGINS, dirname(binaries.kubectl), process.env['PATH']].join(':');
  const colours = process.stdout.isTTY && process.env['NO_COLOR'] === undefined ? { FORCE_COLOR: '1' } : {};
  const env = { KUBECONFIG: kubeconfig, PATH: path, COXSWAIN_NODE: process.execPath };
  return {
    type: async (line, code = 0) => {
      showCommand(line);
      const outcome = await run('/bin/sh', ['-c', line], { env: { ...env, ...colours }, onOutput: showOutput });
      if (outcome.code === code) return outcome;
      throw new Error(`exit code ${outcome.code} instead of ${code}: ${line}`);
    },
    look: async (line) => {
      const { code, stdout, stderr } = await run('/bin/sh', ['-c', line], { env });
      if (code === 0) return stdout;
      throw new Error(`exit code ${code}: ${line}: ${stderr.trim()}`);
    },
  };
}
