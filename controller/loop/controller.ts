import { createSandbox, type SandboxOptions } from '../../chart-renderer/index.ts';
import { FIELD_MANAGER, type Release } from '../../crds/index.ts';
import { eventRecorder, type KubeClient } from '../../kube/index.ts';
import type { ChartPlace } from '../../registry-client/index.ts';
import { inTurns } from '../../turns/index.ts';
import { Attempts } from '../pass/failures/attempts.ts';
import { Charts } from '../charts/charts.ts';
import type { ChartOptions } from '../charts/chart-options.ts';
import { Children } from '../watches/children.ts';
import type { NamedObject } from '../watches/names.ts';
import { ObjectEvents } from '../watches/object-events.ts';
import { PodLogs } from '../watches/pod-logs.ts';
import { ReleaseOrder } from '../versions/order/release-order.ts';
import { errorFacts, type Log } from '../pass/log.ts';
import type { DeployServices } from '../deploy/services.ts';
import { isStaleRead } from '../pass/failures/failures.ts';
import { durationMs } from '../pass/duration.ts';
import { nameOf, namespaceOf } from '../pass/key.ts';
import { withSteps } from '../pass/step.ts';
import { KnownSecrets } from '../masking/known-secrets.ts';
import { maskedEvents, maskedLog } from '../masking/outlets.ts';
import { Notices, type NoticeOptions } from '../notices/notices.ts';
import { KnownInputs } from '../versions/inputs/known-inputs.ts';
import { StatusRateLimiter } from '../status/status-rate-limiter.ts';
import { Writes } from '../pass/writes.ts';
import { releasesAffectedByPush } from '../charts/pushes.ts';
import { measuredSandbox } from '../metrics/measured-sandbox.ts';
import type { Metrics } from '../metrics/metrics.ts';
import type { Traces } from '../traces/traces.ts';
import { watchCluster } from './watch-cluster.ts';
import { keyOf, keyOfPreviewOf, watchOwn, watchPreviews, type OwnWatches } from './watch-own.ts';
import { Queue, type QueueObserver } from './queue.ts';
import type { ReconcileServices } from './reconcile.ts';
import { work } from './work.ts';
import { RecentPlans } from '../approval/recent-plans.ts';
import { FinishedPreviews, UnansweredPreviews } from '../preview/lifetime.ts';
import type { PreviewServices } from '../preview/services.ts';
import { KnownVersions } from '../history/known-versions.ts';
import { Records } from '../history/records.ts';
import { shareOf } from '../pass/budget.ts';
import { WorkingMemory } from '../pass/memory/working-memory.ts';
import { RecentGrants } from '../plan/permissions/recent-grants.ts';
import { Repairs } from '../plan/repairs.ts';
import { Comparisons } from '../plan/comparisons.ts';
import { LastApplies } from '../plan/last-applies.ts';

/** How a controller runs. */
export interface ControllerOptions {
  client: KubeClient;
  charts: ChartOptions;
  rendering: SandboxOptions;
  notices: NoticeOptions;
  /** Releases worked on at a time. */
  workers: number;
  /** Only these; all where none is named. */
  namespaces: readonly string[];
  /** How often to look for changes in what the cluster serves, if charts have asked for that. */
  discoveryIntervalMs: number;
  log: Log;
  metrics?: Metrics | undefined;
  traces?: Traces | undefined;
}

/** A running controller. */
export interface Controller {
  /** Whether its caches are filled, so that it is at work. */
  ready(): boolean;
  /**
   * Makes every Release that a push to one of these places affects look for it at once, whatever its interval; returns how many there are.
   */
  pushed(places: readonly ChartPlace[]): number;
  /** Takes no more work, finishes what is under way and frees everything. */
  stop(): Promise<void>;
}

const BACKOFF_MS = { first: 50, max: 60_000 };

/** Watches all Releases and reconciles them; resolves once its caches are filled. Throws KubeError. */
export async function startController(options: ControllerOptions): Promise<Controller> {
  const { client, workers, traces } = options;
  let isReady = false;
  const queue: Queue = new Queue((key) => recorded(options, key, () => work(services, key)), {
    workers,
    // Half of them, so that a tenant whose charts wait to be rendered leaves workers to the others.
    maxPerNamespace: options.namespaces.length === 1 ? workers : Math.ceil(workers / 2),
    backoff: BACKOFF_MS,
    onError: (key, error) => logFailure(services, key, error),
    observer: options.metrics && observerOf(options.metrics),
  });
  // Nothing is decided before everything is known: a Release without its histories would look like a new one.
  const enqueue = (key: string): void => {
    if (isReady && isKnown(namespaceOf(key))) queue.add(key);
  };
  const known = { versions: new KnownVersions(), order: new ReleaseOrder() };
  const previews = watchPreviews(options, enqueue);
  const { own, isKnown } = watchOwn(options, known, previews, enqueue);
  const cluster = watchCluster(options, enqueue);
  const services: ReconcileServices & PreviewServices = {
    ...own,
    ...known,
    previews,
    finishedPreviews: new FinishedPreviews(),
    unansweredPreviews: new UnansweredPreviews(),
    ...memory(options, enqueue, own, (namespace) => queue.restMs(namespace)),
    ...cluster,
    client,
  };
  const informers = Object.values(own);
  const watchers = [...informers, previews, cluster.offered];
  const filled = Promise.all([...informers.map((informer) => informer.synced), services.discovery.refresh()]);
  await filled.catch((error: unknown) => {
    for (const watcher of watchers) watcher.stop();
    throw error;
  });
  isReady = true;
  for (const release of own.releases.list()) services.children.name(keyOf(release), namedBy(release));
  for (const key of [...own.releases.list().map(keyOf), ...previews.list().map(keyOfPreviewOf)]) enqueue(key);
  services.log('info', 'ready', { releases: own.releases.list().length, workers });
  return {
    ready: () => isReady,
    pushed: (places) => announcePush({ ...services, traces, metrics: options.metrics }, places, enqueue),
    stop: async () => {
      isReady = false;
      await queue.stop();
      for (const each of [...watchers, services.children, services.objectEvents, services.notices]) each.stop();
      services.sandbox.close();
      await Promise.all([services.events.flush(), traces?.stop()]);
    },
  };
}

