import type { ReleaseRow, TenantNamespace, Tenants } from '../../api/index.ts';
import { countsOf } from '../releases/filter.ts';
import type { Facet } from '../releases/filter.ts';

/** A tenant, its environments side by side, and what runs in each. */
export interface TenantMatrix {
  readonly tenant: string;
  /** The namespaces, in the order in which changes go through them. */
  readonly columns: readonly Column[];
  readonly lines: readonly MatrixLine[];
  /** How many of its Releases have which colour. */
  readonly counts: Readonly<Record<Facet, number>>;
}

/** A namespace of a tenant. */
export interface Column {
  readonly namespace: string;
  readonly environment: string | undefined;
  readonly quotas: TenantNamespace['quotas'];
}

/** A Release of one name, in each of the namespaces. */
interface MatrixLine {
  readonly name: string;
  readonly cells: readonly (Cell | null)[];
}

/** What runs in a namespace, and what could be promoted into it. */
export interface Cell {
  readonly row: ReleaseRow;
  /** The Release of the environment before it, where that runs another version of the same chart and runs it well. */
  readonly from?: ReleaseRow;
}

const ORDER = ['dev', 'test', 'pre', 'prod'];

/** The tenants of some Releases, with the namespaces and quotas that the server told of. */
export function matricesOf(rows: Iterable<ReleaseRow>, told: Tenants['tenants']): readonly TenantMatrix[] {
  const byTenant = Map.groupBy(rows, ({ tenant }) => tenant);
  const names = new Set([...byTenant.keys(), ...told.map(({ name }) => name)]);
  return [...names].toSorted().map((tenant) => {
    const own = byTenant.get(tenant) ?? [];
    const known = told.find(({ name }) => name === tenant)?.namespaces ?? [];
    const columns = columnsOf(own, known);
    return { tenant, columns, lines: linesOf(own, columns), counts: countsOf(own) };
  });
}

function columnsOf(rows: readonly ReleaseRow[], known: readonly TenantNamespace[]): readonly Column[] {
  const columns = new Map<string, Column>();
  for (const { namespace, environment } of rows) columns.set(namespace, { namespace, environment, quotas: [] });
  for (const { name, environment, quotas } of known) columns.set(name, { namespace: name, environment, quotas });
  const place = ({ environment }: Column): number =>
    (ORDER.indexOf(environment ?? '') + ORDER.length + 1) % (ORDER.length + 1);
  return [...columns.values()].toSorted(
    (left, right) => place(left) - place(right) || (left.namespace < right.namespace ? -1 : 1),
  );
}

function linesOf(rows: readonly ReleaseRow[], columns: readonly Column[]): readonly MatrixLine[] {
  return [...Map.groupBy(rows, ({ name }) => name)]
    .toSorted(([left], [right]) => (left < right ? -1 : 1))
    .map(([name, own]) => {
      const found = columns.map(({ namespace }) => own.find((row) => row.namespace === namespace));
      const cells = found.map((row, index): Cell | null => {
        if (row === undefined) return null;
        const from = columns[index]?.environment === undefined ? undefined : found[index - 1];
        return from !== undefined && isAhead(from, row) ? { row, from } : { row };
      });
      return { name, cells };
    });
}

/** Whether one runs what the other could run next. */
function isAhead(from: ReleaseRow, to: ReleaseRow): boolean {
  return from.chart === to.chart && from.chartVersion !== to.chartVersion && from.health === 'Green';
}

/** How full a quota is, from 0 to 1; undefined for what are no quantities. */
export function shareOf({ used, hard }: { used: string; hard: string }): number | undefined {
  const [left, right] = [quantityOf(used), quantityOf(hard)];
  return left === undefined || right === undefined || right === 0 ? undefined : Math.min(1, left / right);
}

const FACTORS: Readonly<Record<string, number>> = {
  n: 1e-9,
  u: 1e-6,
  m: 1e-3,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
  E: 1e18,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
  Pi: 2 ** 50,
  Ei: 2 ** 60,
};

/** A quantity as Kubernetes writes it. */
function quantityOf(text: string): number | undefined {
  const [, number = '', unit = ''] = /^(\d+(?:\.\d+)?(?:e\d+)?)([a-zA-Z]{0,2})$/.exec(text) ?? [];
  const factor = unit === '' ? 1 : FACTORS[unit];
  return number === '' || factor === undefined ? undefined : Number(number) * factor;
}
