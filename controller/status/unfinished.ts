import { hasReached, type ReleaseStatus } from '../../crds/index.ts';

/**
 * The status with the versions marked that never came to their end: another operation began before their last hooks and
 * tests had succeeded, or they were rolled back because they failed. One that comes to its end later is no longer marked.
 */
export function withUnfinished(status: ReleaseStatus, stored: ReleaseStatus = {}): ReleaseStatus {
  const versions = unfinishedIn(status, stored);
  if (versions.size === 0) return status;
  const { history = [] } = status;
  return {
    ...status,
    history: history.map((row) => (versions.has(row.version) ? { ...row, unfinished: true } : row)),
  };
}

function unfinishedIn({ operation, rolledBack }: ReleaseStatus, stored: ReleaseStatus): Set<number> {
  const before = stored.operation;
  const versions = new Set((stored.history ?? []).flatMap((row) => (row.unfinished ? [row.version] : [])));
  const wasUnderWay = hasReached(before, 'After') && !hasReached(before, 'Done');
  if (before && wasUnderWay && before.version !== operation?.version) versions.add(before.version);
  if (operation?.phase === 'Done') versions.delete(operation.version);
  if (rolledBack) versions.add(rolledBack.version);
  return versions;
}
