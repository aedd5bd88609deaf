import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser, BrowserContextOptions } from 'playwright-core';
import type { ControlPlane } from '../../control-plane/index.ts';
import { findFreePort } from '../../control-plane/processes/ports.ts';
import { eventually } from '../eventually.ts';
import { tethered, type Tethered } from '../processes/tethered.ts';
import { BROWSER_PATIENCE_MS } from './chromium.ts';
import { PLUGINS } from '../command/command.ts';

/** `kubectl release dashboard` at work. */
export type RunningDashboard = Pick<Tethered, 'pid' | 'stop'> & {
  readonly origin: string;
  /** The address that lets its holder in, once. */
  readonly entrance: string;
};

/** What a browser keeps of somebody who has been let in. */
export type Entered = Exclude<NonNullable<BrowserContextOptions['storageState']>, string>;

const COMMAND = join(PLUGINS, 'kubectl-release');

/** Starts it with a kubeconfig, the administrator's unless another is named, on a port, or any; resolves when it has said where it is. */
export async function startDashboard(
  controlPlane: Pick<ControlPlane, 'directory' | 'kubeconfig'>,
  { kubeconfig = controlPlane.kubeconfig, port }: { readonly kubeconfig?: string; readonly port?: number } = {},
): Promise<RunningDashboard> {
  const listen = port ?? (await findFreePort());
  const logFile = join(controlPlane.directory, 'logs', `dashboard-${listen}.log`);
  await writeFile(logFile, '');
  const command = [COMMAND, 'dashboard', `--port=${listen}`, `--kubeconfig=${kubeconfig}`];
  const running = await tethered(logFile, command, { COXSWAIN_NODE: process.execPath, NODE_OPTIONS: '' });
  let code: number | undefined;
  void running.exited.then((ended) => (code = ended));
  const said = await eventually(
    () => readFile(logFile, 'utf8'),
    (text) => code !== undefined || text.includes('/enter/'),
  );
  const [entrance] = /http:\S+\/enter\/\S+/.exec(said) ?? [];
  if (entrance === undefined) throw new Error(`the dashboard ended with exit code ${code}:\n${said}`);
  return { pid: running.pid, stop: async () => running.stop(), entrance, origin: new URL(entrance).origin };
}

/** Signs in through the printed address, and returns what that leaves in the browser. */
export async function enter(browser: Browser, { entrance, origin }: RunningDashboard): Promise<Entered> {
  const context = await browser.newContext();
  context.setDefaultTimeout(BROWSER_PATIENCE_MS);
  const page = await context.newPage();
  await page.goto(entrance);
  if (page.url() !== `${origin}/`) throw new Error(`${entrance} leads to ${page.url()}`);
  const state = await context.storageState();
  await context.close();
  return state;
}

/** Writes the kubeconfig of whoever has this token and returns its path. */
export async function kubeconfigOf(
  { directory, kubeconfig }: Pick<ControlPlane, 'directory' | 'kubeconfig'>,
  token: string,
): Promise<string> {
  const config = JSON.parse(await readFile(kubeconfig, 'utf8')) as { users: { user: object }[] };
  for (const user of config.users) user.user = { token };
  const path = join(directory, `viewer-${token.slice(-12)}.kubeconfig`);
  await writeFile(path, JSON.stringify(config), { mode: 0o600 });
  return path;
}
