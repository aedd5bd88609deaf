import { Counter, Gauge, Histogram, type Registry } from '@prometheus-io/client';

/** The name of a metric and what it says. */
export type Description = readonly [name: string, help: string];

/** Adds a counter. */
export function counter<Label extends string = never>(
  registry: Registry,
  [name, help]: Description,
  labelNames: readonly Label[] = [],
): Counter<Label> {
  return new Counter({ registers: [registry], name, help, labelNames });
}

/** Adds a histogram. */
export function histogram<Label extends string = never>(
  registry: Registry,
  [name, help]: Description,
  buckets: readonly number[],
  labelNames: readonly Label[] = [],
): Histogram<Label> {
  return new Histogram({ registers: [registry], name, help, labelNames, buckets: [...buckets] });
}

/** The value of one series. */
export type Sample = readonly [labels: Readonly<Record<string, string>>, value: number];

/** Adds a gauge whose series are those that `read` returns when they are asked for, and no others. */
export function gauge(
  registry: Registry,
  [name, help]: Description,
  read: () => readonly Sample[],
  labelNames: readonly string[] = [],
): void {
  new Gauge<string>({
    registers: [registry],
    name,
    help,
    labelNames,
    collect() {
      this.reset();
      for (const [labels, value] of read()) this.set(labels, value);
    },
  });
}
