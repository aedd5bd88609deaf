/** How far a namespace may be ahead of its share, which is a quarter of the time. */
const MAX_AHEAD_MS = 2_000;
const SHARE = 0.25;
/** For this long after the work of others, their part of the time is kept free. */
const OTHERS_MS = 10_000;
/** With more namespaces than this, those that owe nothing are forgotten. */
const MANY = 1_000;

/**
 * Which namespaces have had more than their share of the event loop. It does one thing after another: however few of a namespace's keys are
 * worked on at a time, the others wait for what these compute. No namespace rests unless others are at work. Times are milliseconds of one
 * clock.
 */
export class EventLoopShares {
  readonly #debts = new Map<string, { ms: number; at: number }>();
  /** The two namespaces whose work began last, the latest first. */
  #last: { namespace: string; at: number }[] = [];

  /** Records that work for a namespace begins. */
  begin(namespace: string, now: number): void {
    this.#last = [{ namespace, at: now }, ...this.#last.filter((each) => each.namespace !== namespace)].slice(0, 2);
  }

  /** Records how long work for it has taken. */
  charge(namespace: string, ms: number, now: number): void {
    this.#debts.set(namespace, { ms: this.#debtOf(namespace, now) + ms, at: now });
    if (this.#debts.size <= MANY) return;
    for (const each of this.#debts.keys()) if (this.#debtOf(each, now) === 0) this.#debts.delete(each);
  }

  /** How long a namespace has to rest before more work for it begins. */
  restMs(namespace: string, now: number): number {
    if (!this.#hasOthers(namespace, now)) return 0;
    return Math.max(0, (this.#debtOf(namespace, now) - MAX_AHEAD_MS) / SHARE);
  }

  /** Whether it is so far ahead of its share that only one piece of work for it is to be under way. */
  isAhead(namespace: string, now: number): boolean {
    return this.#hasOthers(namespace, now) && this.#debtOf(namespace, now) > MAX_AHEAD_MS / 2;
  }

  #hasOthers(namespace: string, now: number): boolean {
    const others = this.#last.find((each) => each.namespace !== namespace);
    return others !== undefined && now - others.at <= OTHERS_MS;
  }

  #debtOf(namespace: string, now: number): number {
    const { ms, at } = this.#debts.get(namespace) ?? { ms: 0, at: now };
    return Math.max(0, ms - (now - at) * SHARE);
  }
}
