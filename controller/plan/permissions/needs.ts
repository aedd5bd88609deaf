import type { InventoryEntry, ReleaseSpec } from '../../../crds/index.ts';
import { apiVersionOf, type ApiResource, type DeniedPermission, type Discovery } from '../../../kube/index.ts';
import { podSelectorOf } from '../../../resources/index.ts';
import type { Desired, DesiredObject } from '../desired.ts';

/** Verbs that a service account must be allowed: on one object if `name` is given, else on all of the kind. */
export interface Need {
  verbs: readonly string[];
  group: string;
  /** The plural name of the kind, as in RBAC rules. */
  resource: string;
  name?: string;
  /** Undefined for the whole cluster. */
  namespace: string | undefined;
}

const HOLDING = ['watch', 'create', 'patch', 'delete'];
const DELETING = ['watch', 'delete'];

/** The permissions needed to hold objects of these kinds, or to use other `verbs` on them. */
export function needsOfKinds(namespace: string, resources: readonly ApiResource[], verbs = HOLDING): Need[] {
  return resources.map(({ group, plural, namespaced }) => ({
    verbs,
    group,
    resource: plural,
    namespace: namespaced ? namespace : undefined,
  }));
}

/** The permissions needed to hold a desired state with its hooks, and to watch the pods of its workloads. */
export function needsOfDesired(
  namespace: string,
  {
    objects,
    pending,
    definitions,
    existing,
    hooks,
  }: Pick<Desired, 'objects' | 'pending' | 'definitions' | 'existing' | 'hooks'>,
): Need[] {
  const kinds = [...definitions, ...existing, ...objects, ...pending, ...hooks].map(({ resource }) => resource);
  return [...needsOfKinds(namespace, kinds), ...needsOfWorkloads(namespace, objects)];
}

function needsOfWorkloads(namespace: string, objects: readonly DesiredObject[]): Need[] {
  const hasPods = objects.some(({ object }) => podSelectorOf(object) !== undefined);
  return hasPods ? [{ verbs: ['watch'], group: '', resource: 'pods', namespace }] : [];
}

/** The permissions needed to delete what an inventory lists, as far as its kinds are served. Throws KubeError. */
export async function needsOfDeleting(
  discovery: Discovery,
  namespace: string,
  inventory: readonly InventoryEntry[],
): Promise<Need[]> {
  const resources = await Promise.all(inventory.map((entry) => discovery.resourceFor(apiVersionOf(entry), entry.kind)));
  const served = resources.filter((resource) => resource !== undefined);
  return needsOfKinds(namespace, served, DELETING);
}

/** The permissions needed to read the objects that a spec names: sources of values, keys, credentials. */
export function needsOfSpec(namespace: string, { valuesFrom = [], chart }: ReleaseSpec): Need[] {
  const { secretRef, verify } = chart;
  const sources = [
    ...valuesFrom,
    ...(verify?.secretRef ? [{ kind: 'Secret', name: verify.secretRef.name }] : []),
    ...(verify?.configMapRef ? [{ kind: 'ConfigMap', name: verify.configMapRef.name }] : []),
  ];
  const reading = (verb: string, kind: string, name: string): Need => ({
    verbs: [verb],
    group: '',
    resource: kind === 'Secret' ? 'secrets' : 'configmaps',
    name,
    namespace,
  });
  return [
    ...sources.map(({ kind, name }) => reading('watch', kind, name)),
    ...(secretRef ? [reading('get', 'Secret', secretRef.name)] : []),
  ];
}

/** A refused permission as a need: on one object if its name is given. */
export function needOf({ verb, resource, group, namespace }: DeniedPermission, name?: string): Need {
  return { verbs: [verb], group, resource, namespace, ...(name === undefined ? {} : { name }) };
}

/** `needs`, and what was refused if it is none of them: another verb, say, on a kind that is among them. */
export function withDenied(needs: readonly Need[], denied: DeniedPermission): Need[] {
  const { verb, group, resource, namespace } = denied;
  const isNamed = needs.some(
    (need) =>
      need.group === group && need.resource === resource && need.namespace === namespace && need.verbs.includes(verb),
  );
  return isNamed ? [...needs] : [...needs, needOf(denied)];
}
