import type { TimedRequest } from '../test/support/cluster/audit.ts';

/** What is measured of each chart; `no-op` is an occasion on which there is nothing to do. */
export const ACTIONS = ['install', 'no-op', 'upgrade', 'rollback', 'uninstall'] as const;
export type Action = (typeof ACTIONS)[number];

/** One action by one program: the most requests of all runs, and the medians of its times. */
export interface Measure {
  readonly requests: number;
  readonly timesMs: readonly number[];
}
export type Measures = ReadonlyMap<Action, Measure>;

/** One run of an action; `timesMs` has one entry for each moment that the program is timed to. */
export interface Sample {
  readonly action: Action;
  readonly requests: readonly TimedRequest[];
  readonly timesMs: readonly number[];
}

/** Sums samples up, an action at a time. */
export function measuresOf(samples: readonly Sample[]): Measures {
  return new Map(
    ACTIONS.flatMap((action): [Action, Measure][] => {
      const runs = samples.filter((sample) => sample.action === action);
      const [first] = runs;
      if (!first) return [];
      const timesMs = first.timesMs.map((_, index) => median(runs.map((run) => run.timesMs[index] ?? 0)));
      return [[action, { requests: Math.max(...runs.map((run) => run.requests.length)), timesMs }]];
    }),
  );
}

/** The middle one of the numbers, 0 where there are none. */
export function median(numbers: readonly number[]): number {
  const sorted = numbers.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}
