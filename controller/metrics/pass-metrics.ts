import type { Registry } from '@prometheus-io/client';
import { namespaceOf, previewNameOf } from '../pass/key.ts';
import { boundedByNamespace } from './bounded-labels.ts';
import { counter, gauge, histogram } from './instruments.ts';

/** What became of a pass: it is over, another one is due, it met a concurrent edit, or it failed for a reason that is in no status. */
export type PassOutcome = 'done' | 'later' | 'conflict' | 'failed';

/** As in controller-runtime, so that dashboards which know its metrics show ours. */
const PASS_BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];
const WAIT_BUCKETS = [0.001, 0.01, 0.1, 0.5, 1, 5, 10, 30, 60, 300];
const QUEUE = { name: 'coxswain', controller: 'coxswain' } as const;
const RESULTS: Record<PassOutcome, string> = {
  done: 'success',
  later: 'requeue_after',
  conflict: 'requeue',
  failed: 'error',
};

/** The metrics of the queue and its passes, by controller-runtime's names where it has them. */
export class PassMetrics {
  readonly #waitingSince = new Map<string, number>();
  readonly #underWaySince = new Map<string, number>();
  readonly #instruments;

  constructor(registry: Registry, workers: number) {
    this.#instruments = instrumentsIn(registry);
    const ofQueue = ['name', 'controller'] as const;
    const ofController = ['controller'] as const;
    gauge(registry, DEPTH, () => [[QUEUE, this.#waitingSince.size]], ofQueue);
    gauge(registry, LONGEST, () => [[QUEUE, this.#longestSeconds()]], ofQueue);
    gauge(registry, WAITING, () => this.#waitingByNamespace(), ['release_namespace']);
    gauge(registry, ACTIVE, () => [[{ controller: 'coxswain' }, this.#underWaySince.size]], ofController);
    gauge(registry, WORKERS, () => [[{ controller: 'coxswain' }, workers]], ofController);
  }

  /** A key waits for a pass; this may have been reported before. */
  added(key: string): void {
    if (this.#waitingSince.has(key)) return;
    this.#waitingSince.set(key, performance.now());
    this.#instruments.adds.inc(QUEUE);
  }

  /** A pass over a key begins. */
  began(key: string): void {
    const now = performance.now();
    this.#instruments.waits.observe(QUEUE, (now - (this.#waitingSince.get(key) ?? now)) / 1000);
    this.#waitingSince.delete(key);
    this.#underWaySince.set(key, now);
  }

  /** The pass over a key is over. */
  ended(key: string, outcome: PassOutcome): void {
    const now = performance.now();
    const controller = previewNameOf(key) === undefined ? 'coxswain-release' : 'coxswain-preview';
    const { passes, errors, retries, seconds } = this.#instruments;
    seconds.observe({ controller }, (now - (this.#underWaySince.get(key) ?? now)) / 1000);
    this.#underWaySince.delete(key);
    passes.inc({ controller, result: RESULTS[outcome] });
    if (outcome === 'failed') errors.inc({ controller });
    if (outcome === 'failed' || outcome === 'conflict') retries.inc(QUEUE);
  }

  #longestSeconds(): number {
    const [first] = this.#underWaySince.values();
    return first === undefined ? 0 : (performance.now() - first) / 1000;
  }

  #waitingByNamespace(): [{ release_namespace: string }, number][] {
    const counts = new Map<string, number>();
    for (const key of this.#waitingSince.keys()) counts.set(namespaceOf(key), (counts.get(namespaceOf(key)) ?? 0) + 1);
    const bounded = boundedByNamespace(counts, (a, b) => a + b);
    return bounded.map(([namespace, count]) => [{ release_namespace: namespace }, count]);
  }
}

const DEPTH = ['workqueue_depth', 'Releases and previews that wait for a pass'] as const;
const LONGEST = [
  'workqueue_longest_running_processor_seconds',
  'How long the longest pass under way has taken',
] as const;
const WAITING = ['coxswain_queue_depth', 'Releases and previews that wait for a pass, by namespace'] as const;
const ACTIVE = ['controller_runtime_active_workers', 'Passes under way'] as const;
const WORKERS = [
  'controller_runtime_max_concurrent_reconciles',
  'The passes that may hold a worker at a time',
] as const;

function instrumentsIn(registry: Registry) {
  const ofQueue = ['name', 'controller'] as const;
  const ofController = ['controller'] as const;
  const instruments = {
    adds: counter(registry, ['workqueue_adds_total', 'How often something began to wait for a pass'], ofQueue),
    retries: counter(registry, ['workqueue_retries_total', 'Passes that are repeated after a failure'], ofQueue),
    waits: histogram(
      registry,
      ['workqueue_queue_duration_seconds', 'How long Releases and previews waited for a pass'],
      WAIT_BUCKETS,
      ofQueue,
    ),
    passes: counter(registry, ['controller_runtime_reconcile_total', 'Passes, by result'], ['controller', 'result']),
    errors: counter(
      registry,
      ['controller_runtime_reconcile_errors_total', 'Passes that failed for a reason that no status shows'],
      ofController,
    ),
    seconds: histogram(
      registry,
      ['controller_runtime_reconcile_time_seconds', 'How long passes took'],
      PASS_BUCKETS,
      ofController,
    ),
  };
  // What has not happened yet is reported as 0, so that the first time is an increase.
  for (const controller of ['coxswain-release', 'coxswain-preview']) {
    instruments.errors.inc({ controller }, 0);
    for (const result of Object.values(RESULTS)) instruments.passes.inc({ controller, result }, 0);
  }
  instruments.retries.inc(QUEUE, 0);
  return instruments;
}
