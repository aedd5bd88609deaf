import { conditionOf, hasReached, type Condition, type Reason, type ReleaseStatus } from '../../crds/index.ts';

/** Why a Release is Stalled without anything being wrong: it waits for somebody. */
const NO_TROUBLE: ReadonlySet<Reason> = new Set(['ApprovalAwaited', 'RolledBack', 'Suspended']);

/** How an operation has ended. */
export type Verdict = { end: 'ready' } | { end: 'failed'; reason: Reason };

/**
 * What a status says of its operation: that it is ready; or that it failed, since nothing goes on until somebody acts, or since all is applied
 * and Red. Undefined while it goes on. `other` is why a change beside it fails.
 */
export function verdictIn(status: ReleaseStatus, other?: string): Verdict | undefined {
  const reason = stalledIn(status)?.reason;
  if (reason !== undefined && reason !== other) return { end: 'failed', reason };
  const isApplied = hasReached(status.operation, 'After') && status.operation?.type !== 'Delete';
  return isApplied ? verdictOnApplied(status) : undefined;
}

function verdictOnApplied(status: ReleaseStatus): Verdict | undefined {
  const ready = conditionOf(status, 'Ready');
  if (ready && status.health === 'Red') return { end: 'failed', reason: ready.reason };
  return ready?.status === 'True' && status.operation?.phase === 'Done' ? { end: 'ready' } : undefined;
}

/** The condition by which nothing goes on, since something is wrong. */
export function stalledIn(status: ReleaseStatus | undefined): Condition | undefined {
  const stalled = conditionOf(status, 'Stalled');
  return stalled === undefined || NO_TROUBLE.has(stalled.reason) ? undefined : stalled;
}
