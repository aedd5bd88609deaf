import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { RunningDashboard } from '../dashboard/server/index.ts';
import { CLUSTER_OPTIONS } from './cluster-options.ts';
import { withCluster } from './cluster.ts';
import { positionalsOf, readArguments } from './command.ts';
import type { Command } from './command.ts';
import { CliError } from './errors.ts';
import type { Terminal } from './terminal.ts';

/** `kubectl release dashboard`. */
export const usage = `Usage: kubectl release dashboard [--port N] [--open] [options]

Serves a page with the releases that you may see, on this machine only, until Ctrl-C. It has the rights of your kubeconfig, and no others.
It prints an address that lets in whoever opens it first, within a minute; Enter prints another one.

  --port N   where it listens; default: any free port
  --open     open the address in a browser
  -n, --namespace, --context, --kubeconfig, --as, --as-group: as in every kubectl command`;

const MAX_PORT = 65_535;

/** Its options, for `readArguments`. */
export const options = {
  ...CLUSTER_OPTIONS,
  port: { type: 'string', default: '0' },
  open: { type: 'boolean', default: false },
} as const;

/** Serves the dashboard until the process is asked to end. */
export const run: Command = async (args, terminal) => {
  const { values: flags, positionals } = readArguments(args, options);
  positionalsOf(positionals, 0, []);
  const port = Number(flags.port);
  if (!/^\d+$/.test(flags.port) || port > MAX_PORT) throw new CliError('Usage', `--port ${flags.port} is not a port`);
  return withCluster(flags, async ({ client }) => {
    const { startDashboard } = await import('../dashboard/server/index.ts');
    const { chartOf } = await import('./release/recorded/recorded-chart.ts');
    const running = await startDashboard({
      listen: { host: '127.0.0.1', port },
      identity: { way: 'kubeconfig', client },
      page: pageFolder(),
      cluster: flags.context ?? 'kubeconfig',
      charts: await ownRegistries(),
      chartOf: async (recorded, history) => chartOf(recorded, history, {}),
      log: (line) => terminal.err(line),
    });
    await serveUntilAsked(running, flags.open, terminal);
    return 0;
  });
};

/** Registries as the user reaches them, with the credentials that Helm and docker keep. */
async function ownRegistries() {
  const { listCharts, listVersions } = await import('../registry-client/index.ts');
  const { connectionFor } = await import('./registry/connection.ts');
  const { pulledChart } = await import('./charts/chart-source.ts');
  const at = async (registry: string, name?: string) => ({ registry, ...(await connectionFor({}, registry, name)) });
  return {
    names: async (registry: string) => listCharts(await at(registry)),
    versions: async (registry: string, name: string) => listVersions({ name, ...(await at(registry, name)) }),
    chart: async (registry: string, name: string, version: string | undefined) =>
      (await pulledChart({ registry, name, ...(version !== undefined && { version }) }, {})).chart,
  };
}

/** Beside the command where it is installed; where `make page` puts it in a clone. */
function pageFolder(): string {
  // The bundle's pieces lie in a folder below it.
  const folders = [join(import.meta.dirname, 'page'), join(import.meta.dirname, '..', 'page')];
  const built = join(import.meta.dirname, '..', 'dist', 'dashboard', 'page');
  const found = [...folders, built].find((folder) => existsSync(join(folder, 'index.html')));
  if (found !== undefined) return found;
  throw new CliError('NotFound', 'the page of the dashboard is not built', { next: 'In a clone: make page' });
}

async function serveUntilAsked(running: RunningDashboard, open: boolean, terminal: Terminal): Promise<void> {
  const tell = (): void => terminal.out(running.enterUrl());
  tell();
  terminal.err('Ctrl-C ends it; Enter prints another address');
  if (open) await openInBrowser(running.enterUrl());
  const lines = createInterface({ input: process.stdin }).on('line', tell);
  await new Promise<void>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve());
  });
  lines.close();
  await running.close();
}

/** What opens an address on this system; where there is none, the address that was printed remains. */
async function openInBrowser(url: string): Promise<void> {
  const { spawn } = await import('node:child_process');
  const programs: Partial<Record<NodeJS.Platform, string>> = { darwin: 'open', win32: 'explorer' };
  const opened = spawn(programs[process.platform] ?? 'xdg-open', [url], { stdio: 'ignore', detached: true });
  opened.on('error', () => undefined);
  opened.unref();
}
