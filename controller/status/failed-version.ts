import type { OnFailure, Reason, Release, ReleaseStatus, RolledBack } from '../../crds/index.ts';
import { conditionOf, isNamedInColour } from '../../crds/index.ts';
import { contentDigest, isContentOf } from '../../records/index.ts';
import type { Health } from '../../resources/index.ts';
import { historyOfVersion } from '../history/owned-versions.ts';
import { durationMs } from '../pass/duration.ts';
import type { Failure } from '../pass/failures/failures.ts';
import type { Observed } from '../pass/observed.ts';
import { withoutUndefined } from '../../resources/index.ts';
import { awaitedTests, progressOf, targetVersionOf, type Progress } from './progress.ts';
import { statusDiffers } from './status.ts';
import { withUnfinished } from './unfinished.ts';

/** What a pass has found out about the version that it deploys. */
export interface VersionFindings {
  failure?: Failure | undefined;
  /** Why objects were refused, by key of their reference. */
  refused?: ReadonlyMap<string, string> | undefined;
  /** What it waits for, and the health of that. */
  waiting?: Health | undefined;
}

/** The same, with how far the Release has come. */
type Found = VersionFindings & { progress: Pick<Progress, 'rolledBack'> };

/** What a pass knows of a Release. */
type Known = Pick<Observed, 'release' | 'histories'>;

/**
 * The status with the version that was Green last and, if the version that it reports has failed and is to be rolled back, with that: once
 * it is stored, the next pass goes back. Nothing that was Green once counts as failed: what breaks later is not its fault. A rollback that
 * could not begin is forgotten once it is not wanted any more.
 */
export function withOutcome(known: Known, findings: Found, made: ReleaseStatus, now: Date): ReleaseStatus {
  const stored = known.release.status ?? {};
  const { lastGreen } = stored;
  const told = withoutUndefined({ ...made, lastGreen, rolledBack: findings.progress.rolledBack });
  const green = withoutUndefined({ ...told, lastGreen: lastGreenIn(told, stored) });
  const isOver = isUnderWay(told) && !isRollbackWanted(known, green);
  const status = withUnfinished(isOver ? withoutUndefined({ ...told, rolledBack: undefined }) : told, stored);
  const noted = withLastGreen(known.release, status);
  if (isUnderWay(noted)) return noted;
  const due = rollbackDue(known, findings, noted, now);
  return due ? { ...noted, rolledBack: due } : noted;
}

/** If nothing would roll back, it is not worth a write of its own that a version is Green. */
function withLastGreen({ spec, status: stored }: Release, status: ReleaseStatus): ReleaseStatus {
  const lastGreen = lastGreenIn(status, stored);
  if (lastGreen === status.lastGreen) return status;
  const isNeeded = spec.onFailure?.strategy === 'Rollback';
  return isNeeded || statusDiffers(status, stored) ? withoutUndefined({ ...status, lastGreen }) : status;
}

/** The version that was Green last; none where somebody has left it by a rollback, as it is not to come back unasked. */
function lastGreenIn(status: ReleaseStatus, stored: ReleaseStatus | undefined): number | undefined {
  const last = greenIn(status) ?? greenIn(stored) ?? status.lastGreen;
  const { type, phase, from, version } = status.operation ?? {};
  const isLeft = type === 'Rollback' && phase !== 'Before' && from === last && version !== last;
  return isLeft ? undefined : last;
}

/** The version that is Green, all of it being done. */
function greenIn({ health, operation, version }: ReleaseStatus = {}): number | undefined {
  const isDone = operation?.phase === 'Done' && operation.type !== 'Delete' && operation.version === version;
  return isDone && health === 'Green' ? version : undefined;
}

/** Whether a rollback is decided and has not begun. */
function isUnderWay(status: ReleaseStatus): boolean {
  return status.rolledBack !== undefined && status.rolledBack.version === targetVersionOf(status);
}

/**
 * Whether a rollback that is decided is still to begin: the spec asks for rollbacks, and the version that failed was not Green after all.
 * One that has overwritten the content already goes on.
 */
export function isRollbackWanted(known: Pick<Known, 'release' | 'histories'>, status: ReleaseStatus): boolean {
  const { rolledBack, lastGreen } = status;
  if (!rolledBack || !isUnderWay(status)) return false;
  const { spec } = known.release;
  const content = contentDigest(spec);
  const [failed, before] = [rolledBack.version, rolledBack.to].map((version) => historyOfVersion(known, version));
  const isOverwritten =
    before !== undefined && isContentOf(content, before) && !(failed && isContentOf(content, failed));
  return isOverwritten || (spec.onFailure?.strategy === 'Rollback' && lastGreen !== rolledBack.version);
}

