import { API_GROUP, GROUP_VERSION } from '../../crds/index.ts';
import { discover, isAllowed, isKubeError, LEASES, type ApiResource, type KubeClient } from '../../kube/index.ts';
import type { KubeObject } from '../../resources/index.ts';
import { NAMESPACES, type Cluster } from '../cluster.ts';
import { knownFields, specFieldsOf } from './known-fields.ts';
import { HOME, controllerImage } from './controller-facts.ts';
import type { Finding } from './finding.ts';
import { registries } from './registries.ts';

/** What is found of an installation, as the user sees it. Throws KubeError where the cluster cannot be asked at all. */
export async function findings(cluster: Cluster, nowMs: number): Promise<Finding[]> {
  const { client } = cluster;
  return [
    await kubernetes(client),
    await kinds(client),
    await definition(client),
    await controller(client),
    await leader(client, nowMs),
    await place(cluster),
    ...(await registries(cluster)),
    ...(await permissions(cluster)),
  ];
}

async function kubernetes(client: KubeClient): Promise<Finding> {
  const { gitVersion } = await discover(client).serverVersion();
  return { what: 'Kubernetes', verdict: 'ok', detail: gitVersion };
}

const KINDS = ['Release', 'ReleaseHistory', 'ReleasePreview'];

async function kinds(client: KubeClient): Promise<Finding> {
  const discovery = discover(client);
  const missing: string[] = [];
  for (const kind of KINDS) {
    if ((await discovery.resourceFor(GROUP_VERSION, kind)) === undefined) missing.push(kind);
  }
  if (missing.length === 0) return { what: 'kinds', verdict: 'ok', detail: `${KINDS.join(', ')} in ${GROUP_VERSION}` };
  const next = 'apply the definitions of this version: kubectl apply -f crds';
  return { what: 'kinds', verdict: 'wrong', detail: `${GROUP_VERSION} has no ${missing.join(', ')}`, next };
}

const DEFINITIONS: ApiResource = {
  group: 'apiextensions.k8s.io',
  version: 'v1',
  kind: 'CustomResourceDefinition',
  plural: 'customresourcedefinitions',
  namespaced: false,
  verbs: [],
};

/** Whether the definition of Releases in the cluster fits this command. Throws KubeError. */
export async function definition(client: KubeClient): Promise<Finding> {
  try {
    const found = await client.get(DEFINITIONS, undefined, `releases.${API_GROUP}`);
    return definitionFinding(specFieldsOf(found), await knownFields());
  } catch (error) {
    const what = 'definition';
    if (isKubeError(error, 'Forbidden')) return { what, verdict: 'unknown', detail: 'you may not see it' };
    if (isKubeError(error, 'NotFound')) return { what, verdict: 'wrong', detail: 'there is no definition of Releases' };
    throw error;
  }
}

/** Whether the definition of Releases has what this command writes. */
export function definitionFinding(inCluster: readonly string[], known: readonly string[]): Finding {
  const what = 'definition';
  const missing = known.filter((field) => !inCluster.includes(field));
  const newer = inCluster.filter((field) => !known.includes(field));
  if (missing.length > 0) {
    const next = 'upgrade it, then the controller: kubectl apply -f crds';
    return {
      what,
      verdict: 'wrong',
      detail: `older than this command: it has no spec.${missing.join(', spec.')}`,
      next,
    };
  }
  const detail =
    newer.length === 0 ? 'the one of this command' : `newer than this command: spec.${newer.join(', spec.')}`;
  return { what, verdict: 'ok', detail };
}

async function controller(client: KubeClient): Promise<Finding> {
  const { isKnown, text } = await controllerImage(client);
  return { what: 'controller', verdict: isKnown ? 'ok' : 'unknown', detail: text };
}

type Lease = KubeObject & {
  readonly spec?: {
    readonly holderIdentity?: string;
    readonly renewTime?: string;
    readonly leaseDurationSeconds?: number;
  };
};

async function leader(client: KubeClient, nowMs: number): Promise<Finding> {
  try {
    return leaderIn(await client.get<Lease>(LEASES, HOME.namespace, HOME.lease), nowMs);
  } catch (error) {
    const what = 'leader';
    if (isKubeError(error, 'Forbidden')) return { what, verdict: 'unknown', detail: 'you may not see its lease' };
    if (!isKubeError(error, 'NotFound')) throw error;
    const next = 'is the controller running, with this namespace for its lease? kubectl get pods -n coxswain-system';
    return { what, verdict: 'wrong', detail: `no lease ${HOME.lease} in namespace ${HOME.namespace}`, next };
  }
}

/** Whether somebody leads, going by the lease. */
export function leaderIn({ spec = {} }: Pick<Lease, 'spec'>, nowMs: number): Finding {
  const { holderIdentity: holder = '', renewTime = '', leaseDurationSeconds = 0 } = spec;
  const what = 'leader';
  const next = 'see why no controller leads: kubectl logs -n coxswain-system deployment/coxswain';
  if (holder === '') return { what, verdict: 'wrong', detail: 'no controller holds the lease', next };
  const age = Math.round((nowMs - Date.parse(renewTime)) / 1000);
  if (age <= leaseDurationSeconds) return { what, verdict: 'ok', detail: holder };
  return { what, verdict: 'wrong', detail: `${holder} renewed its lease ${age} seconds ago`, next };
}

/** Whether there is the namespace that is asked about: permissions are told for any name. */
async function place({ client, namespace }: Cluster): Promise<Finding> {
  const what = 'namespace';
  try {
    await client.get(NAMESPACES, undefined, namespace);
    return { what, verdict: 'ok', detail: namespace };
  } catch (error) {
    if (isKubeError(error, 'Forbidden'))
      return { what, verdict: 'unknown', detail: `you may not see whether there is a namespace ${namespace}` };
    if (!isKubeError(error, 'NotFound')) throw error;
    const next = `create it, or name another by -n: kubectl create namespace ${namespace}`;
    return { what, verdict: 'wrong', detail: `there is no namespace ${namespace}`, next };
  }
}

/** Which permissions are needed for what. */
const PERMISSIONS = [
  ['list, status', 'list', API_GROUP, 'releases'],
  ['history, diff', 'list', API_GROUP, 'releasehistories'],
  ['install', 'create', API_GROUP, 'releases'],
  ['upgrade', 'update', API_GROUP, 'releases'],
  ['rollback, suspend', 'patch', API_GROUP, 'releases'],
  ['delete', 'delete', API_GROUP, 'releases'],
  ['--dry-run, diff --set', 'create', API_GROUP, 'releasepreviews'],
  ['values, manifest, notes', 'get', '', 'secrets'],
] as const;

async function permissions({ client, namespace }: Cluster): Promise<Finding[]> {
  return Promise.all(
    PERMISSIONS.map(async ([what, verb, group, resource]): Promise<Finding> => {
      const may = await isAllowed(client, { verb, group, resource, namespace });
      return {
        what,
        verdict: may ? 'ok' : 'no',
        detail: `you may ${may ? '' : 'not '}${verb} ${resource} in ${namespace}`,
      };
    }),
  );
}
