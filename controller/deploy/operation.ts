import {
  asksForHooks,
  hasReached,
  OPERATION_PHASES,
  type OperationPhase,
  type Release,
  type ReleaseSpec,
  type ReleaseStatus,
  type TestRun,
} from '../../crds/index.ts';
import { backoffMs, type Backoff } from '../../kube/index.ts';
import { durationMs } from '../pass/duration.ts';
import type { Observed } from '../pass/observed.ts';
import { withoutUndefined } from '../../resources/index.ts';
import { controlDigest } from '../status/control-digest.ts';
import { retriesOf } from '../status/failed-version.ts';
import { heldVersionOf, progressOf, type Progress } from '../status/progress.ts';
import type { DeployTarget } from './target.ts';

/** The operation of a Release that is under way, or that was the last. */
export type CurrentOperation = NonNullable<ReleaseStatus['operation']>;

const [FIRST_PHASE] = OPERATION_PHASES;

/** The stored progress if it is that of the target, else the beginning of a new operation that leads there. */
export function resumeOrBegin({ spec, status }: Release, target: DeployTarget, now: string): Progress {
  const stored = progressOf(status);
  const { version, operation: type, inputs, followed, cluster, leftContent, chart } = target;
  // What counts as seen; a deletion looks at none of it.
  const baseline = type === 'Delete' ? {} : { inputs, followed, cluster, leftContent };
  const rolledBack = stored.rolledBack?.to === version ? stored.rolledBack : undefined;
  const inForce = stored.version === version ? { chart: chart ?? stored.chart } : {};
  if (isOfTarget(stored.operation, target)) return { ...stored, ...inForce, ...baseline };
  // A rollback that nobody approved is made in the same way as the version that failed.
  const control = (rolledBack && controlOfFailed(stored)) ?? controlAtBegin(spec, type);
  const from = heldVersionOf(status);
  const operation = withoutUndefined({ type, version, from, phase: FIRST_PHASE, startedAt: now, control });
  return { ...stored, ...inForce, ...baseline, rolledBack, operation, hooks: [], tests: leftTests(stored.tests, now) };
}

/** Tests that are under way end where another operation begins, or where they are no longer wanted; `now` is RFC 3339. */
export function leftTests(tests: TestRun | undefined, now: string): TestRun | undefined {
  if (tests?.phase !== 'Running') return tests;
  return { ...tests, phase: 'Failed', completedAt: now, message: 'stopped before they had ended' };
}

function isOfTarget(operation: CurrentOperation | undefined, { version, operation: type }: DeployTarget): boolean {
  if (operation === undefined) return false;
  if (type === 'Delete' || operation.type === 'Delete') return operation.type === type;
  return operation.version === version;
}

function controlOfFailed({ rolledBack, operation }: Progress): string | undefined {
  return operation?.version === rolledBack?.version ? operation?.control : undefined;
}

function controlAtBegin(spec: ReleaseSpec, type: DeployTarget['operation']): string | undefined {
  return spec.approval === 'Manual' && type !== 'Delete' ? controlDigest(spec) : undefined;
}

/**
 * Why an operation must not go on: with `approval: Manual`, what decides how a change is made was edited after it began, and nobody approved
 * that. Undefined where it may.
 */
export function unapprovedEdit({ spec }: Pick<Release, 'spec'>, { operation }: Progress): string | undefined {
  if (spec.approval !== 'Manual' || operation?.control === undefined || operation.phase === 'Done') return undefined;
  if (operation.type === 'Delete' || operation.control === controlDigest(spec)) return undefined;
  const fields = 'serviceAccountName, hooks, tests, strategy.checks, adopt, ignore, crds, recreate or allowRecreate';
  return `version ${operation.version} waits: ${fields} was edited after it was begun, which nobody approved: undo that, or set approval to Automatic`;
}

/** The progress moved on to a phase, never back. A failure in the phase before is cleared. */
export function inPhase(progress: Progress, phase: OperationPhase): Progress {
  if (!progress.operation) return progress;
  const { failure: _, ...operation } = progress.operation;
  if (hasReached(operation, phase)) return progress;
  return { ...progress, operation: { ...operation, phase } };
}

/** The progress with the time at which everything was applied, which is what a version is given time from; noted once. */
export function appliedAt(progress: Progress, now: string): Progress {
  const { operation } = progress;
  if (!operation || wasApplied(progress)) return progress;
  return { ...progress, operation: { ...operation, appliedAt: now } };
}

/** The progress whose version, if it is timed, is given its time anew: its tests have ended; `now` is RFC 3339. */
export function testedAt(progress: Progress, now: string): Progress {
  const { operation } = progress;
  const isTesting = operation?.phase === 'Testing' || operation?.phase === 'Beside';
  if (!isTesting || operation.appliedAt === undefined) return progress;
  return { ...progress, operation: { ...operation, appliedAt: now } };
}

/** The progress with the version whose colour is kept from now on, if there is one. */
export function withStandby(progress: Progress, standby: number | undefined): Progress {
  const { operation } = progress;
  return operation && standby !== undefined ? { ...progress, operation: { ...operation, standby } } : progress;
}

