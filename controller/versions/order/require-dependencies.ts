import { CelSyntaxError } from '../../../golang/cel/index.ts';
import { listed, withoutUndefined } from '../../../resources/index.ts';
import { inTurn } from '../../../turns/index.ts';
import { earliest } from '../../pass/earliest.ts';
import { nameOf } from '../../pass/key.ts';
import type { Observed } from '../../pass/observed.ts';
import { ReleaseError } from '../../pass/failures/errors.ts';
import type { VersionServices } from '../services.ts';
import {
  objectsIn,
  releaseNamesIn,
  titleOfDependency,
  whyObjectIsNot,
  whyReleaseIsNot,
  type ObjectDependency,
  type Unready,
} from './dependency.ts';

type Services = Pick<VersionServices, 'children' | 'discovery' | 'order' | 'releases' | 'secrets'>;

const MAX_NAMED = 5;

/**
 * Throws ReleaseError DependencyNotReady until all that `spec.dependsOn` names is ready, DependencyCycle if the Release depends on itself;
 * ReleaseError and KubeError if an object cannot be watched. A change of that brings the Release back by an event, or at the time that the
 * error names.
 */
export async function requireDependencies(services: Services, observed: Observed): Promise<void> {
  const { key, release } = observed;
  if ((release.spec.dependsOn ?? []).length === 0) return services.order.setWaiting(key, false);
  // Before anything is read: what changes after that has an event of its own.
  services.order.setWaiting(key, true);
  const cycle = services.order.cycleOf(key);
  if (cycle) throw cycleError(cycle);
  const unready = [...unreadyReleases(services, observed), ...(await unreadyObjects(services, observed))];
  if (unready.length > 0) throw notReady(unready);
  services.order.setWaiting(key, false);
}

function unreadyReleases({ releases }: Services, { release: { metadata, spec } }: Observed): Unready[] {
  return releaseNamesIn(spec).flatMap((name) => {
    const why = whyReleaseIsNot(releases.get(metadata.namespace, name));
    return why === undefined ? [] : [{ why: `${titleOfDependency({ name })} ${why}` }];
  });
}

async function unreadyObjects(services: Services, observed: Observed): Promise<Unready[]> {
  const unready: Unready[] = [];
  for (const dependency of objectsIn(observed.release.spec)) {
    const found = await whyNot(services, observed, dependency);
    if (found) unready.push({ ...found, why: `${titleOfDependency(dependency)} ${found.why}` });
  }
  return unready;
}

async function whyNot(
  { children, discovery, secrets }: Services,
  { key, user, release }: Observed,
  dependency: ObjectDependency,
): Promise<Unready | undefined> {
  const { apiVersion, kind, name } = dependency;
  const { namespace } = release.metadata;
  const resource = await discovery.resourceFor(apiVersion, kind);
  if (!resource) {
    const message = `spec.dependsOn names ${kind}/${name}, but the cluster has no ${kind} in ${apiVersion}`;
    throw new ReleaseError('KindNotFound', message);
  }
  if (!resource.namespaced) {
    const message = `spec.dependsOn names ${kind}/${name}, which is cluster-scoped: only objects of namespace ${namespace} can be named`;
    throw new ReleaseError('Refused', message);
  }
  await children.watch({ key, user, named: [{ resource, name }] });
  const object = children.named(user, resource, namespace, name);
  // Before it is evaluated: nothing that is said of it may reveal what it holds.
  if (object?.kind === 'Secret') secrets.learnObject(key, object);
  try {
    return await inTurn(() => whyObjectIsNot(dependency, object, resource.hasStatus ?? false));
  } catch (cause) {
    if (!(cause instanceof CelSyntaxError)) throw cause;
    const message = `spec.dependsOn: the expression for ${kind}/${name} cannot be read: ${cause.message}`;
    throw new ReleaseError('Refused', message, { cause });
  }
}

function cycleError(cycle: readonly string[]): ReleaseError {
  const path = cycle.map(nameOf).join(' -> ');
  const message = `Releases depend on each other: ${path}: remove one of them from the spec.dependsOn of the one before it`;
  return new ReleaseError('DependencyCycle', message);
}

function notReady(unready: readonly Unready[]): ReleaseError {
  const causes = unready.map(({ why }) => why);
  const message = `waiting for what spec.dependsOn names: ${listed(causes, MAX_NAMED)}`;
  const changesAt = earliest(...unready.map((each) => each.changesAt));
  return new ReleaseError('DependencyNotReady', message, withoutUndefined({ retry: 'soon' as const, changesAt }));
}

/**
 * The names of the Releases that depend on one and are being deleted themselves: they go first, unless each depends on the other.
 */
export function dependantsBeingDeleted(
  { order, releases }: Pick<Services, 'order' | 'releases'>,
  { key, release }: Observed,
): string[] {
  const { namespace } = release.metadata;
  // Before anything is read: what changes after that has an event of its own.
  order.setWaiting(key, true);
  const leaving = order
    .dependantsOf(key)
    .filter((other) => releases.get(namespace, nameOf(other))?.metadata.deletionTimestamp !== undefined);
  const needed = leaving.length === 0 ? new Set<string>() : order.neededBy(key);
  const names = leaving.filter((other) => !needed.has(other)).map(nameOf);
  if (names.length === 0) order.setWaiting(key, false);
  return names;
}
