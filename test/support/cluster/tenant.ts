import { randomBytes } from 'node:crypto';
import type { KubeObject } from '../../../resources/index.ts';
import { eventually } from '../eventually.ts';
import { configMapData, releaseOf, viewRelease, type ReleaseView } from './installation.ts';
import { inNamespace, type Kubectl } from './kubectl.ts';
import type { StoredChart } from '../charts/registry.ts';

/**
 * What a tenant's `default` service account may do: by a cluster role in its namespace, of which `edit` covers what most charts create;
 * nothing; or, trusted by the administrator, everything in the whole cluster.
 */
export type TenantRights = 'edit' | 'admin' | 'view' | 'cluster-admin' | 'none' | 'trusted';

/** A namespace, its `default` service account, and the Releases in it. */
export interface Tenant {
  readonly namespace: string;
  /** The administrator's kubectl, in this namespace. */
  readonly kubectl: Kubectl;
  /** Applies a Release: the chart, and whatever else its spec is to say. Does not wait for it. */
  apply(name: string, chart: ChartReference, spec?: Record<string, unknown>): Promise<ReleaseView>;
  /** Looks at a Release, which need not exist yet. */
  release(name: string): ReleaseView;
  /** The data of a ConfigMap, or undefined where it does not exist. */
  configMap(name: string): Promise<Record<string, string> | undefined>;
  /** Gives its service account, or another one, a cluster role in this namespace. */
  bind(clusterRole: string, account?: string): Promise<void>;
  /** Lets its service account do more: verbs and resources as `kubectl create role` takes them. */
  grant(verbs: string, resources: string): Promise<void>;
}

type ChartReference = Pick<StoredChart, 'registry' | 'name'> & { version?: string };

/** Creates a namespace with a new name, whose `default` service account has the given rights, and returns the name. */
export async function createTenant(kubectl: Kubectl, prefix = 'test', rights: TenantRights = 'admin'): Promise<string> {
  const name = newName(prefix);
  await kubectl('create', 'namespace', name);
  const subject = `--serviceaccount=${name}:default`;
  if (rights === 'trusted') {
    await kubectl('label', 'namespace', name, 'coxswain.dev/cluster-scope=allowed');
    await kubectl('create', 'clusterrolebinding', name, '--clusterrole=cluster-admin', subject);
  } else if (rights !== 'none') {
    await kubectl('create', 'rolebinding', 'coxswain', '--namespace', name, `--clusterrole=${rights}`, subject);
  }
  // Kubernetes creates it a moment after the namespace; without it a Release would be tried twice.
  await eventually(
    async () => kubectl.read(`/api/v1/namespaces/${name}/serviceaccounts/default`),
    (account) => account !== undefined,
  );
  return name;
}

/** The tenant of a namespace that exists. */
export function tenantOf(cluster: Kubectl, namespace: string): Tenant {
  const kubectl = inNamespace(cluster, namespace);
  const release = (name: string): ReleaseView => viewRelease(cluster, namespace, name);
  const bindRole = async (role: string, account = 'default'): Promise<void> => {
    await kubectl('create', 'rolebinding', newName('bound'), role, `--serviceaccount=${namespace}:${account}`);
  };
  return {
    namespace,
    kubectl,
    release,
    apply: async (name, chart, spec) => {
      await kubectl.apply(releaseOf(namespace, name, chart, spec));
      return release(name);
    },
    configMap: async (name) => configMapData(cluster, namespace, name),
    bind: async (clusterRole, account) => bindRole(`--clusterrole=${clusterRole}`, account),
    grant: async (verbs, resources) => {
      const role = newName('granted');
      await kubectl('create', 'role', role, `--verb=${verbs}`, `--resource=${resources}`);
      await bindRole(`--role=${role}`);
    },
  };
}

/** Waits until no pod is being deleted: those that an update has replaced may outlast its rollout. */
export async function deletedPodsGone({ namespace, kubectl }: Pick<Tenant, 'namespace' | 'kubectl'>): Promise<void> {
  await eventually(
    async () => kubectl.read<{ items: KubeObject[] }>(`/api/v1/namespaces/${namespace}/pods`),
    (pods) => pods?.items.every(({ metadata }) => metadata.deletionTimestamp === undefined) === true,
  );
}

function newName(prefix: string): string {
  return `${prefix}-${randomBytes(4).toString('hex')}`;
}
