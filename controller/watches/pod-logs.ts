import { LRUCache } from 'lru-cache';
import { isKubeError, type KubeClient } from '../../kube/index.ts';
import type { EndedRun } from '../../resources/index.ts';
import { namespaceOf } from '../pass/key.ts';
import { lastLineOf } from './last-line.ts';

/** Runs of one Release whose logs are read, and how many reads there are at a time for all. */
const MAX_RUNS = 3;
const MAX_READS = 4;
/** As much of a log is read, from its end. */
const LINES = 10;
const LIMIT_BYTES = 4_096;
const TIMEOUT_MS = 5_000;
/** A Release has no logs read again before this has passed, and a refused one not before that. */
const PAUSE_MS = 5_000;
const REFUSED_PAUSE_MS = 600_000;
/** Limited by size: a limit by number would allocate room for all at once. */
const UP_TO_A_THOUSAND = { maxSize: 1_000, sizeCalculation: () => 1 };

/**
 * The last lines of the logs of containers that ended badly, read as the service account of their Release, once for each run. An account
 * that may not read them does without; so does a Release for which it is not the time.
 */
export class PodLogs {
  readonly #client: KubeClient;
  readonly #enqueue: (key: string) => void;
  readonly #mask: (key: string, text: string) => Promise<string>;
  /** By Release and container, the run that was read last and its line; an empty one where there is nothing to tell. */
  readonly #lines = new LRUCache<string, { run: number; line: string }>(UP_TO_A_THOUSAND);
  /** When the logs of a Release may be read again (a `performance.now()`). */
  readonly #notBefore = new LRUCache<string, number>(UP_TO_A_THOUSAND);
  #reads = 0;

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
    return (run) => this.#lines.get(nameOf(key, run))?.line || undefined;
  }

  /** Begins to read the logs of runs that are not known yet; the Release is woken by what they say. */
  read(key: string, user: string, runs: readonly EndedRun[]): void {
    const unknown = runs.slice(0, MAX_RUNS).filter((run) => this.#lines.get(nameOf(key, run))?.run !== numberOf(run));
    const isTime = (this.#notBefore.get(key) ?? 0) <= performance.now();
    if (unknown.length === 0 || !isTime || this.#reads >= MAX_READS) return;
    this.#notBefore.set(key, performance.now() + PAUSE_MS);
    this.#reads += 1;
    void this.#readAll(key, user, unknown).finally(() => {
      this.#reads -= 1;
    });
  }

  async #readAll(key: string, user: string, runs: readonly EndedRun[]): Promise<void> {
    let isNews = false;
    for (const run of runs) {
      const line = await this.#lineOf(key, user, run);
      isNews ||= line !== (this.#lines.get(nameOf(key, run))?.line ?? '');
      this.#lines.set(nameOf(key, run), { run: numberOf(run), line });
    }
    if (isNews) this.#enqueue(key);
  }

  async #lineOf(key: string, user: string, { pod, container, isPrevious }: EndedRun): Promise<string> {
    const path = `/api/v1/namespaces/${namespaceOf(key)}/pods/${pod}/log`;
    const query = {
      container,
      previous: isPrevious ? 'true' : undefined,
      tailLines: String(LINES),
      limitBytes: String(LIMIT_BYTES),
    };
    try {
      const log = await this.#client.as(user).raw('GET', path, { query, timeoutMs: TIMEOUT_MS });
      const text = typeof log === 'string' ? log : '';
      // A line that was cut may end in a part of a secret, which nobody would know for one.
      const whole = Buffer.byteLength(text) < LIMIT_BYTES ? text : text.slice(0, text.lastIndexOf('\n') + 1);
      return lastLineOf(await this.#mask(key, whole));
    } catch (error) {
      // Only what may be read is told: nothing fails for lack of it.
      if (isKubeError(error, 'Forbidden')) this.#notBefore.set(key, performance.now() + REFUSED_PAUSE_MS);
      return '';
    }
  }
}

function nameOf(key: string, { uid, container }: EndedRun): string {
  return [key, uid, container].join('|');
}

function numberOf({ restarts, isPrevious }: EndedRun): number {
  return isPrevious ? restarts - 1 : restarts;
}
