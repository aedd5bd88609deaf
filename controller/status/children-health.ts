import type { InventoryEntry, Release, ResourceStatus } from '../../crds/index.ts';
import {
  atOnce,
  eventSubjectsOf,
  healthOf,
  isSameRef,
  keyOf,
  type EndedRun,
  type EventsAbout,
  type EventSubject,
  type KubeObject,
  type ObjectRef,
  type Verdict,
} from '../../resources/index.ts';
import { durationMs } from '../pass/duration.ts';
import type { Observed } from '../pass/observed.ts';
import type { Scope } from '../plan/scope.ts';
import type { HealthChecks } from './health-checks.ts';
import { readyOf } from './status-changes.ts';
import type { Progress } from './progress.ts';
import type { StatusServices } from './services.ts';

/** What the health of children is derived from. */
export interface ChildrenHealthInput {
  live: (ref: ObjectRef) => KubeObject | undefined;
  /** Whether a kind is served with a status. */
  hasStatus: (ref: ObjectRef) => boolean;
  pods: readonly KubeObject[];
  eventsAbout: EventsAbout;
  /** Milliseconds since the epoch. */
  now: number;
  /** How long trouble that may pass by itself may last before it is Red, in milliseconds. */
  redAfterMs: number;
  /** The last line of a run's log, where it is known. */
  lastLineOf: (run: EndedRun) => string | undefined;
  /** What decides the health of a child before the rule of its kind; undefined where nothing does. */
  checkOf: (ref: ObjectRef) => ((object: KubeObject) => Verdict | undefined) | undefined;
  /** What was known of a child before, which stands for as long as its check is not evaluated; undefined where nothing may stand. */
  knownOf: (ref: ObjectRef) => ResourceStatus | undefined;
}

/** The health of the children of a Release. */
export interface ChildrenHealth {
  resources: ResourceStatus[];
  /** Objects whose Events may say why children are not healthy. */
  eventSubjects: EventSubject[];
  /** Runs of containers whose logs may say why. */
  runs: EndedRun[];
  /** When a health next changes by time alone (milliseconds since the epoch). */
  changesAt: number | undefined;
  /** Whether there are children whose check is not evaluated yet, and of which nothing was known before. */
  isPartial: boolean;
}

/**
 * The health of each object of an inventory, in its order, by the very rows of `stored` where they are as before. A generator: it yields
 * after each, so that its caller can let others run.
 */
export function* childrenHealth(
  inventory: readonly InventoryEntry[],
  input: ChildrenHealthInput,
  stored: readonly ResourceStatus[] = [],
): Generator<undefined, ChildrenHealth> {
  const resources: ResourceStatus[] = [];
  const eventSubjects: EventSubject[] = [];
  const runs: EndedRun[] = [];
  let changesAt = Infinity;
  let isPartial = false;
  for (const [index, entry] of inventory.entries()) {
    const { verdict, subjects } = childHealth(entry, input);
    const known = verdict.isPending ? input.knownOf(entry) : undefined;
    isPartial ||= verdict.isPending === true && known === undefined;
    resources.push(rowOf(entry, known ?? verdict, stored[index]));
    eventSubjects.push(...subjects);
    if (verdict.run) runs.push(verdict.run);
    changesAt = Math.min(changesAt, verdict.changesAt ?? Infinity);
    yield;
  }
  return { resources, eventSubjects, runs, changesAt: changesAt === Infinity ? undefined : changesAt, isPartial };
}

/** In most passes a row is as it is stored: then there is nothing to mask in it or to compare. */
function rowOf(
  entry: InventoryEntry,
  { health, message }: Pick<Verdict, 'health' | 'message'>,
  stored: ResourceStatus | undefined,
): ResourceStatus {
  if (stored && isSameRef(entry, stored) && stored.health === health && stored.message === message) {
    if (stored.finished === undefined && stored.standby === undefined) return stored;
  }
  return message === undefined ? { ...entry, health } : { ...entry, health, message };
}

