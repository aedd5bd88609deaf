import { PODS, podsOfRelease } from '../../../client/pods/index.ts';
import { setTimeout as pause } from 'node:timers/promises';
import { backoffMs, discover, isKubeError, startInformer } from '../../../kube/index.ts';
import type { KubeObject } from '../../../resources/index.ts';
import { readRelease, type Cluster } from '../../cluster.ts';
import type { ExitCode } from '../../command.ts';
import { reasonOf } from '../../errors.ts';
import { printable, type Terminal } from '../../terminal.ts';
import { logPath, startedSources, titleOf, type LogSource, type StartedSource } from './log-lines.ts';
import { linesAfter, secondOf, type Position } from './read-on.ts';

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

/** After this long, reading goes on in a log that broke off; later, if that fails again. */
const AGAIN_MS = { first: 2_000, max: 30_000 };

/** The logs that are being read, each once. */
class OpenLogs {
  readonly #cluster: Cluster;
  readonly #terminal: Terminal;
  /** The containers that there are, by their place. */
  readonly #sources = new Map<string, StartedSource>();
  /** Which container was opened last in a place. */
  readonly #opened = new Map<string, string>();
  readonly #positions = new Map<string, Position>();
  readonly #reading = new Set<string>();
  #saidTooMany = false;

  constructor(cluster: Cluster, terminal: Terminal) {
    this.#cluster = cluster;
    this.#terminal = terminal;
  }

  /** How many have been opened so far. */
  get count(): number {
    return this.#opened.size;
  }

  /** Begins to read those of all existing ones that are not known, from `tailLines` before the end, or else from their first line. */
  follow(sources: readonly StartedSource[], tailLines?: string): void {
    this.#sources.clear();
    for (const source of sources) this.#sources.set(source.place, source);
    for (const { place, id } of sources) {
      if (this.#reading.has(place) || this.#opened.get(place) === id) continue;
      if (this.#reading.size === MAX_AT_ONCE) return this.#sayTooMany();
      this.#reading.add(place);
      void this.#readAll(place, tailLines).finally(() => this.#reading.delete(place));
    }
  }

  /** Reads the log of a container, and of those that take its place, on and on: the end of a response need not be the end of the log. */
  async #readAll(place: string, tailLines: string | undefined): Promise<void> {
    let isBroken = false;
    let failures = 0;
    const first = this.#sources.get(place);
    for (let source = first; source; source = this.#nextIn(place, isBroken)) {
      this.#opened.set(place, source.id);
      const before = this.#positions.get(place);
      const error = await this.#read(source, source.id === first?.id ? tailLines : undefined);
      if (error !== undefined && !isPassing(error)) return this.#say(source, 'is not followed any more', error);
      isBroken = error !== undefined;
      failures = isBroken && this.#positions.get(place) === before ? failures + 1 : 0;
      if (isBroken && failures < 2) this.#say(source, 'broke off and is read on', error);
      await pause(backoffMs(failures + 1, AGAIN_MS));
    }
  }

  /** What is to be read next in a place: what has ended and was read to its end has nothing more to say. */
  #nextIn(place: string, isBroken: boolean): StartedSource | undefined {
    const source = this.#sources.get(place);
    return source && (isBroken || source.isRunning || source.id !== this.#opened.get(place)) ? source : undefined;
  }

  /** Prints what a container writes, from where it was read to; returns why that ended, if not by itself. */
  async #read(source: StartedSource, tailLines: string | undefined): Promise<unknown> {
    const { client, namespace } = this.#cluster;
    const title = titleOf(source);
    const before = this.#positions.get(source.place);
    try {
      const from = before ? { sinceTime: secondOf(before) } : { tailLines };
      const query = { container: source.container, follow: 'true', timestamps: 'true', ...from };
      const pieces = await client.stream(logPath(namespace, source), { query, signal: new AbortController().signal });
      for await (const { text, position } of linesAfter(pieces, before)) {
        this.#terminal.out(`${this.#terminal.style('faint', title)} ${printable(text)}`);
        if (position) this.#positions.set(source.place, position);
      }
      return undefined;
    } catch (error) {
      return error;
    }
  }

  #say(source: LogSource, what: string, error: unknown): void {
    this.#terminal.err(printable(`${titleOf(source)} ${what}: ${reasonOf(error)}`));
  }

  #sayTooMany(): void {
    if (this.#saidTooMany) return;
    this.#saidTooMany = true;
    this.#terminal.err(`only ${MAX_AT_ONCE} containers are followed at once: choose by --pod or --container`);
  }
}

/** Whether reading may succeed later. */
function isPassing(error: unknown): boolean {
  return !(isKubeError(error, 'NotFound') || isKubeError(error, 'Forbidden') || isKubeError(error, 'Unauthorized'));
}
