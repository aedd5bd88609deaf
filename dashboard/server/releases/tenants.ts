import { RELEASES, releaseOf } from '../../../client/releases/index.ts';
import { reasonOf } from '../../../client/told/index.ts';
import { isKubeError, startInformer, type ApiResource, type KubeClient } from '../../../kube/index.ts';
import { isMap, valueAt, type KubeObject } from '../../../resources/index.ts';
import type { ReleaseRow, TenantNamespace, Tenants } from '../../api/index.ts';
import { rowOf } from '../live/row.ts';

const QUOTAS: ApiResource = {
  group: '',
  version: 'v1',
  kind: 'ResourceQuota',
  plural: 'resourcequotas',
  namespaced: true,
  verbs: [],
};

type Quota = TenantNamespace['quotas'][number];

/** Tenants with their namespaces: those that have Releases which the client's user may see; with none named, of the whole cluster. */
export async function tenantsOf(client: KubeClient, namespaces: readonly string[]): Promise<Tenants> {
  const missing: string[] = [];
  const scopes = namespaces.length === 0 ? [undefined] : namespaces;
  const rows: ReleaseRow[] = [];
  const quotas = new Map<string, Quota[]>();
  for (const namespace of scopes) {
    rows.push(...(await orMissing(rowsIn(client, namespace), missing)));
    for (const object of await orMissing(client.list(QUOTAS, namespace), missing)) addQuotas(quotas, object);
  }
  return { tenants: grouped(rows, quotas), missing: [...new Set(missing)] };
}

/** What may be seen; what may not is named in words. */
async function orMissing<T>(reading: Promise<readonly T[]>, missing: string[]): Promise<readonly T[]> {
  try {
    return await reading;
  } catch (error) {
    if (!isKubeError(error, 'Forbidden')) throw error;
    missing.push(reasonOf(error));
    return [];
  }
}

/** Read one after the other, and only the rows are kept. */
async function rowsIn(client: KubeClient, namespace: string | undefined): Promise<readonly ReleaseRow[]> {
  const rows: ReleaseRow[] = [];
  const keep = (object: KubeObject): undefined => void rows.push(rowOf(releaseOf(object)));
  const informer = startInformer({
    client,
    resource: RELEASES,
    namespace,
    cachePolicy: { keep },
    onChange: () => undefined,
  });
  try {
    await informer.synced;
    return [...new Map(rows.map((row) => [row.uid, row])).values()];
  } finally {
    informer.stop();
  }
}

function addQuotas(quotas: Map<string, Quota[]>, object: KubeObject): void {
  const [hard, used] = [valueAt(object, 'status', 'hard'), valueAt(object, 'status', 'used')];
  const { name, namespace = '' } = object.metadata;
  const its = Object.entries(isMap(hard) ? hard : {}).map(([resource, limit]): Quota => {
    const taken = isMap(used) ? used[resource] : undefined;
    return { quota: name, resource, used: typeof taken === 'string' ? taken : '0', hard: String(limit) };
  });
  quotas.set(namespace, [...(quotas.get(namespace) ?? []), ...its]);
}

function grouped(rows: readonly ReleaseRow[], quotas: ReadonlyMap<string, Quota[]>): Tenants['tenants'] {
  const tenants = [...Map.groupBy(rows, ({ tenant }) => tenant)].map(([name, its]) => ({
    name,
    namespaces: [...Map.groupBy(its, ({ namespace }) => namespace)].map(([namespace, releases]) =>
      namespaceOf(namespace, releases, quotas.get(namespace) ?? []),
    ),
  }));
  return tenants.toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

function namespaceOf(name: string, rows: readonly ReleaseRow[], quotas: Quota[]): TenantNamespace {
  const releases = { Green: 0, Yellow: 0, Red: 0, Unknown: 0 };
  for (const { health } of rows) releases[health] += 1;
  const environment = rows.find((row) => row.environment !== undefined)?.environment;
  return { name, ...(environment !== undefined && { environment }), quotas, releases };
}