/**
 * Whether the version that a Release claims comes back because another has failed, and is not there yet: nobody has asked for what is
 * lost by that.
 */
export function isUnaskedRollback({ metadata, spec, status }: Release): boolean {
  const { rolledBack } = status ?? {};
  if (metadata.deletionTimestamp !== undefined) return false;
  return rolledBack !== undefined && rolledBack.generation === undefined && rolledBack.to === spec.version;
}

/** The rollback that is due now; undefined if there is none. */
function rollbackDue(
  known: Known,
  findings: VersionFindings,
  status: ReleaseStatus,
  now: Date,
): RolledBack | undefined {
  const { operation } = status;
  const to = fallbackOf(known, status);
  if (!operation || to === undefined) return undefined;
  const cause =
    hookFailure(known.release, findings, status) ??
    refusalIn(findings, status) ??
    unhealthyIn(known, findings, status, now);
  return cause && { version: operation.version, to, ...cause, at: now.toISOString() };
}

/** The version to go back to if this one fails. */
function fallbackOf(known: Known, status: ReleaseStatus): number | undefined {
  const { spec } = known.release;
  const { lastGreen } = status;
  const isAsked = spec.onFailure?.strategy === 'Rollback' && !spec.suspend;
  if (!isAsked || lastGreen === undefined || !canFail(status)) return undefined;
  const to = versionLeft(status) ?? lastGreen;
  return to !== status.operation?.version && historyOfVersion(known, to) !== undefined ? to : undefined;
}

/** What somebody went back to stays, whatever becomes of it, and so does what was Green. */
function canFail({ operation, lastGreen }: ReleaseStatus): boolean {
  return operation?.type !== 'Rollback' && operation?.type !== 'Delete' && lastGreen !== operation?.version;
}

/** The version in force while nothing of the next one is applied, or that only beside it. */
function versionLeft({ operation, version }: ReleaseStatus): number | undefined {
  if (operation?.phase === 'Beside') return version;
  return operation?.phase === 'Before' && operation.from === version ? version : undefined;
}

type Cause = Pick<RolledBack, 'reason' | 'message'>;

function hookFailure({ spec }: Release, { failure }: VersionFindings, status: ReleaseStatus): Cause | undefined {
  if (failure?.reason !== 'HookFailed' && failure?.reason !== 'TestFailed') return undefined;
  if (failureTimes(status) <= retriesOf(spec.onFailure)) return undefined;
  return { reason: failure.reason, message: failedHookIn(status, failure.reason) ?? failure.message };
}

function failureTimes({ operation }: ReleaseStatus): number {
  return operation?.failure?.times ?? 0;
}

function failedHookIn({ hooks = [], tests }: ReleaseStatus, reason: 'HookFailed' | 'TestFailed'): string | undefined {
  const [results, noun] = reason === 'TestFailed' ? [tests?.results ?? [], 'test'] : [hooks, 'hook'];
  const failed = results.find(({ phase }) => phase === 'Failed');
  return failed && `${noun} ${failed.kind}/${failed.name}: ${failed.message ?? 'failed'}`;
}

function refusalIn({ failure, refused }: VersionFindings, { operation }: ReleaseStatus): Cause | undefined {
  const isApplying = operation?.phase === 'Applying' || operation?.phase === 'Beside';
  const isRefused = isApplying && refused !== undefined && refused.size > 0;
  return isRefused && failure?.stalled ? { reason: failure.reason, message: failure.message } : undefined;
}

function unhealthyIn(known: Known, findings: VersionFindings, status: ReleaseStatus, now: Date): Cause | undefined {
  const deadlines = deadlinesOf(known.release, findings, status);
  const message = (isBeside(status) ? findings.waiting?.message : undefined) ?? status.message ?? '';
  if (!deadlines || now.getTime() > deadlines.closes) return undefined;
  if (deadlines.red <= now.getTime()) return { reason: 'Unhealthy', message };
  return deadlines.green <= now.getTime() ? { reason: 'TimedOut', message } : undefined;
}

/** When a version that is applied counts as failed, by being Red or not Green, and when it no longer does; milliseconds since 1970. */
function deadlinesOf(
  { spec }: Release,
  { waiting }: VersionFindings,
  status: ReleaseStatus,
): Record<'red' | 'green' | 'closes', number> | undefined {
  const appliedAt = isAtWork(status) ? status.operation?.appliedAt : undefined;
  if (!spec.onFailure || appliedAt === undefined || status.health === 'Green') return undefined;
  const applied = Date.parse(appliedAt);
  const timeout = durationMs(spec.timeout);
  const red = Math.max(applied, redSince(status, waiting)) + durationMs(spec.onFailure.redTimeout);
  const isUntimed = isBeingTested(status) || status.operation?.phase === 'Applying';
  const green = isUntimed ? Infinity : applied + timeout;
  return { red, green, closes: applied + 2 * timeout };
}

