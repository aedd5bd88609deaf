import type { Release, ResourceStatus } from '../../crds/index.ts';
import { atOnce, keyOf, type ObjectRef } from '../../resources/index.ts';
import { durationMs } from '../pass/duration.ts';
import type { Observed } from '../pass/observed.ts';
import type { Scope } from '../plan/scope.ts';
import { childrenHealth, type ChildrenHealth, type ChildrenHealthInput } from './children-health.ts';
import type { HealthChecks } from './health-checks.ts';
import { readyOf } from './news.ts';
import type { Progress } from './progress.ts';
import type { StatusServices } from './services.ts';

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
 * tell what they hold. A generator: it yields after each child, so that its caller can let others run.
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
  return yield* childrenHealth(progress.inventory, { ...input, knownOf: knownRows(observed.release, progress) });
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

/** The stored rows, where they are about the version and the spec of today. */
export function knownRows(
  release: Release,
  progress: Pick<Progress, 'operation'>,
): (ref: ObjectRef) => ResourceStatus | undefined {
  const { observedGeneration, resources = [] } = release.status ?? {};
  const isOfToday = isSettled(release, progress) && observedGeneration === release.metadata.generation;
  if (!isOfToday) return () => undefined;
  const rows = new Map(resources.map((row) => [keyOf(row), row]));
  return (ref) => rows.get(keyOf(ref));
}

/** Whether not all is known of the children, the stored status says that all is well, and nothing is under way that would make it old. */
export function mayStandUntilKnown(
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