/** Does the work of a pass; its steps are measured, and noted if it is traced. */
async function recorded<T>(
  { metrics, traces }: Pick<ControllerOptions, 'metrics' | 'traces'>,
  key: string,
  pass: () => Promise<T>,
): Promise<T> {
  const work = async (): Promise<T> => (traces ? traces.pass(key, pass) : pass());
  if (!metrics) return work();
  const beganAt = Date.now();
  try {
    return await withSteps((step) => metrics.onStep(key, step), work);
  } finally {
    metrics.pushes.passed(key, beganAt);
  }
}

function logFailure({ log }: Pick<ReconcileServices, 'log'>, key: string, error: unknown): void {
  log(isStaleRead(error) ? 'debug' : 'error', 'pass failed', { release: key, ...errorFacts(error) });
}

function observerOf({ passes }: Pick<Metrics, 'passes'>): QueueObserver {
  return {
    added: (key) => passes.added(key),
    began: (key) => passes.began(key),
    ended: (key, end) => {
      if ('error' in end) passes.ended(key, isStaleRead(end.error) ? 'conflict' : 'failed');
      else passes.ended(key, end.afterMs === undefined ? 'done' : 'later');
    },
  };
}

/** Makes the Releases that the pushes affect look for what was pushed; returns how many there are. */
function announcePush(
  {
    charts,
    attempts,
    releases,
    traces,
    metrics,
  }: Pick<DeployServices, 'charts' | 'attempts' | 'releases'> & Pick<ControllerOptions, 'traces' | 'metrics'>,
  places: readonly ChartPlace[],
  enqueue: (key: string) => void,
): number {
  for (const place of places) charts.forget(place);
  const keys = releasesAffectedByPush(places, releases.list()).map(keyOf);
  const nowMs = Date.now();
  traces?.pushed(keys, nowMs);
  metrics?.pushes.reported(keys, nowMs);
  for (const key of keys) {
    attempts.forget(key);
    enqueue(key);
  }
  return keys.length;
}

/** What saves work between passes, and may be lost at any time. */
function memory(
  options: ControllerOptions,
  enqueue: (key: string) => void,
  { releases, accounts }: Pick<DeployServices, 'releases' | 'accounts'>,
  restMs: (namespace: string) => number,
): Omit<ReconcileServices, keyof OwnWatches | 'versions' | 'order' | 'client' | 'discovery' | 'answers' | 'offered'> {
  const { client, charts, rendering, metrics } = options;
  const onError = (error: unknown): void => options.log('warn', 'event could not be written', errorFacts(error));
  const renderers = createSandbox(rendering);
  const sandbox = metrics ? measuredSandbox(renderers, metrics.renders) : renderers;
  const secrets = new KnownSecrets();
  const log = maskedLog(options.log, secrets);
  const events = maskedEvents(eventRecorder(client, { controller: FIELD_MANAGER, onError }), secrets);
  const children = new Children(client, enqueue, { restMs });
  const limitBytes = shareOf('passes');
  const namespaceBytes = options.namespaces.length === 1 ? limitBytes : limitBytes / 2;
  const working = new WorkingMemory({ limitBytes, namespaceBytes, onRoom: enqueue });
  metrics?.followMemory(working);
  const telling = { client, accounts, events, log, enqueue, onTry: metrics?.onNotice };
  return {
    children,
    objectEvents: new ObjectEvents(client, enqueue, { budget: children.budget, restMs }),
    podLogs: new PodLogs(client, enqueue, async (key, text) => inTurns(secrets.maskOnlyInSteps(key, text))),
    charts: new Charts(charts, sandbox),
    sandbox,
    memory: working,
    records: new Records(client, working),
    inputs: new KnownInputs(),
    attempts: new Attempts({
      intervalMs: (key) => durationMs(releases.get(namespaceOf(key), nameOf(key))?.spec.interval ?? '10m'),
      mask: (key, text) => inTurns(secrets.maskInSteps(key, text)),
    }),
    rateLimiter: new StatusRateLimiter(),
    writes: new Writes(),
    comparisons: new Comparisons(),
    lastApplies: new LastApplies(),
    repairs: new Repairs(),
    plans: new RecentPlans(),
    grants: new RecentGrants(),
    events,
    notices: new Notices(telling, options.notices),
    secrets,
    log,
  };
}

/** The objects that a Release's status lists, including those of hooks: their names only, which are kept. */
function namedBy({ metadata: { namespace }, status }: Release): NamedObject[] {
  const children = (status?.resources ?? []).map(({ kind, namespace, name }) => ({ kind, namespace, name }));
  return [...children, ...(status?.hooks ?? []).map(({ kind, name }) => ({ kind, namespace, name }))];
}
