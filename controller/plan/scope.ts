import type { InventoryEntry } from '../../crds/index.ts';
import { apiVersionOf, isKubeError, type ApiResource } from '../../kube/index.ts';
import {
  keyOf,
  keyOfObject,
  planFor,
  podSelectorOf,
  refOf,
  type KubeObject,
  type ObjectRef,
  type Plan,
} from '../../resources/index.ts';
import { inTurns } from '../../turns/index.ts';
import type { Observed } from '../pass/observed.ts';
import type { PlanServices } from './services.ts';
import { isServed, type Desired, type DesiredObject } from './desired.ts';
import { ignoredBy } from './ignore-rules.ts';
import { ReleaseError, StaleCatalog } from '../pass/failures/errors.ts';
import { ownerOf } from '../pass/ownership.ts';
import { unservedIn, type Unserved } from './unserved.ts';

/** The objects that a pass deals with: the resource type that serves each, and their live state. */
export interface Scope {
  /** By key of the reference, without the objects whose kind is no longer served. */
  resources: Map<string, ApiResource>;
  live: (ref: ObjectRef) => KubeObject | undefined;
  /** By key, what cannot be corrected or deleted, and why: its kind is not served, or not in the version that was applied. */
  unserved: ReadonlyMap<string, Unserved>;
}

/** Watches all kinds of the desired state and of the inventory, as the tenant. Throws KubeError. */
export async function openScope(
  services: Pick<PlanServices, 'children' | 'discovery'>,
  observed: Observed,
  desired: Desired,
  inventory: InventoryEntry[],
): Promise<Scope> {
  const desiredObjects = [...desired.definitions, ...desired.objects, ...desired.hooks.filter(isServed)];
  const { resources, objects, unreachable } = await resourcesOf(services, desiredObjects, inventory);
  const selectors = desired.objects.flatMap(({ object }) => podSelectorOf(object) ?? []);
  const { key, user } = observed;
  const kinds = distinct(resources.values());
  await withServedKinds(services, kinds, () =>
    services.children.watch({ key, user, resources: kinds, objects, selectors }),
  );
  for (const { object, resource } of desiredObjects) {
    services.children.requireKeptInFull(user, resource, object.metadata.namespace, object.metadata.name);
  }
  // An object that only the inventory lists would be left behind if it were not known whether it exists.
  for (const ref of objects.slice(desiredObjects.length)) {
    const resource = resources.get(keyOf(ref));
    if (resource) services.children.requireExistenceKnown(user, resource, ref.namespace, ref.name);
  }
  const live = (ref: ObjectRef): KubeObject | undefined => {
    const resource = resources.get(keyOf(ref));
    return resource && services.children.live(observed.user, resource, ref.namespace, ref.name);
  };
  return { resources, live, unserved: await inTurns(unservedIn(desired, inventory, unreachable, live)) };
}

/**
 * Does `work`, which needs these kinds to be served. If one is not, reads the catalog again. Throws StaleCatalog if that kind is gone from
 * the catalog, so that another pass finds it elsewhere or nowhere.
 */
export async function withServedKinds<T>(
  { discovery }: Pick<PlanServices, 'discovery'>,
  kinds: readonly ApiResource[],
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!isKubeError(error, 'NotServed')) throw error;
    await discovery.refresh();
    for (const resource of kinds) {
      const found = await discovery.resourceFor(apiVersionOf(resource), resource.kind);
      if (found === undefined) throw new StaleCatalog(error.message, { cause: error });
    }
    throw error;
  }
}

/** What has to be done so that exactly the desired objects exist, and what may not be done because others own the objects. */
export async function planIn(
  scope: Scope,
  services: Pick<PlanServices, 'comparisons' | 'lastApplies'> & { repairs: Pick<PlanServices['repairs'], 'isPaused'> },
  observed: Observed,
  desired: Desired,
  inventory: InventoryEntry[],
  finished: ReadonlyMap<string, unknown> = new Map(),
): Promise<Plan> {
  const planning = planFor({
    desired: desired.objects.map(({ object }) => object),
    inventory: servedIn(inventory, scope),
    live: scope.live,
    owner: ownerOf(observed.release),
    adoption: observed.release.spec.adopt,
    compare: services.comparisons.compare,
    isInSync: (object, live) => services.comparisons.isInSync(object, live),
    unownable: (live) => services.lastApplies.unownableIn(live),
    isAppliedByOthers: (live) => services.lastApplies.isAppliedByOthers(live),
    isFinished: (object) => finished.has(keyOfObject(object)),
    ignored: ignoredBy(observed.release.spec.ignore),
    isPaused: (object, path) => services.repairs.isPaused(observed.key, object, path),
  });
  return inTurns(planning);
}

/** Throws ReleaseError AlreadyExists if a plan has refusals: objects that others own. */
export function checkRefusals({ refusals }: Plan): void {
  if (refusals.length === 0) return;
  throw new ReleaseError('AlreadyExists', refusals.map((refusal) => refusal.message).join('; '));
}

/** The inventory once a desired state is reached: its objects, and the old entries that cannot be corrected or deleted. */
export function inventoryOf(desired: Desired, { unserved }: Scope, inventory: InventoryEntry[]): InventoryEntry[] {
  const wanted = desired.objects.map(({ object }) => refOf(object));
  return unserved.size === 0 ? wanted : [...wanted, ...inventory.filter((entry) => unserved.has(keyOf(entry)))];
}

function servedIn(inventory: InventoryEntry[], { unserved }: Scope): InventoryEntry[] {
  return unserved.size === 0 ? inventory : inventory.filter((entry) => !unserved.has(keyOf(entry)));
}

/**
 * All desired objects and then the rest of the inventory, with their resource types by key, in whatever version each is served. What cannot
 * be reached is returned separately.
 */
async function resourcesOf(
  { discovery }: Pick<PlanServices, 'discovery'>,
  desiredObjects: DesiredObject[],
  inventory: InventoryEntry[],
): Promise<{ resources: Map<string, ApiResource>; objects: ObjectRef[]; unreachable: Set<string> }> {
  const unreachable = new Set<string>();
  const resources = new Map<string, ApiResource>();
  const objects: ObjectRef[] = [];
  for (const { object, resource } of desiredObjects) {
    const ref = refOf(object);
    objects.push(ref);
    resources.set(keyOf(ref), resource);
  }
  for (const [index, entry] of inventory.entries()) {
    if (entry === objects[index]) continue;
    const key = keyOf(entry);
    if (resources.has(key)) continue;
    const { group, kind } = entry;
    const exact = await discovery.resourceFor(apiVersionOf(entry), kind);
    const resource = exact ?? (await discovery.resourceOfKind(group, kind));
    if (resource) {
      resources.set(key, resource);
      objects.push(entry);
    } else if (await discovery.mayHaveObjects(group, kind)) unreachable.add(key);
  }
  return { resources, objects, unreachable };
}

function distinct(resources: Iterable<ApiResource>): ApiResource[] {
  const byName = new Map([...new Set(resources)].map((resource) => [JSON.stringify(resource), resource]));
  return [...byName.values()];
}
