import type { ReleaseRow } from '../../api/index.ts';
import type { Group } from './order.ts';

/** A line of the list: the head of a tenant, or a Release. */
export type Line =
  | { readonly kind: 'group'; readonly key: string; readonly group: Group }
  | { readonly kind: 'row'; readonly key: string; readonly row: ReleaseRow };

/** The groups one below the other; those that are closed without their Releases. */
export function linesOf(groups: readonly Group[], closed: ReadonlySet<string>): readonly Line[] {
  return groups.flatMap((group): Line[] => {
    const head: Line = { kind: 'group', key: `tenant ${group.tenant}`, group };
    if (closed.has(group.tenant)) return [head];
    return [head, ...group.rows.map((row): Line => ({ kind: 'row', key: `${row.namespace}/${row.name}`, row }))];
  });
}
