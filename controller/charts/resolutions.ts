import { LRUCache } from 'lru-cache';
import { RegistryError, type ResolvedChart } from '../../registry-client/index.ts';

/** What a moving reference stands for, as far as the registry could say. */
export interface Answer {
  /** What the registry said last; undefined where it never answered. */
  chart: ResolvedChart | undefined;
  /** Why it cannot say at present. */
  outage?: RegistryError;
}

/** One question to a registry: equal keys promise equal answers. */
export interface Question {
  key: string;
  /** Where the chart is: a push to that place makes the answer outdated. */
  place: string;
  ask: () => Promise<ResolvedChart>;
}

interface Entry {
  readonly place: string;
  readonly askedAtMs: number;
  /** The part of an interval after which the question is asked again: it varies, so that many questions do not all come at once. */
  readonly share: number;
  readonly answer: Promise<Answer>;
  /** The answer, once there is one. */
  known?: Answer;
}

const MAX_ENTRIES = 10_000;
const OUTAGE_RETRY_MS = 30_000;
const MIN_SHARE = 0.9;

/** What moving references resolved to lately: one request to the registry for each question, however many ask it. */
export class Resolutions {
  readonly #entries = new LRUCache<string, Entry>({ max: MAX_ENTRIES });
  readonly #now: () => number;

  /** `now` is the monotonic clock, in milliseconds. */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  /** The answer that is at most `maxAgeMs` old, if there is one. */
  recent(key: string, maxAgeMs: number): Promise<Answer> | undefined {
    const entry = this.#entries.get(key);
    return entry && (entry.known === undefined || this.#dueInMs(entry, maxAgeMs) > 0) ? entry.answer : undefined;
  }

  /**
   * The answer that is at most `maxAgeMs` old, or a new one. While the registry is out of reach, it is the last one, with the reason; any
   * other error is thrown and not kept.
   */
  async resolve(question: Question, maxAgeMs: number): Promise<Answer> {
    return this.recent(question.key, maxAgeMs) ?? this.#ask(question);
  }

  /** Milliseconds until the answer is older than `intervalMs` allows; undefined where it already is, or is not known. */
  dueInMs(key: string, intervalMs: number): number | undefined {
    const entry = this.#entries.get(key);
    const due = entry && this.#dueInMs(entry, intervalMs);
    return due !== undefined && due > 0 ? due : undefined;
  }

  /** Forgets one answer, even one that is still awaited: it may be older than what is known now. */
  forget(key: string): void {
    this.#entries.delete(key);
  }

  /** Forgets all answers about the chart at `place`. */
  forgetPlace(place: string): void {
    const keys = [...this.#entries.keys()].filter((key) => this.#entries.peek(key)?.place === place);
    for (const key of keys) this.#entries.delete(key);
  }

  #dueInMs({ askedAtMs, share, known }: Entry, intervalMs: number): number {
    const lastsMs = known?.outage ? Math.min(intervalMs, OUTAGE_RETRY_MS) : intervalMs;
    return askedAtMs + lastsMs * share - this.#now();
  }

  #ask({ key, place, ask }: Question): Promise<Answer> {
    const before = this.#entries.get(key)?.known?.chart;
    const share = MIN_SHARE + Math.random() * (1 - MIN_SHARE);
    const entry: Entry = { place, askedAtMs: this.#now(), share, answer: answerOf(ask, before) };
    this.#entries.set(key, entry);
    entry.answer.then(
      (answer) => (entry.known = answer),
      () => {
        if (this.#entries.get(key) === entry) this.#entries.delete(key);
      },
    );
    return entry.answer;
  }
}

async function answerOf(ask: () => Promise<ResolvedChart>, before: ResolvedChart | undefined): Promise<Answer> {
  try {
    return { chart: await ask() };
  } catch (error) {
    if (error instanceof RegistryError && error.transient) return { chart: before, outage: error };
    throw error;
  }
}
