import { BackoffPending, failureOf, isStaleRead, type Failure } from './failures.ts';
import { jitteredBackoffMs } from '../../../kube/index.ts';

interface Attempt {
  /** Digest of everything that the attempt depended on. */
  subject: string;
  failure: Failure;
  failures: number;
  retryAt: number;
}

/**
 * Delays between attempts that may succeed by themselves, and between those that need somebody's help, in milliseconds; none is
 * longer than the Release's interval.
 */
const DELAYS = { soon: { first: 1_000, max: 60_000 }, later: { first: 5_000, max: Infinity } };

/** What there is to know of a Release, given its key. */
export interface AttemptOptions {
  /** Its interval. */
  intervalMs: (key: string) => number;
  /** Removes its secrets from a message that is kept. */
  mask: (key: string, text: string) => Promise<string>;
}

/**
 * Failed attempts by Release, so that events do not repeat one that would fail the same way: it is repeated when what it depends on has
 * changed, or after a growing delay. Losing this costs one more attempt.
 */
export class Attempts {
  readonly #failed = new Map<string, Attempt>();
  /** The attempts asked for since the last call of `dueInMs`: what a pass no longer attempts must not call for another pass. */
  readonly #asked = new Set<string>();
  readonly #options: AttemptOptions;

  constructor(options: AttemptOptions) {
    this.#options = options;
  }

  /**
   * Makes an attempt, or throws BackoffPending if the same one failed a moment ago. `key` names what is attempted for whom,
   * `subject` digests everything that its outcome depends on. Conflicts are not failures of the attempt: they only say that
   * something was edited in between.
   */
  async run<T>(key: string, subject: string, attempt: () => Promise<T>): Promise<T> {
    this.#asked.add(key);
    const before = this.#failed.get(key);
    const isSame = before?.subject === subject;
    if (isSame && before.retryAt > performance.now()) throw new BackoffPending(before.failure);
    try {
      const value = await attempt();
      this.#failed.delete(key);
      return value;
    } catch (error) {
      const { intervalMs, mask } = this.#options;
      const release = key.slice(0, key.indexOf(' '));
      const raw = failureOf(error);
      const failure = { ...raw, message: await mask(release, raw.message) };
      const failures = isSame ? before.failures + 1 : 1;
      const { first, max } = DELAYS[failure.retry];
      const delayMs = jitteredBackoffMs(failures, { first, max: Math.min(max, intervalMs(release)) });
      const retryAt = performance.now() + delayMs;
      if (!isStaleRead(error)) this.#failed.set(key, { subject, failure, failures, retryAt });
      throw error;
    }
  }

  /** Forgets all attempts of a Release. */
  forget(key: string): void {
    for (const name of this.#failed.keys()) if (name.startsWith(`${key} `)) this.#failed.delete(name);
    this.#takeAsked(key);
  }

  /** Milliseconds until the first of the failed attempts that were made or refused since the last call is due again. */
  dueInMs(key: string): number | undefined {
    const due = this.#takeAsked(key).flatMap((name) => this.#failed.get(name)?.retryAt ?? []);
    return due.length === 0 ? undefined : Math.max(0, Math.min(...due) - performance.now());
  }

  #takeAsked(key: string): string[] {
    const names = [...this.#asked].filter((name) => name.startsWith(`${key} `));
    for (const name of names) this.#asked.delete(name);
    return names;
  }
}