/** Whether nothing of the version was applied but what comes up beside the one in force. */
export function isNotYetApplying({ operation }: Pick<Progress, 'operation'>): boolean {
  return operation !== undefined && !hasReached(operation, 'Applying');
}

/** Whether the operation has applied everything: whatever has to be corrected after that is drift. */
export function wasApplied({ operation }: Progress): boolean {
  return hasReached(operation, 'After');
}

/** The operation with a failure of its hooks or tests recorded, once for each attempt and counted anew after an edit; `now` is RFC 3339. */
export function withFailure(operation: CurrentOperation, generation: number, now: string): CurrentOperation {
  if (hasFailed(operation)) return operation;
  // The start of a deletion is a time of the API server's clock, which may be ahead.
  const at = timeOf(Math.max(Date.parse(now), Date.parse(operation.startedAt)));
  const { failure } = operation;
  const times = failure?.generation === generation ? failure.times + 1 : 1;
  return { ...operation, failure: { at, generation, times } };
}

function hasFailed({ failure, startedAt }: CurrentOperation): boolean {
  return failure !== undefined && Date.parse(failure.at) >= Date.parse(startedAt);
}

/** What decides whether the hooks of a failed operation run again. */
export interface RetryInput {
  /** `metadata.generation` of the Release. */
  generation: number;
  /** Whether somebody deleted what failed. */
  isRemoved: boolean;
  /** How they run again by themselves, as the spec says. */
  retries: HookRetries;
  /** RFC 3339. */
  now: string;
}

/** How many times hooks run again by themselves, and milliseconds before the first of these. */
export interface HookRetries {
  times: number;
  delayMs: number;
}

/** How the hooks of a Release run again by themselves. */
export function hookRetries({ onFailure }: Pick<ReleaseSpec, 'onFailure'>): HookRetries {
  return { times: retriesOf(onFailure), delayMs: durationMs(onFailure?.delay ?? '0s') };
}

const DELETED_AGAIN_MS = { first: 1_000, max: 600_000 };
const DELETE_RETRY_MS = { first: 30_000, max: 3_600_000 };

/**
 * Whether failed hooks run again: at once if the Release was edited since, soon if somebody deleted what failed. Those of a deletion, which
 * nobody can ask for twice, run again after a growing delay; others only as often as the spec says. Nothing else repeats a hook unasked.
 */
export function isRetryDue(operation: CurrentOperation, input: RetryInput): boolean {
  const { failure } = operation;
  if (!failure) return false;
  if (failure.generation !== input.generation) return true;
  const dueInMs = retryInMs(operation, input);
  return dueInMs !== undefined && dueInMs <= 0;
}

/** Milliseconds until failed hooks run again by themselves; undefined if they do not. */
export function retryInMs(operation: CurrentOperation, input: Omit<RetryInput, 'generation'>): number | undefined {
  const { failure } = operation;
  const backoff = failure && retryBackoff(operation, failure.times, input);
  return backoff && Date.parse(failure.at) + backoffMs(failure.times, backoff) - Date.parse(input.now);
}

function retryBackoff(
  { type }: CurrentOperation,
  failures: number,
  { isRemoved, retries }: Omit<RetryInput, 'generation'>,
): Backoff | undefined {
  if (isRemoved) return DELETED_AGAIN_MS;
  if (type === 'Delete') return DELETE_RETRY_MS;
  return failures <= retries.times ? { first: retries.delayMs, max: DELETE_RETRY_MS.max } : undefined;
}

/** Another attempt after the hooks of `run` failed: they run again from the first, as a run with a name of its own. */
export function nextAttempt(progress: Progress, run: string, now: string): Progress {
  const { operation, hooks } = progress;
  if (!operation) return progress;
  const failedAt = Date.parse(operation.failure?.at ?? operation.startedAt);
  const startedAt = timeOf(Math.max(Date.parse(now), failedAt + 1));
  const again = { ...progress, operation: { ...operation, startedAt } };
  return {
    ...testedAt(again, startedAt),
    hooks: hooks.filter((result) => result.run !== run && !result.run.startsWith(`${run}.`)),
  };
}

/**
 * The progress from which hooks run again if somebody asks for that: those that failed or, where the operation is done, all of it from the
 * first. What is under way goes on. `now` is RFC 3339.
 */
export function withHooksAsked(
  { token, release }: Pick<Observed, 'token' | 'release'>,
  progress: Progress,
  now: string,
): Progress {
  const { operation } = progress;
  if (!operation || token === undefined || !asksForHooks(release.metadata)) return progress;
  // As if the Release had been edited since.
  if (operation.failure)
    return { ...progress, operation: { ...operation, failure: { ...operation.failure, generation: 0 } } };
  if (operation.phase !== 'Done') return progress;
  const { type, version, startedAt } = operation;
  const later = timeOf(Math.max(Date.parse(now), Date.parse(startedAt) + 1));
  const control = controlAtBegin(release.spec, type);
  const again = withoutUndefined({ type, version, from: version, phase: FIRST_PHASE, startedAt: later, control });
  return { ...progress, operation: again, hooks: [] };
}

function timeOf(ms: number): string {
  return new Date(ms).toISOString();
}
