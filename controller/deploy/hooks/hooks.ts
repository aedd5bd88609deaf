import type { HookEvent } from '../../../chart-renderer/index.ts';
import type { Operation, Reason, Release } from '../../../crds/index.ts';
import { withGeneratedName, type ObjectRef } from '../../../resources/index.ts';
import { durationMs } from '../../pass/duration.ts';
import { earliest } from '../../pass/earliest.ts';
import { ReleaseError } from '../../pass/failures/errors.ts';
import { failureOf } from '../../pass/failures/failures.ts';
import type { DesiredHook } from '../../plan/desired.ts';
import type { Progress } from '../../status/progress.ts';
import { hookRetries, isRetryDue, nextAttempt, retryInMs, withFailure } from '../operation.ts';
import type { StageResult, StageInput } from '../stage.ts';
import { advance, awaitKindsOf, liveOf, readLog, waitingFor, type HookRun, type HookRunState } from './run.ts';

/** Before anything is written, and after everything was. */
type HookPhase = 'Before' | 'After';

/** The events of Helm's hooks, by the operation and the phase of it that they belong to. What is taken over was installed before. */
export const OPERATION_EVENTS: Record<Exclude<Operation, 'Adopt'>, Record<HookPhase, HookEvent>> = {
  Install: { Before: 'pre-install', After: 'post-install' },
  Upgrade: { Before: 'pre-upgrade', After: 'post-upgrade' },
  Rollback: { Before: 'pre-rollback', After: 'post-rollback' },
  Delete: { Before: 'pre-delete', After: 'post-delete' },
};

/** The hooks, each with a name: those with a generateName get a new one for each attempt. */
export function namedHooks(hooks: readonly DesiredHook[], { operation }: Progress): DesiredHook[] {
  return hooksNamedBy(hooks, `${operation?.version} ${operation?.startedAt}`);
}

/** The hooks, each with a name that follows from `attempt` if it has none. */
export function hooksNamedBy(hooks: readonly DesiredHook[], attempt: string): DesiredHook[] {
  return hooks.map((hook, index) => ({ ...hook, object: withGeneratedName(hook.object, `${attempt} ${index}`) }));
}

/** The hooks of one event in one attempt of an operation. */
interface EventRun extends HookRun {
  event: HookEvent;
}

/**
 * Runs the hooks of a phase as far as they go without waiting. Over when all have run, or if the phase is not the present one. What a hook
 * waits for brings the Release back by an event. Throws KubeError, ReleaseError Progressing.
 */
export async function runHooks(step: StageInput, phase: HookPhase): Promise<StageResult> {
  const { operation } = step.progress;
  if (operation?.phase !== phase || operation.type === 'Adopt' || skipsHooks(step.observed.release, operation.type))
    return { progress: step.progress, isOver: true };
  const event = OPERATION_EVENTS[operation.type][phase];
  const hooks = step.target.desired.hooks.filter(({ events }) => events.includes(event));
  if (hooks.length === 0) return { progress: step.progress, isOver: true };
  awaitKindsOf(hooks);
  return runEvent(step, event, hooks);
}

/** Whether no hooks run in an operation of a Release. */
export function skipsHooks({ spec }: Pick<Release, 'spec'>, operation: Operation): boolean {
  return spec.hooks === 'Skip' || (operation === 'Delete' && spec.uninstall?.hooks === 'Skip');
}

async function runEvent(step: StageInput, event: HookEvent, hooks: DesiredHook[]): Promise<StageResult> {
  const run = runOf(event, hooks, step.progress);
  const { progress, state } = await advance(step, run);
  switch (state.type) {
    case 'done':
      return { progress, isOver: true };
    case 'wait':
      return waitingStage({ ...step, progress }, run, state);
    case 'failed':
      return failedStage({ ...step, progress }, run, state);
  }
}

function runOf(event: HookEvent, hooks: DesiredHook[], progress: Progress): EventRun {
  return {
    event,
    hooks,
    name: runName(event, progress),
    resultsIn: (now) => now.hooks,
    withResults: (now, results) => ({ ...now, hooks: results }),
    isStored: (stored, now) => stored.operation?.startedAt === now.operation?.startedAt,
    store: async (at) => at.checkpoint.store(at.progress),
  };
}

/** Named after the beginning of the attempt. */
function runName(event: HookEvent, { operation }: Progress): string {
  return `${operation?.version}.${event}.${Date.parse(operation?.startedAt ?? '')}`;
}

