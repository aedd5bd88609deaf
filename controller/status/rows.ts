import type { Finished, ResourceStatus } from '../../crds/index.ts';
import { contestedHealth, keyOf, type Contest, withoutUndefined } from '../../resources/index.ts';
import type { Drifted } from '../plan/drift.ts';
import type { Scope } from '../plan/scope.ts';
import type { Progress } from './progress.ts';

/** What a pass has found out about the children. */
export interface ChildrenFindings {
  progress: Progress;
  /** Undefined where the children could not be looked at: what was known of them stands. */
  scope: Scope | undefined;
  /** The corrections that somebody else undoes each time they are made. */
  contests?: Contest[] | undefined;
  /** What differs from the version and is left as it is, as `spec.drift` says; undefined if that was not looked for. */
  drift?: readonly Drifted[] | undefined;
  /** The objects that the API server refused, by key of their reference, and why. */
  refused?: ReadonlyMap<string, string> | undefined;
}

/** The rows of a status, one for each child: its health, or what was found out about it if that is worse; as stored if it was not seen. */
export function rowsOf(
  findings: ChildrenFindings,
  seen: ResourceStatus[] | undefined,
  stored: readonly ResourceStatus[] = [],
): ResourceStatus[] {
  const { progress, refused } = findings;
  const rows = withFindings(seen ?? rowsAsStored(progress, stored), findings);
  const told = refused === undefined ? rows : rows.map((row) => asRefused(row, refused));
  const standby = new Set(progress.standby);
  return told.map((row) => asStandby(row, standby.size > 0 && standby.has(keyOf(row))));
}

/** What cannot be corrected is Yellow, unless it is Red for another reason. */
function withFindings(
  rows: ResourceStatus[],
  { progress, contests = [], drift = [], scope }: ChildrenFindings,
): ResourceStatus[] {
  const missing = drift.filter(({ isMissing }) => isMissing);
  if (contests.length + missing.length + progress.finished.size + (scope?.unserved.size ?? 0) === 0) return rows;
  const found = new Map([
    ...contests.map((contest) => [keyOf(contest.ref), contestedHealth(contest)] as const),
    ...missing.map(({ ref }) => [keyOf(ref), LEFT_MISSING] as const),
  ]);
  return rows.map((row) => {
    const unserved = scope?.unserved.get(keyOf(row));
    if (unserved) return { ...row, ...unserved };
    const finished = progress.finished.get(keyOf(row));
    if (finished && scope) return finishedRow(row, finished, scope.live(row) === undefined);
    return row.health === 'Red' ? row : { ...row, ...found.get(keyOf(row)) };
  });
}

/** Nobody makes it again, so that it is not on its way. */
const LEFT_MISSING = { health: 'Red', message: 'not found, and not created again: see spec.drift' } as const;

/** Finished work whose object no longer exists has the health with which it ended. */
function finishedRow(row: ResourceStatus, finished: Finished, isGone: boolean): ResourceStatus {
  if (!isGone) return { ...row, finished };
  const { message: _, ...entry } = row;
  if (finished !== 'Failed') return { ...entry, health: 'Green', finished };
  return { ...entry, health: 'Red', message: 'failed; the object has since been deleted', finished };
}

/** How many bytes the causes of all children may take in a status: etcd takes 1.5 MiB, of which 5,000 children need half without them. */
const MAX_CAUSES = 256 * 1024;

/** The rows with as many of their causes as a status has room for, first those of what is Red; all others are left out. */
export function withinRoom(rows: ResourceStatus[]): ResourceStatus[] {
  const sizes = rows.map(({ message }) => (message === undefined ? 0 : Buffer.byteLength(message)));
  if (sizes.reduce((sum, size) => sum + size, 0) <= MAX_CAUSES) return rows;
  const told = new Set<ResourceStatus>();
  let left = MAX_CAUSES;
  for (const health of ['Red', 'Yellow', 'Green'] as const) {
    for (const [index, row] of rows.entries()) {
      const size = sizes[index] ?? 0;
      if (row.health !== health || size > left) continue;
      left -= size;
      told.add(row);
    }
  }
  return rows.map((row) => (told.has(row) ? row : withoutUndefined({ ...row, message: undefined })));
}

/** What was known of the children, where they could not be looked at. */
function rowsAsStored({ inventory }: Progress, stored: readonly ResourceStatus[]): ResourceStatus[] {
  const known = new Map(stored.map((row) => [keyOf(row), row]));
  return inventory.map((entry) => known.get(keyOf(entry)) ?? { ...entry, health: 'Yellow' });
}

function asRefused(row: ResourceStatus, refused: NonNullable<ChildrenFindings['refused']>): ResourceStatus {
  const why = refused.get(keyOf(row));
  return why === undefined ? row : { ...row, health: 'Red', message: why };
}

/** Seen anew in each pass, except where the children could not be looked at. */
function asStandby(row: ResourceStatus, isStandby: boolean): ResourceStatus {
  if (isStandby === (row.standby === true)) return row;
  return isStandby ? { ...row, standby: true } : withoutUndefined({ ...row, standby: undefined });
}
