import { spawn } from 'node:child_process';

import { ControlPlaneError } from '../errors.ts';
import type { ProgressLine } from './progress.ts';
import type { GoModule } from './tools.ts';

type GoRun = { stdout: string; lines: string[] };

/** Lists the packages that `packages` are built from; fetches the modules they need. */
export async function listPackages(
  module: GoModule,
  packages: readonly string[],
  progress: ProgressLine,
): Promise<string[]> {
  let fetched = 0;
  const args = ['list', '-mod=readonly', '-deps', ...packages];
  const run = await runGo(module, args, (line) => {
    if (line.startsWith('go: downloading ')) progress.say(`fetching Go modules: ${++fetched} so far`);
  });
  return run.stdout.trim().split('\n');
}

/** Builds `packages` into `folder` under the names that `go build` gives them; `total` is the progress's denominator. */
export async function buildPackages(
  module: GoModule,
  packages: readonly string[],
  folder: string,
  progress: ProgressLine & { total: number },
): Promise<void> {
  let compiled = 0;
  const args = ['build', '-v', ...module.flags, '-o', `${folder}/`, ...packages];
  await runGo(module, args, (line) => {
    if (/^[\w.-]+(\/\S+)*$/.test(line)) progress.say(`${++compiled} of up to ${progress.total} packages compiled`);
  });
}

/** Returns the folder with a required module's source, fetched if need be. */
export async function moduleFolder(module: GoModule, path: string): Promise<string> {
  const run = await runGo(module, ['mod', 'download', '-json', path], () => {});
  return (JSON.parse(run.stdout) as { Dir: string }).Dir;
}

async function runGo(module: GoModule, args: string[], onLine: (line: string) => void): Promise<GoRun> {
  // What is built must depend on nothing but go.mod and the flags: no workspace, and no flags of the user's.
  const env = { ...process.env, CGO_ENABLED: '0', GOWORK: 'off', GOFLAGS: '' };
  const child = spawn('go', args, { cwd: module.directory, env, stdio: ['ignore', 'pipe', 'pipe'] });
  const run: GoRun = { stdout: '', lines: [] };
  let rest = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (run.stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    run.lines.push(...lines);
    lines.forEach(onLine);
  });
  const code = await new Promise<number | null>((resolve, reject) => {
    child.on('error', (cause) => reject(goMissing(module, cause))).on('close', resolve);
  });
  if (code !== 0) throw buildFailed(module, args, run.lines);
  return run;
}

function goMissing(module: GoModule, cause: Error): ControlPlaneError {
  const message =
    `building test/${module.name} needs Go 1.26 or newer, and no 'go' runs from PATH (${cause.message}). ` +
    'Install Go, or set KUBEBUILDER_ASSETS to a folder that holds the programs.';
  return new ControlPlaneError('GoMissing', message, { cause });
}

function buildFailed(module: GoModule, args: string[], lines: string[]): ControlPlaneError {
  const telling = lines.filter((line) => line.trim() !== '' && !line.startsWith('go: downloading ')).slice(-20);
  const message =
    `'go ${args[0] ?? ''}' failed in test/${module.name}. Its last lines:\n  ${telling.join('\n  ')}\n` +
    "Try 'go mod verify' there; it needs the Go module proxy, about 6 GB of disk and 3 GB of memory.";
  return new ControlPlaneError('BuildFailed', message);
}