/** Since when it is Red, in milliseconds since 1970; Infinity if it is not. */
function redSince(status: ReleaseStatus, waiting: Health | undefined): number {
  const healthy = conditionOf(status, 'Healthy');
  const isRed = healthy?.status === 'False' && (!isBeside(status) || isColourRed(status, waiting));
  return isRed ? Date.parse(healthy.lastTransitionTime) : Infinity;
}

/** Whether what comes up is Red, and nothing else: what is Red in the version in force is what the next one may mend. */
function isColourRed({ resources = [], operation }: ReleaseStatus, waiting: Health | undefined): boolean {
  const isOther = ({ name }: { name: string }): boolean => !operation || !isNamedInColour(name, operation.version);
  return waiting?.health === 'Red' && !resources.some((row) => row.health === 'Red' && isOther(row));
}

/** It was Green when its tests or checks began, and these have a timeout of their own. */
function isBeingTested(status: ReleaseStatus): boolean {
  const tests = awaitedTests(progressOf(status));
  return tests !== undefined && tests.phase !== 'Succeeded';
}

const AT_WORK: ReadonlySet<string> = new Set(['Beside', 'Applying', 'Testing', 'Done']);

/** Whether all of a version is applied, and its hooks have run, or all of it that comes up beside the one in force; only that is timed. */
function isAtWork({ operation }: ReleaseStatus): boolean {
  return operation !== undefined && AT_WORK.has(operation.phase);
}

/** Whether the version comes up beside the one in force, or waits for the cut. */
function isBeside({ operation }: ReleaseStatus): boolean {
  return operation?.phase === 'Beside' || operation?.phase === 'Applying';
}

/** Milliseconds until a version that is not Green is to be rolled back; undefined if it will not be. */
export function rollbackInMs(
  known: Known,
  findings: VersionFindings,
  status: ReleaseStatus,
  now: Date,
): number | undefined {
  const deadlines = fallbackOf(known, status) !== undefined ? deadlinesOf(known.release, findings, status) : undefined;
  if (!deadlines || isUnderWay(status) || now.getTime() > deadlines.closes) return undefined;
  const due = Math.min(deadlines.red, deadlines.green);
  return due === Infinity ? undefined : Math.max(0, due - now.getTime());
}

const RETRIES = { Stop: 0, Rollback: 0, Retry: 3 };

/** How many times hooks or tests that failed run again by themselves. */
export function retriesOf(onFailure: OnFailure | undefined): number {
  if (!onFailure || onFailure.strategy === 'Stop') return 0;
  return onFailure.retries ?? RETRIES[onFailure.strategy];
}

/** The findings, and what is left to report of a rollback. */
export function withRollback<T extends VersionFindings & { progress: Progress }>(known: Known, findings: T): T {
  const { progress } = findings;
  if (!progress.rolledBack) return findings;
  const { operation } = progress;
  const rolledBack = rolledBackOf(known, progress);
  const failure = findings.failure ?? rolledBackFailure({ rolledBack, operation });
  return { ...findings, progress: { ...progress, rolledBack }, failure };
}

/** A rollback, and the operation under way or done last. */
type Undoing = Pick<Progress, 'rolledBack' | 'operation'>;

/**
 * What is remembered of a rollback once it is done: until the spec is edited so that it asks for the version gone back to, it is what the
 * Release reports.
 */
export function rolledBackOf(known: Known, { rolledBack, operation }: Undoing): RolledBack | undefined {
  const { generation } = known.release.metadata;
  if (!rolledBack || rolledBack.to !== operation?.version || operation.phase !== 'Done') return rolledBack;
  if (rolledBack.generation === undefined) return { ...rolledBack, generation };
  const record = historyOfVersion(known, rolledBack.to);
  const isAsked = record !== undefined && isContentOf(contentDigest(known.release.spec), record);
  return isAsked && rolledBack.generation !== generation ? undefined : rolledBack;
}

/** What a Release that was rolled back reports: somebody has to act. Undefined while the rollback is not done. */
export function rolledBackFailure({ rolledBack, operation }: Undoing): Failure | undefined {
  if (!rolledBack || rolledBack.to !== operation?.version || operation.phase !== 'Done') return undefined;
  const { version, to } = rolledBack;
  const forward = `change the content; or, to try the same again, set spec.version to ${version} once, but not in a manifest that is applied again and again`;
  const message = `version ${version} failed, and version ${to} is in force again; ${forward}; it failed with ${rolledBack.reason}: ${rolledBack.message}`;
  const reason: Reason = 'RolledBack';
  return { reason, message, retry: 'later', stalled: true };
}
