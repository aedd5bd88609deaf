import { KubeError } from './errors.ts';

/** One resource type that the API server serves; `group` is empty for the core group. */
export interface ApiResource {
  group: string;
  version: string;
  kind: string;
  plural: string;
  namespaced: boolean;
  verbs: string[];
  /** Whether its objects have a status, served as a subresource. */
  hasStatus?: boolean;
}

/** The resource as RBAC and kubectl write it: `deployments.apps`, `secrets`. */
export function resourceName({ plural, group }: Pick<ApiResource, 'plural' | 'group'>): string {
  return group === '' ? plural : `${plural}.${group}`;
}

/** The `apiVersion` of the resource's objects: `apps/v1`, `v1`. */
export function apiVersionOf({ group, version }: Pick<ApiResource, 'group' | 'version'>): string {
  return group === '' ? version : `${group}/${version}`;
}

/** The path of the resource's collection: all namespaces where it is namespaced and `namespace` is undefined. */
export function collectionPath(resource: ApiResource, namespace: string | undefined): string {
  const root = resource.group === '' ? '/api' : `/apis/${segment('API group', resource.group)}`;
  const scope = resource.namespaced && namespace !== undefined ? `/namespaces/${segment('namespace', namespace)}` : '';
  return `${root}/${segment('API version', resource.version)}${scope}/${segment('resource', resource.plural)}`;
}

/**
 * The path of one object; throws KubeError BadRequest for a name that would not stay one segment of a path, and for a
 * namespaced resource without a namespace.
 */
export function objectPath(
  resource: ApiResource,
  namespace: string | undefined,
  name: string,
  subresource?: string,
): string {
  const tail = subresource === undefined ? '' : `/${segment('subresource', subresource)}`;
  return `${scopedPath(resource, namespace)}/${segment('name', name)}${tail}`;
}

/** As collectionPath, but throws KubeError BadRequest where a namespaced resource comes without a namespace. */
export function scopedPath(resource: ApiResource, namespace: string | undefined): string {
  if (resource.namespaced && namespace === undefined) {
    throw new KubeError('BadRequest', `${resourceName(resource)} are namespaced, but no namespace is given`);
  }
  return collectionPath(resource, namespace);
}

/** Names come from charts of tenants: one such as `../../kube-system` must never address another object. */
function segment(what: string, value: string): string {
  if (value === '' || value === '.' || value === '..' || /[/%\\]/.test(value)) {
    throw new KubeError('BadRequest', `${JSON.stringify(value)} cannot be a ${what}`);
  }
  return encodeURIComponent(value);
}
