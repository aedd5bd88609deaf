import type { Registry } from '@prometheus-io/client';
import { boundedByNamespace } from './bounded-labels.ts';
import { counter, gauge, histogram } from './instruments.ts';
import { HEALTHS, OPERATIONS, ReleaseTracker, type HealthCounts } from './release-tracker.ts';

/** Installing a chart takes seconds to minutes. */
const PHASE_BUCKETS = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600, 1800];

/**
 * The steps whose duration is measured: from the report of a push until its version is recorded, asking a registry what a range means,
 * getting the chart, rendering it, and those from the beginning of an operation until all is applied, and until it is Green.
 */
const PHASE_NAMES = ['push', 'resolve', 'pull', 'render', 'apply', 'ready'] as const;
type Phase = (typeof PHASE_NAMES)[number];

/** Told how long a phase took. */
export type PhaseObserver = (phase: Phase, seconds: number) => void;

/** Adds the durations of phases. */
export function phaseMetrics(registry: Registry): PhaseObserver {
  const phases = histogram(registry, PHASES, PHASE_BUCKETS, ['phase']);
  for (const phase of PHASE_NAMES) phases.zero({ phase });
  return (phase, seconds) => phases.observe({ phase }, seconds);
}

/** Adds the counts of Releases by namespace and health, and those of operations; the tracker is to be told of each change. */
export function releaseMetrics(registry: Registry, observe: PhaseObserver): ReleaseTracker {
  const operations = counter(registry, BEGUN, ['operation']);
  for (const operation of OPERATIONS) operations.inc({ operation }, 0);
  const tracker = new ReleaseTracker({
    began: (operation) => operations.inc({ operation }),
    applied: (seconds) => observe('apply', seconds),
    ready: (seconds) => observe('ready', seconds),
  });
  gauge(
    registry,
    RELEASES,
    () =>
      boundedByNamespace(tracker.counts, sumOf).flatMap(([namespace, counts]) =>
        HEALTHS.map((health) => [{ release_namespace: namespace, health }, counts[health]] as const),
      ),
    ['release_namespace', 'health'],
  );
  return tracker;
}

const PHASES = [
  'coxswain_phase_duration_seconds',
  'How long it took from a push to its version, to resolve, pull and render, and for operations to be applied and to be Green',
] as const;
const BEGUN = ['coxswain_operations_total', 'Operations that have begun'] as const;
const RELEASES = ['coxswain_releases', 'Releases by namespace and health'] as const;

function sumOf(a: HealthCounts, b: HealthCounts): HealthCounts {
  const { Green, Yellow, Red, Unknown } = a;
  return { Green: Green + b.Green, Yellow: Yellow + b.Yellow, Red: Red + b.Red, Unknown: Unknown + b.Unknown };
}
