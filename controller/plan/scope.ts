import type { InventoryEntry } from '../../crds/index.ts';
import { apiVersionOf, isKubeError, type ApiResource } from '../../kube/index.ts';
import {
  keyOf,
  planFor,
  podSelectorOf,
  refOf,
  type KubeObject,
  type ObjectRef,
  type Plan,
} from '../../resources/index.ts';
import type { Observed } from '../pass/observed.ts';
import type { PlanServices } from './services.ts';
import type { Desired, Placed } from './desired.ts';
import { ReleaseError, StaleCatalog } from '../pass/failures/errors.ts';
import { ownerOf } from '../pass/ownership.ts';
import { inTurns } from '../pass/turns.ts';
import { unservedIn, type Unserved } from './unserved.ts';

/** The objects that a pass is about, each with the resource type that serves it, and what is live of them. */
export interface Scope {
  /** By key of the reference; what no served kind can hold any more is not in it. */
  resources: Map<string, ApiResource>;
  live: (ref: ObjectRef) => KubeObject | undefined;
  /** By key, what cannot be corrected or deleted since its kind is not served, or not as it was applied; and why. */
  unserved: ReadonlyMap<string, Unserved>;
}

/** Watches all kinds of the desired state and of the inventory, as the tenant. Throws KubeError. */
export async function openScope(
  services: Pick<PlanServices, 'children' | 'discovery'>,
  observed: Observed,
  desired: Desired,
  inventory: InventoryEntry[],
): Promise<Scope> {
  const placed = [...desired.definitions, ...desired.objects, ...desired.hooks.filter(isServed)];
  const { resources, objects, unreachable } = await resourcesOf(services, placed, inventory);
  const selectors = desired.objects.flatMap(({ object }) => podSelectorOf(object) ?? []);
  const { key, user } = observed;
  const kinds = distinct(resources.values());
  await withServedKinds(services, kinds, () =>
    services.children.watch({ key, user, resources: kinds, objects, selectors }),
  );
  for (const { object, resource } of placed) {
    services.children.checkRoom(user, resource, object.metadata.namespace, object.metadata.name);
  }
  // Of what was owned beside, what is not known to exist would be left behind.
  for (const ref of objects.slice(placed.length)) {
    const resource = resources.get(keyOf(ref));
    if (resource) services.children.checkKnown(user, resource, ref.namespace, ref.name);
  }
  const live = (ref: ObjectRef): KubeObject | undefined => {
    const resource = resources.get(keyOf(ref));
    return resource && services.children.live(observed.user, resource, ref.namespace, ref.name);
  };
  return { resources, live, unserved: await inTurns(unservedIn(desired, inventory, unreachable, live)) };
}

/**
 * Does what needs these kinds to be served. Where one is not, the catalog is read again; throws StaleCatalog if that is news, so that
 * another pass finds the kind elsewhere or nowhere.
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

/** What has to be done so that exactly the desired objects are there, and what may not be since others own it. */
export async function planIn(
  scope: Scope,
  services: Pick<PlanServices, 'comparisons' | 'applies' | 'repairs'>,
  observed: Observed,
  desired: Desired,
  inventory: InventoryEntry[],
  finished: ReadonlyMap<string, unknown> = new Map(),
): Promise<Plan> {
  const planning = planFor({
    desired: desired.objects.map(({ object }) => object),
    inventory: inventory.filter((entry) => !scope.unserved.has(keyOf(entry))),
    live: scope.live,
    owner: ownerOf(observed.release),
    compare: services.comparisons.compare,
    unownable: (live) => services.applies.unownableIn(live),
    isAppliedByOthers: (live) => services.applies.isByOthers(live),
    isFinished: (object) => finished.has(keyOf(refOf(object))),
    isPaused: (object, path) => services.repairs.isPaused(observed.key, object, path),
  });
  return inTurns(planning);
}

/** Throws ReleaseError AlreadyExists where a plan is about what others own. */
export function checkRefusals({ refusals }: Plan): void {
  if (refusals.length === 0) return;
  throw new ReleaseError('AlreadyExists', refusals.map((refusal) => refusal.message).join('; '));
}

/** What there will be once a desired state is reached: its objects, and what of the inventory nobody can take away. */
export function inventoryOf(desired: Desired, { unserved }: Scope, inventory: InventoryEntry[]): InventoryEntry[] {
  return [
    ...desired.objects.map(({ object }) => refOf(object)),
    ...inventory.filter((entry) => unserved.has(keyOf(entry))),
  ];
}

/** A kind that the version's own definitions are still to bring has no verbs. */
function isServed({ resource }: Placed): boolean {
  return resource.verbs.length > 0;
}

/**
 * All that is placed and then what else was owned, with the resource types by key, in whatever version they are served; what cannot
 * be reached is returned separately.
 */
async function resourcesOf(
  { discovery }: Pick<PlanServices, 'discovery'>,
  placed: Placed[],
  inventory: InventoryEntry[],
): Promise<{ resources: Map<string, ApiResource>; objects: ObjectRef[]; unreachable: Set<string> }> {
  const unreachable = new Set<string>();
  const resources = new Map<string, ApiResource>();
  const objects: ObjectRef[] = [];
  for (const { object, resource } of placed) {
    const ref = refOf(object);
    objects.push(ref);
    resources.set(keyOf(ref), resource);
  }
  for (const entry of inventory) {
    const key = keyOf(entry);
    if (resources.has(key)) continue;
    const { group, kind } = entry;
    const exact = await discovery.resourceFor(apiVersionOf(entry), kind);
    const resource = exact ?? (await discovery.resourceOfKind(group, kind));
    if (resource) {
      resources.set(key, resource);
      objects.push(entry);
    } else if (await discovery.mayStand(group, kind)) unreachable.add(key);
  }
  return { resources, objects, unreachable };
}

function distinct(resources: Iterable<ApiResource>): ApiResource[] {
  const byName = new Map([...new Set(resources)].map((resource) => [JSON.stringify(resource), resource]));
  return [...byName.values()];
}
