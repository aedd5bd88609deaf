import { PODS, podsOfRelease } from '../../../client/pods/index.ts';
import { discover, startInformer } from '../../../kube/index.ts';
import type { KubeObject } from '../../../resources/index.ts';
import { readRelease, type Cluster } from '../../cluster.ts';
import type { ExitCode } from '../../command.ts';
import { reasonOf } from '../../errors.ts';
import { printable, type Terminal } from '../../terminal.ts';
import { logPath, startedSources, titleOf, type LogSource, type StartedSource } from './log-lines.ts';
import { wholeLines } from './whole-lines.ts';

/** Which containers of a Release are followed, and how many lines of those that run already are shown. */
export interface FollowedLogs {
  readonly name: string;
  readonly isMeant: (source: LogSource) => boolean;
  readonly tailLines: string;
}

/** Changes of pods that come together are looked at together. */
const PAUSE_MS = 1000;
/** More could not be read by anybody, and each is a request that stays open. */
const MAX_AT_ONCE = 50;

/**
 * Prints what containers write, as they write it: those that run, and in time those that start later, from their first line. Goes on until
 * the process is ended; rejects where the Release is gone, or may not be read.
 */
export async function followLogs(cluster: Cluster, followed: FollowedLogs, terminal: Terminal): Promise<ExitCode> {
  const { client, namespace } = cluster;
  const logs = new OpenLogs(cluster, terminal);
  const discovery = discover(client);
  const look = async (tailLines?: string): Promise<void> => {
    const release = await readRelease(cluster, followed.name);
    const sources = startedSources(await podsOfRelease(cluster, release, { discovery, pods: informer.list() }));
    logs.follow(sources.filter(followed.isMeant), tailLines);
  };
  let changed = (): void => undefined;
  const informer = startInformer<KubeObject>({
    client,
    namespace,
    resource: PODS,
    onChange: () => changed(),
    onError: (error) => terminal.err(printable(reasonOf(error))),
  });
  await informer.synced;
  await look(followed.tailLines);
  if (logs.count === 0) terminal.err('nothing has started yet: waiting for it');
  return new Promise<ExitCode>((_, reject) => {
    let isDue = false;
    changed = () => {
      if (isDue) return;
      isDue = true;
      setTimeout(() => {
        isDue = false;
        look().catch(reject);
      }, PAUSE_MS);
    };
  });
}

/** The logs that are being read, each once. */
class OpenLogs {
  readonly #cluster: Cluster;
  readonly #terminal: Terminal;
  readonly #known = new Set<string>();
  #open = 0;
  #saidTooMany = false;

  constructor(cluster: Cluster, terminal: Terminal) {
    this.#cluster = cluster;
    this.#terminal = terminal;
  }

  /** How many were opened so far. */
  get count(): number {
    return this.#known.size;
  }

  /** Begins to read those that are not known, from so many lines before the end, else from their first. */
  follow(sources: readonly StartedSource[], tailLines?: string): void {
    for (const source of sources.filter(({ id }) => !this.#known.has(id))) {
      if (this.#open === MAX_AT_ONCE) return this.#sayTooMany();
      this.#known.add(source.id);
      this.#open += 1;
      void this.#read(source, tailLines).finally(() => (this.#open -= 1));
    }
  }

  async #read(source: LogSource, tailLines: string | undefined): Promise<void> {
    const { client, namespace } = this.#cluster;
    const title = titleOf(source);
    const query = { container: source.container, follow: 'true', tailLines };
    try {
      const pieces = await client.stream(logPath(namespace, source), { query, signal: new AbortController().signal });
      for await (const line of wholeLines(pieces)) this.#print(title, line);
    } catch (error) {
      this.#terminal.err(printable(`${title} is not followed any more: ${reasonOf(error)}`));
    }
  }

  #print(title: string, line: string): void {
    this.#terminal.out(`${this.#terminal.style('faint', title)} ${printable(line)}`);
  }

  #sayTooMany(): void {
    if (this.#saidTooMany) return;
    this.#saidTooMany = true;
    this.#terminal.err(`only ${MAX_AT_ONCE} containers are followed at once: choose by --pod or --container`);
  }
}
