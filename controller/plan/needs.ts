import type { ReleaseSpec } from '../../crds/index.ts';
import type { ApiResource, DeniedPermission } from '../../kube/index.ts';
import { podSelectorOf } from '../../resources/index.ts';
import type { Desired, Placed } from './desired.ts';

/** Something that a service account has to be allowed: on one object where `name` is given, else on all of its kind. */
export interface Need {
  verbs: readonly string[];
  group: string;
  /** A plural. */
  resource: string;
  name?: string;
  scope: 'namespace' | 'cluster';
}

/** What it takes to hold objects of these kinds. */
export function needsOfKinds(resources: readonly ApiResource[]): Need[] {
  return resources.map(({ group, plural, namespaced }) => ({
    verbs: ['watch', 'create', 'patch', 'delete'],
    group,
    resource: plural,
    scope: namespaced ? 'namespace' : 'cluster',
  }));
}

/** What it takes to look after the pods of workloads; nothing where there are none. */
function needsOfWorkloads(objects: readonly Placed[]): Need[] {
  const hasPods = objects.some(({ object }) => podSelectorOf(object) !== undefined);
  return hasPods ? [{ verbs: ['watch'], group: '', resource: 'pods', scope: 'namespace' }] : [];
}

/** What it takes to hold a desired state with its hooks. */
export function needsOfDesired({
  objects,
  pending,
  definitions,
  hooks,
}: Pick<Desired, 'objects' | 'pending' | 'definitions' | 'hooks'>): Need[] {
  const kinds = [...definitions, ...objects, ...pending, ...hooks].map(({ resource }) => resource);
  return [...needsOfKinds(kinds), ...needsOfWorkloads(objects)];
}

/** What it takes to read the objects that a spec names: sources of values, keys, credentials. */
export function needsOfSpec({ valuesFrom = [], chart }: ReleaseSpec): Need[] {
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
    scope: 'namespace',
  });
  return [
    ...sources.map(({ kind, name }) => reading('watch', kind, name)),
    ...(secretRef ? [reading('get', 'Secret', secretRef.name)] : []),
  ];
}

/** What was refused, as a need. */
export function needOf({ verb, resource, group, namespace }: DeniedPermission): Need {
  return { verbs: [verb], group, resource, scope: namespace === undefined ? 'cluster' : 'namespace' };
}
