import type { InventoryEntry } from '../../crds/index.ts';
import { apiVersionOf, type ApiResource } from '../../kube/index.ts';
import { keyOf, keyOfObject, podSelectorOf, refOf } from '../../resources/index.ts';
import type { Observed } from '../pass/observed.ts';
import type { Desired, DesiredObject } from '../plan/desired.ts';
import { needsOfDeleting, needsOfDesired, needsOfSpec, type Need } from '../plan/permissions/needs.ts';
import { lackingPermissions } from '../plan/permissions/permissions.ts';
import type { PlanServices } from '../plan/services.ts';

/** What can be looked at with the permissions that the account has, and what cannot. */
export interface WithinRights {
  desired: Desired;
  inventory: InventoryEntry[];
  /** The objects that cannot be looked at. */
  unknown: InventoryEntry[];
  /** What the service account lacks. */
  lacking: Need[];
}

/** Sets aside what the service account lacks permissions for, so that the rest can be previewed. Throws KubeError. */
export async function withinRights(
  { discovery }: Pick<PlanServices, 'discovery'>,
  { release, tenant }: Observed,
  desired: Desired,
  inventory: InventoryEntry[],
  denied: readonly Need[],
): Promise<WithinRights> {
  const { namespace } = release.metadata;
  const deleting = await needsOfDeleting(discovery, namespace, inventory);
  const needs = [
    ...needsOfSpec(namespace, release.spec),
    ...needsOfDesired(namespace, desired),
    ...deleting,
    ...denied,
  ];
  const lacking = await lackingPermissions(tenant, needs);
  if (lacking.length === 0) return { desired, inventory, unknown: [], lacking };
  const isSeen = ({ object, resource }: DesiredObject): boolean =>
    !isLacking(lacking, resource) && !(arePodsLacking(lacking) && podSelectorOf(object) !== undefined);
  const hidden = await hiddenKinds(discovery, inventory, lacking);
  const isHidden = ({ group, kind }: InventoryEntry): boolean => hidden.has(`${group}/${kind}`);
  const seen = {
    ...desired,
    objects: desired.objects.filter(isSeen),
    definitions: desired.definitions.filter(isSeen),
    existing: desired.existing.filter(isSeen),
    hooks: desired.hooks.filter(isSeen),
  };
  const unseen = [...desired.definitions, ...desired.objects].filter((each) => !isSeen(each));
  return {
    desired: seen,
    inventory: withoutObjects(inventory, unseen).filter((entry) => !isHidden(entry)),
    unknown: [
      ...unseen.map(({ object }) => refOf(object)),
      ...withoutObjects(inventory, desired.objects).filter(isHidden),
    ],
    lacking,
  };
}

function isLacking(lacking: readonly Need[], { group, plural }: Pick<ApiResource, 'group' | 'plural'>): boolean {
  return lacking.some((need) => need.group === group && need.resource === plural && need.name === undefined);
}

/** The pods of workloads are watched. */
function arePodsLacking(lacking: readonly Need[]): boolean {
  return isLacking(lacking, { group: '', plural: 'pods' });
}

/** Of the kinds in an inventory, as `group/Kind`, those that permissions are missing for. */
async function hiddenKinds(
  discovery: Pick<PlanServices['discovery'], 'resourceFor'>,
  inventory: readonly InventoryEntry[],
  lacking: readonly Need[],
): Promise<ReadonlySet<string>> {
  const kinds = new Map(inventory.map((entry) => [`${entry.group}/${entry.kind}`, entry]));
  const hidden = new Set<string>();
  for (const [kind, entry] of kinds) {
    const resource = await discovery.resourceFor(apiVersionOf(entry), entry.kind);
    if (resource && isLacking(lacking, resource)) hidden.add(kind);
  }
  return hidden;
}

function withoutObjects(inventory: readonly InventoryEntry[], objects: readonly DesiredObject[]): InventoryEntry[] {
  const keys = new Set(objects.map(({ object }) => keyOfObject(object)));
  return inventory.filter((entry) => !keys.has(keyOf(entry)));
}
