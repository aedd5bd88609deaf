import { RELEASES, releaseOf } from '../../../client/releases/index.ts';
import { reasonOf } from '../../../client/messages/index.ts';
import { isKubeError, type ApiResource, type KubeClient } from '../../../kube/index.ts';
import { isMap, valueAt, type KubeObject } from '../../../resources/index.ts';
import type { ReleaseRow, TenantNamespace, Tenants } from '../../api/index.ts';
import { HttpError } from '../http/answers.ts';
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

/** More than anybody looks through; those beyond are not counted, which is said. */
const MAX_ROWS = 10_000;
/** Who has not been answered by then is told so. */
const PATIENCE_MS = 60_000;

/**
 * Tenants with their namespaces: those that have Releases which the client's user may see; with none named, of the whole cluster. Throws
 * KubeError, HttpError TimedOut; stops where `ended` aborts.
 */
export async function tenantsOf(
  client: KubeClient,
  namespaces: readonly string[],
  ended: AbortSignal,
): Promise<Tenants> {
  const missing: string[] = [];
  const scopes = namespaces.length === 0 ? [undefined] : namespaces;
  const rows: ReleaseRow[] = [];
  const quotas = new Map<string, Quota[]>();
  const isLate = AbortSignal.any([ended, AbortSignal.timeout(PATIENCE_MS)]);
  for (const namespace of scopes) {
    const addRow = (object: KubeObject): number => rows.push(rowOf(releaseOf(object)));
    await orMissing(
      eachOf(client, { resource: RELEASES, namespace, max: MAX_ROWS - rows.length }, addRow, isLate),
      missing,
    );
    const addQuota = (object: KubeObject): void => addQuotas(quotas, object);
    await orMissing(eachOf(client, { resource: QUOTAS, namespace, max: MAX_ROWS }, addQuota, isLate), missing);
  }
  const once = [...new Map(rows.map((row) => [row.uid, row])).values()];
  return { tenants: grouped(once, quotas), missing: [...new Set(missing)] };
}

/** What may be seen; what may not, or was too much, is named in words. */
async function orMissing(reading: Promise<string | undefined>, missing: string[]): Promise<void> {
  try {
    const leftOut = await reading;
    if (leftOut !== undefined) missing.push(leftOut);
  } catch (error) {
    if (!isKubeError(error, 'Forbidden')) throw error;
    missing.push(reasonOf(error));
  }
}

interface Scope {
  readonly resource: ApiResource;
  readonly namespace: string | undefined;
  readonly max: number;
}

/** Hands on each object, a page at a time, at most `max`; returns that some were left out, in words. */
async function eachOf(
  client: KubeClient,
  { resource, namespace, max }: Scope,
  take: (object: KubeObject) => unknown,
  isLate: AbortSignal,
): Promise<string | undefined> {
  let left = max;
  for await (const { items: page } of client.pages(resource, namespace)) {
    if (isLate.aborted) throw new HttpError(504, 'TimedOut', 'the cluster did not answer completely within a minute');
    await client.inTurns(taking(page.slice(0, left), take));
    left -= page.length;
    if (left < 0) return `of ${resource.plural}, only ${MAX_ROWS} are counted`;
  }
  return undefined;
}

function* taking(objects: readonly KubeObject[], take: (object: KubeObject) => unknown): Generator<undefined, void> {
  for (const object of objects) {
    take(object);
    yield;
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
