import type { LRUCache } from 'lru-cache';
import { isKubeError, type KubeClient } from '../../kube/index.ts';
import type { EndedRun } from '../../resources/index.ts';
import { namespaceOf } from '../pass/key.ts';
import { lastLineOf, lastLinesOf } from './last-line.ts';
import { LogTurns, ofNamespace } from './log-turns.ts';

/** Runs of one Release whose logs are read. */
const MAX_RUNS = 3;
/** As much of a log is read, from its end. */
const LINES = 10;
const LIMIT_BYTES = 4_096;
const TIMEOUT_MS = 5_000;

/** The run that was read last, and its line; an empty one if it says nothing. And the last lines, this one included. */
interface KnownEnd {
  run: number;
  line: string;
  lines: string[];
}

/** Hooks do not wait for a log if the Release's turn is this far away. */
const MAX_PAUSE_MS = 10_000;

/**
 * The last lines of the logs of containers that ended badly, read as the service account of their Release, once for each run. An account
 * that may not read them does without; so does a Release for which it is not the time.
 */
export class PodLogs {
  readonly #client: KubeClient;
  readonly #enqueue: (key: string) => void;
  readonly #mask: (key: string, text: string) => Promise<string>;
  /** By namespace, and by Release and container. */
  readonly #lines = new Map<string, LRUCache<string, KnownEnd>>();
  readonly #turns = new LogTurns();

  /** `mask` hides the secrets of a Release in a text. */
  constructor(
    client: KubeClient,
    enqueue: (key: string) => void,
    mask: (key: string, text: string) => Promise<string>,
  ) {
    this.#client = client;
    this.#enqueue = enqueue;
    this.#mask = mask;
  }

  /** The last line of the log of a run or, until that is read, of one before it. */
  lastLineOf(key: string): (run: EndedRun) => string | undefined {
    return (run) => this.#known(key, run)?.line || undefined;
  }

  /** The last lines of the log of a run, once they are read. */
  lastLinesOf(key: string, run: EndedRun): readonly string[] | undefined {
    const known = this.#known(key, run);
    return known?.run === numberOf(run) ? known.lines : undefined;
  }

  /** Whether the log of a run has not been read yet, and will be if that is asked for. */
  isAwaited(key: string, run: EndedRun): boolean {
    return this.lastLinesOf(key, run) === undefined && this.#turns.waitMs(key, performance.now()) <= MAX_PAUSE_MS;
  }

  /**
   * Begins to read the logs of runs that are not known yet; the Release is woken by what they say. Returns in how many milliseconds to ask
   * again where it is not its turn.
   */
  read(key: string, user: string, runs: readonly EndedRun[]): number | undefined {
    const unknown = runs.slice(0, MAX_RUNS).filter((run) => this.#known(key, run)?.run !== numberOf(run));
    if (unknown.length === 0) return undefined;
    const waitMs = this.#turns.waitMs(key, performance.now());
    if (waitMs > 0) return waitMs;
    this.#turns.begin(key, performance.now());
    void this.#readAll(key, user, unknown).finally(() => this.#turns.end(key));
    return undefined;
  }

  #known(key: string, run: EndedRun): KnownEnd | undefined {
    return this.#lines.get(namespaceOf(key))?.get(nameOf(key, run));
  }

  async #readAll(key: string, user: string, runs: readonly EndedRun[]): Promise<void> {
    let isNews = false;
    for (const run of runs) {
      const end = await this.#maskedEndOf(key, user, run);
      const line = lastLineOf(end);
      isNews ||= line !== (this.#known(key, run)?.line ?? '');
      ofNamespace(this.#lines, key).set(nameOf(key, run), { run: numberOf(run), line, lines: lastLinesOf(end) });
    }
    if (isNews) this.#enqueue(key);
  }

  async #maskedEndOf(key: string, user: string, run: EndedRun): Promise<string> {
    try {
      // A cut comes before the end of the last line: it is left out whole, or may end in a part of a secret, which nobody would recognise
      // as one.
      const end = (await this.#endOf(key, user, run, LINES)) ?? (await this.#endOf(key, user, run, 1)) ?? '';
      return await this.#mask(key, end);
    } catch (error) {
      // Only what may be read is reported: nothing fails for lack of it.
      if (isKubeError(error, 'Forbidden')) this.#turns.refused(key, performance.now());
      return '';
    }
  }

  /** The last lines of a log; undefined if they are so long that the answer was cut. */
  async #endOf(
    key: string,
    user: string,
    { pod, container, isPrevious }: EndedRun,
    lines: number,
  ): Promise<string | undefined> {
    const path = `/api/v1/namespaces/${namespaceOf(key)}/pods/${pod}/log`;
    const query = {
      container,
      previous: isPrevious ? 'true' : undefined,
      tailLines: String(lines),
      limitBytes: String(LIMIT_BYTES),
    };
    const log = await this.#client.as(user).raw('GET', path, { query, timeoutMs: TIMEOUT_MS });
    const text = typeof log === 'string' ? log : '';
    return Buffer.byteLength(text) < LIMIT_BYTES ? text : undefined;
  }
}

function nameOf(key: string, { uid, container }: EndedRun): string {
  return [key, uid, container].join('|');
}

function numberOf({ restarts, isPrevious }: EndedRun): number {
  return isPrevious ? restarts - 1 : restarts;
}
