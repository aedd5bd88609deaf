import { API_GROUP, API_VERSION } from '../../crds/index.ts';
import type { ApiResource } from '../../kube/index.ts';

const ALL_VERBS = ['get', 'list', 'watch', 'create', 'update', 'patch', 'delete'];

function resource(group: string, version: string, kind: string, plural: string, namespaced = true): ApiResource {
  return { group, version, kind, plural, namespaced, verbs: ALL_VERBS };
}

/** The resource types that the controller itself reads or writes; those of children come from discovery. */
export const RELEASES = resource(API_GROUP, API_VERSION, 'Release', 'releases');
export const HISTORIES = resource(API_GROUP, API_VERSION, 'ReleaseHistory', 'releasehistories');
export const PREVIEWS = resource(API_GROUP, API_VERSION, 'ReleasePreview', 'releasepreviews');
export const SECRETS = resource('', 'v1', 'Secret', 'secrets');
export const SERVICE_ACCOUNTS = resource('', 'v1', 'ServiceAccount', 'serviceaccounts');
export const SERVICE_CIDRS = resource('networking.k8s.io', 'v1', 'ServiceCIDR', 'servicecidrs', false);
export const ENDPOINT_SLICES = resource('discovery.k8s.io', 'v1', 'EndpointSlice', 'endpointslices');
export const CONFIG_MAPS = resource('', 'v1', 'ConfigMap', 'configmaps');
export const NAMESPACES = resource('', 'v1', 'Namespace', 'namespaces', false);
export const PODS = resource('', 'v1', 'Pod', 'pods');
export const CLAIMS = resource('', 'v1', 'PersistentVolumeClaim', 'persistentvolumeclaims');
export const EVENTS = resource('', 'v1', 'Event', 'events');
