import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, rm, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import type { ControlPlane } from '../../test/control-plane/index.ts';
import { startDashboard } from '../../test/support/browser/dashboard.ts';
import { say, showCommand, showOutput } from './screen.ts';
import { PLUGINS } from './shell.ts';

const RUN = join(import.meta.dirname, '..', '..', '.run');

/** Where `make dashboard` looks for the kubeconfig of the demo's cluster. */
const KUBECONFIG = join(RUN, 'demo.kubeconfig');

/** Serves the dashboard in this terminal, in which Enter prints another address, until it is ended, or the demo is over. */
export async function showPage({ kubeconfig }: Pick<ControlPlane, 'kubeconfig'>, over: AbortSignal): Promise<void> {
  await mkdir(RUN, { recursive: true });
  await rm(KUBECONFIG, { force: true });
  await symlink(kubeconfig, KUBECONFIG);
  try {
    if (over.aborted) return;
    say('The same in a browser, at this address:');
    showCommand('kubectl release dashboard');
    const env = { ...process.env, KUBECONFIG: kubeconfig, COXSWAIN_NODE: process.execPath };
    const dashboard = spawn(join(PLUGINS, 'kubectl-release'), ['dashboard'], { stdio: 'inherit', env });
    over.addEventListener('abort', () => dashboard.kill());
    await once(dashboard, 'exit');
  } finally {
    await rm(KUBECONFIG, { force: true });
  }
}

/** Serves it for as long as it takes to say where. */
export async function showPageOnce(controlPlane: Pick<ControlPlane, 'directory' | 'kubeconfig'>): Promise<void> {
  say('The same in a browser:');
  showCommand('kubectl release dashboard');
  const dashboard = await startDashboard(controlPlane);
  showOutput(`${dashboard.entrance}\n`);
  await dashboard.stop();
}
