import type { Span } from './span.ts';

/**
 * Spans that wait to be sent, no more than `max`. If there is no room, the oldest one of the namespace that has most goes: what one tenant
 * does costs no other tenant's spans while that one has fewer. Namespaces take turns.
 */
export class SpanQueue {
  readonly #max: number;
  readonly #byNamespace = new Map<string, Span[]>();
  #size = 0;

  constructor(max: number) {
    this.#max = max;
  }

  get size(): number {
    return this.#size;
  }

  /** Adds a span; returns how many were dropped for it. */
  add(namespace: string, span: Span): number {
    const spans = this.#byNamespace.get(namespace) ?? [];
    spans.push(span);
    this.#byNamespace.set(namespace, spans);
    this.#size += 1;
    if (this.#size <= this.#max) return 0;
    this.#takeFrom(this.#largest(spans, namespace));
    return 1;
  }

  /** Takes out up to `count` spans, one of each namespace in turn. */
  take(count: number): Span[] {
    const taken: Span[] = [];
    while (taken.length < count && this.#size > 0) {
      for (const namespace of [...this.#byNamespace.keys()].slice(0, count - taken.length)) {
        taken.push(...this.#takeFrom(namespace));
      }
    }
    return taken;
  }

  #takeFrom(namespace: string): Span[] {
    const spans = this.#byNamespace.get(namespace) ?? [];
    const first = spans.splice(0, 1);
    this.#size -= first.length;
    // Those that were served go to the end.
    this.#byNamespace.delete(namespace);
    if (spans.length > 0) this.#byNamespace.set(namespace, spans);
    return first;
  }

  #largest(spans: readonly Span[], namespace: string): string {
    let [largest, most] = [namespace, spans.length];
    for (const [other, { length }] of this.#byNamespace) if (length > most) [largest, most] = [other, length];
    return largest;
  }
}