function childHealth(
  entry: InventoryEntry,
  { live, hasStatus, pods, eventsAbout, now, redAfterMs, lastLineOf, checkOf }: ChildrenHealthInput,
): { verdict: Verdict; subjects: EventSubject[] } {
  const object = live(entry);
  if (!object) return { verdict: { health: 'Yellow', message: 'not found' }, subjects: [] };
  const context = { pods, hasStatus: hasStatus(entry), now, redAfterMs, lastLineOf, check: checkOf(entry) };
  const verdict = healthOf(object, context);
  if (verdict.health === 'Green' && verdict.unlessEvents !== true) return { verdict, subjects: [] };
  // Returned whatever the Events say: what is healthy because of them would otherwise lose them, and no longer be healthy.
  return { verdict: healthOf(object, { ...context, eventsAbout }), subjects: eventSubjectsOf(object, pods) };
}

type Services = Pick<StatusServices, 'children' | 'objectEvents' | 'podLogs'>;
type Checks = Pick<HealthChecks, 'checkOf'>;

/** Some children, at once; undefined if they could not be read. For a few: all of them are read in steps. */
export function childrenOf(
  services: Services,
  observed: Observed,
  { progress, scope }: { progress: Pick<Progress, 'inventory'>; scope: Scope | undefined },
  checks: Checks,
  now: Date,
): ChildrenHealth | undefined {
  if (!scope) return undefined;
  return atOnce(childrenHealth(progress.inventory, inputOf(services, observed, scope, checks, now)));
}

/**
 * The health of all children; undefined if they could not be read. The Secrets that a check reads are learnt before it: its message may
 * reveal what they hold. A generator: it yields after each child, so that its caller can let others run.
 */
export function* childrenInSteps(
  services: Services & Pick<StatusServices, 'secrets'>,
  observed: Observed,
  { progress, scope }: { progress: Progress; scope: Scope | undefined },
  checks: Checks,
  now: Date,
): Generator<undefined, ChildrenHealth | undefined> {
  if (!scope) return undefined;
  for (const entry of progress.inventory) {
    const secret = entry.kind === 'Secret' && checks.checkOf(entry) ? scope.live(entry) : undefined;
    if (secret) services.secrets.learnObject(observed.key, secret);
  }
  const input = inputOf(services, observed, scope, checks, now);
  const { release } = observed;
  const knownOf = knownRows(release, progress);
  return yield* childrenHealth(progress.inventory, { ...input, knownOf }, release.status?.resources);
}

function inputOf(
  services: Services,
  { key, user, release }: Observed,
  scope: Scope,
  { checkOf }: Checks,
  now: Date,
): ChildrenHealthInput {
  return {
    live: scope.live,
    hasStatus: (ref) => scope.resources.get(keyOf(ref))?.hasStatus ?? false,
    pods: services.children.pods(user, release.metadata.namespace),
    eventsAbout: services.objectEvents.about(key),
    now: now.getTime(),
    redAfterMs: durationMs(release.spec.redAfter),
    lastLineOf: services.podLogs.lastLineOf(key),
    checkOf,
    knownOf: () => undefined,
  };
}

/** The stored rows, if they are about the present version and spec. */
export function knownRows(
  release: Release,
  progress: Pick<Progress, 'operation'>,
): (ref: ObjectRef) => ResourceStatus | undefined {
  const { observedGeneration, resources = [] } = release.status ?? {};
  const isOfToday = isSettled(release, progress) && observedGeneration === release.metadata.generation;
  if (!isOfToday) return () => undefined;
  // Most passes ask for none.
  let rows: Map<string, ResourceStatus> | undefined;
  return (ref) => {
    rows ??= new Map(resources.map((row) => [keyOf(row), row]));
    return rows.get(keyOf(ref));
  };
}

/**
 * Whether not everything is known of the children, but the stored status says that all is healthy, and nothing is under way that would make
 * it outdated.
 */
export function staysReadyUntilKnown(
  release: Release,
  { progress }: { progress: Pick<Progress, 'operation'> },
  children: Pick<ChildrenHealth, 'isPartial'> | undefined,
): boolean {
  if (!children?.isPartial) return false;
  return isSettled(release, progress) && readyOf(release.status)?.status === 'True';
}

/** Whether the operation was done before this pass, and no other one has begun. */
function isSettled({ status }: Release, { operation }: Pick<Progress, 'operation'>): boolean {
  const stored = status?.operation;
  return stored?.phase === 'Done' && operation?.phase === 'Done' && stored.startedAt === operation.startedAt;
}
