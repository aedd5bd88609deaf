import { type ChildProcessWithoutNullStreams, execFile, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readdir, readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { DEFAULT_HELM_VERSION, HELM_VERSIONS, type HelmVersion } from '../../../chart-renderer/index.ts';
import { cacheDirectory, withLock } from '../../control-plane/binaries/cache.ts';
import type { Case, ChartSource } from './cases.ts';

/** What real Helm made of a case: files, or an error. */
export interface HelmAnswer {
  readonly files?: Readonly<Record<string, string>>;
  /** What would be sent, in its order, each object as the text of its JSON; hooks by event. */
  readonly definitions?: readonly string[];
  readonly objects?: readonly string[];
  readonly hooks?: Readonly<Record<string, readonly HelmHook[]>>;
  /** Why nothing would be sent although there are files. */
  readonly buildError?: string;
  readonly error?: string;
  readonly loadMicros: number;
  readonly renderMicros: number;
  /** What all threads of its process worked meanwhile. */
  readonly cpuMicros: number;
}

/** What one hook sends at one event. */
interface HelmHook {
  readonly source: string;
  readonly weight: number;
  readonly deletePolicies: readonly string[];
  readonly objects: readonly string[];
}

/** The packages of a version of real Helm in a process of their own, asked one case at a time. */
export class Oracle {
  readonly helmVersion: HelmVersion;
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #waiting: PromiseWithResolvers<HelmAnswer>[] = [];

  private constructor(helmVersion: HelmVersion, child: ChildProcessWithoutNullStreams) {
    this.helmVersion = helmVersion;
    this.#child = child;
    createInterface({ input: child.stdout }).on('line', (line) =>
      this.#waiting.shift()?.resolve(JSON.parse(line) as HelmAnswer),
    );
    child.once('error', (error) => this.#rejectAll(error));
    child.once('close', () => this.#rejectAll(new Error('Helm’s process ended')));
    // Helm's warnings; unread they would block it.
    child.stderr.resume();
  }

  /** Builds the oracle where its sources changed, and starts it. */
  static async start(helmVersion: HelmVersion = DEFAULT_HELM_VERSION): Promise<Oracle> {
    return new Oracle(helmVersion, spawn(await buildOracle(helmVersion), [], { stdio: 'pipe' }));
  }

  /** What Helm makes of the case, and unless asked for files only, what it would send. */
  render(asked: Case, { filesOnly = false } = {}): Promise<HelmAnswer> {
    const { chart, valuesText, setting } = asked;
    const { release, kubeVersion, apiVersions } = setting;
    const job = { ...chartJob(chart), filesOnly, valuesYaml: valuesText, kubeVersion, apiVersions, release };
    const waiting = Promise.withResolvers<HelmAnswer>();
    this.#waiting.push(waiting);
    this.#child.stdin.write(`${JSON.stringify(job)}\n`);
    return waiting.promise;
  }

  #rejectAll(error: Error): void {
    for (const { reject } of this.#waiting.splice(0)) reject(error);
  }

  /** Ends the process. */
  async stop(): Promise<void> {
    const ended = new Promise<void>((resolve) => this.#child.once('close', () => resolve()));
    this.#child.stdin.end();
    await ended;
  }
}

interface ChartJob {
  readonly chartPath: string;
  readonly files?: Readonly<Record<string, string>> | undefined;
  readonly extraCharts: readonly ChartJob[];
}

function chartJob({ path, files, extras }: ChartSource): ChartJob {
  return { chartPath: path, files, extraCharts: extras.map(chartJob) };
}

/** The folders of the Go modules, each with a program `oracle`. */
const MODULES: Readonly<Record<HelmVersion, string>> = { v3: 'helm', v4: 'helm4' };

/** An oracle of each version. */
export function startOracles(): Promise<Oracle[]> {
  return Promise.all(HELM_VERSIONS.map((helmVersion) => Oracle.start(helmVersion)));
}

const run = promisify(execFile);

/** The program, built where none is known of its sources: even to find that nothing changed, Go would want all modules there. */
async function buildOracle(helmVersion: HelmVersion): Promise<string> {
  const tests = join(import.meta.dirname, '..', '..');
  const folders = [MODULES[helmVersion], join(MODULES[helmVersion], 'oracle'), 'helm-oracle'];
  const digest = await digestOfFiles(folders.map((folder) => join(tests, folder)));
  const program = join(cacheDirectory(), 'conformance', `oracle-${helmVersion}-${digest}`);
  await withLock(
    `${program}.lock`,
    (pid) => process.stderr.write(`waiting for process ${pid}, which builds the oracle of Helm ${helmVersion}\n`),
    async () => {
      if (!existsSync(program)) await build(helmVersion, join(tests, MODULES[helmVersion]), program);
    },
  );
  return program;
}

async function build(helmVersion: HelmVersion, module: string, program: string): Promise<void> {
  // Charts can ask for Helm's version, which `go build` alone leaves at a default.
  const path = `helm.sh/helm/${helmVersion}`;
  const { stdout } = await run('go', ['list', '-m', '-f', '{{.Version}}', path], { cwd: module });
  const stamp = `-X ${path}/internal/version.version=${stdout.trim()}`;
  const unfinished = `${program}.${process.pid}`;
  await run('go', ['build', '-ldflags', stamp, '-o', unfinished, './oracle'], { cwd: module });
  await rename(unfinished, program);
}

async function digestOfFiles(folders: readonly string[]): Promise<string> {
  const hash = createHash('sha256').update(`${process.platform} ${process.arch}`);
  for (const folder of folders) {
    const files = (await readdir(folder, { withFileTypes: true })).filter((entry) => entry.isFile());
    for (const { name } of files.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
      hash.update(name).update(await readFile(join(folder, name)));
    }
  }
  return hash.digest('hex').slice(0, 16);
}
