import type { TestFilter, TestResult, TestRun } from '../../../crds/index.ts';
import { plainText, titleOf, type HookResult, type ObjectRef, withoutUndefined } from '../../../resources/index.ts';
import { durationMs } from '../../pass/duration.ts';
import { desiredHooks, type DesiredHook } from '../../plan/desired.ts';
import { isTest } from '../../plan/hooks/chart-tests.ts';
import { openScope } from '../../plan/scope.ts';
import type { Progress } from '../../status/progress.ts';
import type { StageInput } from '../stage.ts';
import { colourCheckHooks } from './colour-checks.ts';
import { hooksNamedBy } from './hooks.ts';
import { advance, awaitKindsOf, type HookRun, type HookRunState } from './run.ts';

/** What a new run of tests is made of. */
export interface NewTests {
  version: number;
  /** Milliseconds since 1970. No two runs of a Release begin at the same time. */
  at: number;
  /** The request that it answers. */
  request: string | undefined;
  filters: readonly TestFilter[] | undefined;
  /** For checks: a digest of what they are. */
  checks?: string | undefined;
}

/** A run of tests that begins; a request that was answered before stays answered. */
export function begunTests(before: TestRun | undefined, { version, at, request, filters, checks }: NewTests): TestRun {
  const last = before === undefined ? at : Date.parse(before.startedAt) + 1;
  return withoutUndefined({
    version,
    phase: 'Running' as const,
    startedAt: timeOf(Math.max(at, last)),
    request: request ?? before?.request,
    filters: filters?.map((filter) => ({ ...filter, name: plainText(filter.name) })),
    checks,
    results: [],
  });
}

/** A run of tests that is over; one that was over before stays as it is. */
export function endedTests(tests: TestRun, phase: 'Succeeded' | 'Failed', message?: string): TestRun {
  if (tests.phase === phase) return tests;
  return withoutUndefined({ ...tests, phase, completedAt: timeOf(Date.now()), message });
}

/** How far tests have come, and the run that they are. */
export interface TestsState {
  progress: Progress;
  run: HookRun;
  state: HookRunState;
}

/** Runs tests as far as they go without waiting; one that has not ended in time has failed. Throws KubeError, ReleaseError. */
export async function advanceTests(step: StageInput, tests: TestRun): Promise<TestsState> {
  const run = await runOf(step, tests);
  let progress: Progress = { ...step.progress, tests };
  for (;;) {
    const reached = await advance({ ...step, progress }, run);
    const { state } = reached;
    if (state.type !== 'wait' || leftMsOf(step, reached.progress, state.ref) > 0) return { ...reached, run };
    const results = run.resultsIn(reached.progress);
    const late = afterTimeout({ name: run.name, count: run.hooks.length, results }, state, timeoutOf(step));
    if (!late) return { ...reached, run };
    if ('state' in late) return { ...reached, run, state: late.state };
    const others = results.filter((result) => !isSameTest(result, late.result));
    progress = run.withResults(reached.progress, [...others, late.result]);
  }
}

/** A run of tests that waits for longer than it may. */
interface LateRun {
  name: string;
  /** How many tests it has. */
  count: number;
  results: readonly HookResult[];
}

/**
 * What becomes of a run that waits for too long: the test has failed, or, where it had ended and only its object does not go away, the run
 * is over. Undefined where it waits for the log of a test that has ended: that has a limit of its own.
 */
export function afterTimeout(
  { name, count, results }: LateRun,
  { ref, health, log }: Extract<HookRunState, { type: 'wait' }>,
  timeout: string,
): { result: HookResult } | { state: HookRunState } | undefined {
  if (log) return undefined;
  const { kind, name: testName } = ref;
  const cause = (health.message ?? '').replace(`${titleOf(ref)}: `, '');
  const message = `has not ended within ${timeout}: ${cause}`;
  const known = results.filter((result) => titleOf(result) === titleOf(ref));
  const running = known.find(({ phase }) => phase === 'Running');
  if (running || known.length === 0) {
    return { result: { run: running?.run ?? name, kind, name: testName, phase: 'Failed', message } };
  }
  const failed = results.find(({ phase }) => phase === 'Failed');
  if (!failed && results.length >= count) return { state: { type: 'done' } };
  return { state: { type: 'failed', message: failureText(failed ?? { ...ref, message }), isRemoved: false } };
}

