import type { InventoryEntry } from '../../crds/index.ts';
import type { ApiResource } from '../../kube/index.ts';
import {
  keyOf,
  planFor,
  podSelectorOf,
  refOf,
  type KubeObject,
  type ObjectRef,
  type Plan,
} from '../../resources/index.ts';
import type { Context, Pass } from '../pass/context.ts';
import type { Desired, Placed } from './desired.ts';
import { ReleaseError } from '../pass/errors.ts';
import { ownerOf } from '../pass/ownership.ts';

/** The objects that a pass is about, each with the resource type that serves it, and what is live of them. */
export interface Scope {
  /** By key of the reference; what no served kind can hold any more is not in it. */
  resources: Map<string, ApiResource>;
  live: (ref: ObjectRef) => KubeObject | undefined;
}

/** Watches all kinds of the desired state and of the inventory, as the tenant. Throws KubeError. */
export async function openScope(
  context: Context,
  pass: Pass,
  desired: Desired,
  inventory: InventoryEntry[],
): Promise<Scope> {
  const placed = [...desired.definitions, ...desired.objects, ...desired.hooks];
  const resources = await resourcesOf(context, placed, inventory);
  const selectors = desired.objects.flatMap(({ object }) => podSelectorOf(object) ?? []);
  const objects = [...placed.map(({ object }) => refOf(object)), ...inventory];
  const { key, user } = pass;
  await context.children.look({ key, user, resources: distinct(resources.values()), objects, selectors });
  for (const { object, resource } of placed) {
    context.children.checkRoom(user, resource, object.metadata.namespace, object.metadata.name);
  }
  const live = (ref: ObjectRef): KubeObject | undefined => {
    const resource = resources.get(keyOf(ref));
    return resource && context.children.live(pass.user, resource, ref.namespace, ref.name);
  };
  return { resources, live };
}

/** What has to be done so that exactly the desired objects are there. Throws ReleaseError AlreadyExists for what others own. */
export function planIn(
  scope: Scope,
  context: Context,
  pass: Pass,
  desired: Desired,
  inventory: InventoryEntry[],
): Plan {
  const plan = planFor({
    desired: desired.objects.map(({ object }) => object),
    inventory,
    live: scope.live,
    owner: ownerOf(pass.release),
    tolerated: (ref) => context.tolerated.pathsOf(scope.live(ref)),
    isHeld: (object, path) => context.repairs.isHeld(pass.key, object, path),
  });
  if (plan.refusals.length === 0) return plan;
  throw new ReleaseError('AlreadyExists', plan.refusals.map((refusal) => refusal.message).join('; '));
}

/** The inventory of a desired state. */
export function inventoryOf(desired: Desired): InventoryEntry[] {
  return desired.objects.map(({ object }) => refOf(object));
}

async function resourcesOf(
  context: Context,
  placed: Placed[],
  inventory: InventoryEntry[],
): Promise<Map<string, ApiResource>> {
  const resources = new Map(placed.map(({ object, resource }) => [keyOf(refOf(object)), resource]));
  for (const entry of inventory) {
    if (resources.has(keyOf(entry))) continue;
    const apiVersion = entry.group === '' ? entry.version : `${entry.group}/${entry.version}`;
    const resource = await context.discovery.resourceFor(apiVersion, entry.kind);
    if (resource) resources.set(keyOf(entry), resource);
  }
  return resources;
}

function distinct(resources: Iterable<ApiResource>): ApiResource[] {
  const byName = new Map([...resources].map((resource) => [JSON.stringify(resource), resource]));
  return [...byName.values()];
}
