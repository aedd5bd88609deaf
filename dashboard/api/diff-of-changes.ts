import { fieldPath } from '../../crds/index.ts';
import type { DiffView, FieldChange, FieldDiff, ObjectDiff } from './versions.ts';

const CHANGES = { Added: 'create', Removed: 'delete', Changed: 'update' } as const;

/** Changes of fields by object, and how many of so many in all are not among them; a change that several objects share counts for each. */
export function diffOfChanges(changes: readonly FieldChange[], total: number): Pick<DiffView, 'objects' | 'more'> {
  const shown = changes.reduce((sum, { alsoIn = [] }) => sum + 1 + alsoIn.length, 0);
  return { objects: objectDiffs(changes), more: Math.max(0, total - shown) };
}

/** The changes of fields, by object. */
export function objectDiffs(changes: readonly FieldChange[]): ObjectDiff[] {
  return [...Map.groupBy(changes, ({ object }) => object)].map(([object, its]) => {
    const whole = its.find(({ path }) => path === '');
    return {
      object,
      change: CHANGES[whole?.change ?? 'Changed'],
      fields: its.filter(({ path }) => path !== '').map(fieldDiff),
    };
  });
}

function fieldDiff({ path, from, to, alsoIn }: FieldChange): FieldDiff {
  return {
    path: fieldPath(path),
    ...(from !== undefined && { before: from }),
    ...(to !== undefined && { after: to }),
    ...(alsoIn && { alsoIn }),
  };
}