function failureText(test: Pick<HookResult, 'kind' | 'name' | 'message'>): string {
  return `hook ${titleOf(test)}: ${test.message ?? 'failed'}`;
}

async function runOf(step: StageInput, { version, startedAt, filters }: TestRun): Promise<HookRun> {
  const { services, observed, target, progress } = step;
  const name = `${version}.test.${Date.parse(startedAt)}`;
  const isBeforeCut = progress.operation?.phase === 'Beside';
  const wanted = isBeforeCut ? colourCheckHooks(step) : await chartTests(step, filters);
  const hooks = hooksNamedBy(wanted, name);
  awaitKindsOf(hooks);
  const { desired } = target;
  // Before the cut all of them are among the hooks of the version, which are watched already.
  if (hooks.length > 0 && !isBeforeCut)
    await openScope(services, observed, { ...desired, hooks: [...desired.hooks, ...hooks] }, progress.inventory);
  const isAwaited = isBeforeCut || progress.operation?.phase === 'Testing';
  return {
    hooks,
    name,
    resultsIn: (now) => now.tests?.results ?? [],
    withResults: (now, results) =>
      now.tests ? { ...now, tests: { ...now.tests, results: timed(now.tests, results) } } : now,
    isStored,
    store: async ({ checkpoint, progress: now }) =>
      isAwaited ? checkpoint.store(now) : checkpoint.storeTests(now.tests),
  };
}

async function chartTests(
  { services, observed, target }: StageInput,
  filters: TestRun['filters'],
): Promise<DesiredHook[]> {
  const all = target.record ? await desiredHooks(services, observed, target.record, ['test']) : [];
  return all.filter((hook) => isTest(hook, filters));
}

function isStored({ operation, tests }: Progress, now: Progress): boolean {
  return operation?.startedAt === now.operation?.startedAt && tests?.startedAt === now.tests?.startedAt;
}

/** The results, each with the times at which it was first seen to have begun and ended. */
function timed({ results: before }: TestRun, results: readonly HookResult[]): TestResult[] {
  const now = timeOf(Date.now());
  return results.map((result) => {
    const known = before.find((other) => isSameTest(other, result));
    const isOver = result.phase !== 'Running';
    const startedAt = known?.startedAt ?? now;
    return { ...result, startedAt, ...(isOver && { completedAt: known?.completedAt ?? now }) };
  });
}

function isSameTest(a: HookResult, b: HookResult): boolean {
  return a.run === b.run && titleOf(a) === titleOf(b);
}

/** Milliseconds that the test which is waited for has left. */
export function leftMsOf(step: StageInput, progress: Progress, ref: ObjectRef): number {
  const { tests } = progress;
  const running = runningOf(progress, ref);
  const ended = tests?.results.flatMap(({ completedAt }) => completedAt ?? []).at(-1);
  // Before it runs, an object of an earlier run is on its way out.
  const since = running?.startedAt ?? ended ?? tests?.startedAt ?? timeOf(Date.now());
  return Date.parse(since) + durationMs(timeoutOf(step)) - Date.now();
}

function timeoutOf({ observed: { release } }: StageInput): string {
  return release.spec.tests?.timeout ?? release.spec.timeout;
}

function runningOf({ tests }: Progress, ref: ObjectRef): TestResult | undefined {
  return tests?.results.find((result) => result.phase === 'Running' && titleOf(result) === titleOf(ref));
}

function timeOf(ms: number): string {
  return new Date(ms).toISOString();
}
