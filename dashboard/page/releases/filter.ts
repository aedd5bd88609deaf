import type { ReleaseRow, ShownHealth } from '../../api/index.ts';

/** What a list can be narrowed to by a press of a button, beside the text. */
export const FACETS = ['Red', 'Yellow', 'Green', 'Unknown', 'waiting', 'suspended'] as const;

/** A colour, or another state of a Release. */
export type Facet = (typeof FACETS)[number];

/** Whether a Release has a state. */
function hasFacet(row: ReleaseRow, facet: Facet): boolean {
  if (facet === 'waiting') return row.waits !== undefined;
  if (facet === 'suspended') return row.suspended;
  return row.health === facet;
}

/** The Releases in which each word of a text occurs, or does not where `-` stands before it. */
export function withText(rows: readonly ReleaseRow[], text: string): readonly ReleaseRow[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return rows;
  return rows.filter((row) => {
    const found = searchedIn(row);
    return words.every((word) =>
      word.length > 1 && word.startsWith('-') ? !found.includes(word.slice(1)) : found.includes(word),
    );
  });
}

/** The Releases with one of the facets; all where none is chosen. */
export function withFacets(rows: readonly ReleaseRow[], facets: readonly Facet[]): readonly ReleaseRow[] {
  return facets.length === 0 ? rows : rows.filter((row) => facets.some((facet) => hasFacet(row, facet)));
}

/** How many Releases have each facet. */
export function countsOf(rows: readonly ReleaseRow[]): Readonly<Record<Facet, number>> {
  const counts: Record<Facet, number> = { Red: 0, Yellow: 0, Green: 0, Unknown: 0, waiting: 0, suspended: 0 };
  for (const row of rows) {
    counts[row.health] += 1;
    if (row.waits !== undefined) counts.waiting += 1;
    if (row.suspended) counts.suspended += 1;
  }
  return counts;
}

/** The facets that a parameter of an address names. */
export function facetsIn(text: string): Facet[] {
  const named = new Set(text.split(','));
  return FACETS.filter((facet) => named.has(facet));
}

const RANK: Readonly<Record<ShownHealth, number>> = { Red: 0, Yellow: 1, Unknown: 2, Green: 3 };

/** How urgent a colour is: the smallest first. */
export function rankOf(health: ShownHealth): number {
  return RANK[health];
}

const searched = new WeakMap<ReleaseRow, string>();

/** All that is searched of a Release, in small letters; made once for each of its states. */
function searchedIn(row: ReleaseRow): string {
  const known = searched.get(row);
  if (known !== undefined) return known;
  const chart = `${row.chart} ${row.chart}-${row.chartVersion}`;
  const parts = [
    `${row.namespace}/${row.name}`,
    row.tenant,
    chart,
    row.health,
    row.reason,
    row.message,
    row.waits ?? '',
  ];
  const text = [...parts, row.suspended ? 'suspended' : ''].join('\n').toLowerCase();
  searched.set(row, text);
  return text;
}