/** The result of a phase whose hooks failed. If another attempt is due, the next pass makes it, at once. */
function failedStage(step: StageInput, run: EventRun, state: Extract<HookRunState, { type: 'failed' }>): StageResult {
  const { message } = state;
  const failed = failedAttempt(step, run, state, {
    reason: 'HookFailed',
    message: (again) => `${run.event}: ${message}${again}; ${HOW_TO_GO_ON}; ${howToSkip(step.progress)}`,
  });
  const isIgnored = run.event === 'post-delete' && failed.failure !== undefined;
  return isIgnored ? ignoredFailure({ ...step, progress: failed.progress }, message) : failed;
}

/** How a failure is reported: `again` says when another attempt is made, if one is. */
interface FailureReport {
  reason: Extract<Reason, 'HookFailed' | 'TestFailed'>;
  message: (again: string) => string;
}

/** The result of a stage whose hooks or tests failed. If another attempt is due, the next pass makes it, at once. */
export function failedAttempt(
  { observed, progress }: StageInput,
  { name }: Pick<HookRun, 'name'>,
  { isRemoved }: Pick<Extract<HookRunState, { type: 'failed' }>, 'isRemoved'>,
  report: FailureReport,
): StageResult {
  const { generation } = observed.release.metadata;
  const now = new Date().toISOString();
  const operation = progress.operation && withFailure(progress.operation, generation, now);
  if (!operation) return { progress, isOver: true };
  const failed = { ...progress, operation };
  const retry = { generation, isRemoved, retries: hookRetries(observed.release.spec), now };
  if (isRetryDue(operation, retry)) {
    return { progress: nextAttempt(failed, name, now), isOver: false, retryInMs: 0 };
  }
  const dueInMs = retryInMs(operation, retry);
  const isCounted = dueInMs !== undefined && !isRemoved && operation.type !== 'Delete';
  const again = isCounted ? `; runs again at ${new Date(Date.parse(now) + dueInMs).toISOString()}` : '';
  const error = new ReleaseError(report.reason, report.message(again), isCounted ? { retry: 'soon' } : {});
  return { progress: failed, isOver: false, failure: failureOf(error), retryInMs: dueInMs };
}

const HOW_TO_GO_ON =
  'to run it again, edit the Release, delete the hook object, or use kubectl release reconcile --rerun-hooks';

function howToSkip({ operation }: Progress): string {
  return `to go on without it, set ${operation?.type === 'Delete' ? 'spec.uninstall.hooks' : 'spec.hooks'} to Skip`;
}
const LATE = 'for longer than spec.timeout';

/** As in Helm, a post-delete hook that fails does not stop the deletion: all that it was to follow is gone already. */
function ignoredFailure({ services, observed, progress }: StageInput, why: string): StageResult {
  const message = `post-delete: ${why}; the Release is deleted anyway`;
  services.events.record({ object: observed.release, type: 'Warning', reason: 'HookFailed', message });
  services.log('warn', 'post-delete hook failed', { release: observed.key, cause: why });
  return { progress, isOver: true };
}

/**
 * The result of a phase that waits: for what, with the cause that its pods show and, if it is late, a way out. A post-delete hook that is
 * late is not waited for any longer.
 */
async function waitingStage(
  step: StageInput,
  run: EventRun,
  wait: Extract<HookRunState, { type: 'wait' }>,
): Promise<StageResult> {
  const leftMs = leftMsOf(step, run, wait.ref);
  const isLate = leftMs !== undefined && leftMs <= 0;
  if (isLate && run.event === 'post-delete') return ignoredFailure(step, `${wait.health.message}, ${LATE}`);
  const health = await waitingFor(step, run, wait);
  const waiting = isLate
    ? {
        ...health,
        message: `${health.message}, ${LATE}; to start it again, delete the hook object; ${howToSkip(step.progress)}`,
      }
    : health;
  const retryInMs = earliest(readLog(step, wait), isLate ? undefined : leftMs);
  return { progress: step.progress, isOver: false, waiting, retryInMs };
}

function leftMsOf(step: StageInput, run: HookRun, ref: ObjectRef): number | undefined {
  const since = liveOf(step, run, ref)?.metadata.creationTimestamp;
  const { timeout } = step.observed.release.spec;
  return since === undefined ? undefined : Date.parse(since) + durationMs(timeout) - Date.now();
}
