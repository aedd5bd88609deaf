import {
  TEST_FILTER_ANNOTATION,
  testFiltersIn,
  testTokenOf,
  type Release,
  type TestFilter,
  type TestRun,
} from '../../../crds/index.ts';
import { releaseHealthOf, yellow, type Health } from '../../../resources/index.ts';
import { inTurns } from '../../../turns/index.ts';
import { catchFailure } from '../../pass/failures/catch-failure.ts';
import { isTest, isTested, testFilters } from '../../plan/hooks/chart-tests.ts';
import { areTestsChecks, checksDigest, colourChecks } from '../../plan/strategies/checks.ts';
import { childrenInSteps } from '../../status/children-health.ts';
import { healthChecksOf } from '../../status/health-checks.ts';
import { awaitedTests, inventoryInForce, type Progress } from '../../status/progress.ts';
import { inPhase, leftTests, nextAttempt, testedAt, type CurrentOperation } from '../operation.ts';
import type { StageInput, StageResult } from '../stage.ts';
import { lacksTests } from './colour-checks.ts';
import { failedAttempt } from './hooks.ts';
import { readLog, waitingFor, type HookRunState } from './run.ts';
import { advanceTests, begunTests, endedTests, leftMsOf, type TestsState } from './test-run.ts';

/**
 * Runs the chart's tests: those of a version that was installed or upgraded to, which is over when they have succeeded, and otherwise those
 * that somebody asks for, which hold nothing up. None run beside an operation, nor before every child is Green. Throws KubeError, ReleaseError.
 */
export async function runTests(step: StageInput): Promise<StageResult> {
  const isDue = areTestsDue(step);
  const progress = isDue ? inPhase(step.progress, 'Testing') : step.progress;
  if (isDue && progress.operation?.phase === 'Testing') return testVersion({ ...step, progress });
  if (progress.operation?.phase === 'Testing')
    return { progress: { ...progress, tests: leftTests(progress.tests, new Date().toISOString()) }, isOver: true };
  const isDone = [progress, step.checkpoint.progress].every(({ operation }) => operation?.phase === 'Done');
  return isDone ? testOnRequest(step) : { progress, isOver: true };
}

/** Whether the operation is one whose version is tested, and has something to test it with. */
function areTestsDue({ observed: { release }, target, progress: { operation } }: StageInput): boolean {
  if (!operation || !isTested(operation.type) || wasChecked(release, operation)) return false;
  const filters = testFilters(release.spec);
  return filters !== undefined && target.desired.hooks.some((hook) => isTest(hook, filters));
}

/** Whether the tests have run before the cut, through the preview Service. */
function wasChecked({ spec }: Pick<Release, 'spec'>, { standby }: CurrentOperation): boolean {
  return standby !== undefined && areTestsChecks(spec);
}

/**
 * Checks the colour of a version that comes up beside the one in force; over when the checks have succeeded in this attempt, and where
 * there are none. What is gone back to is not checked. Throws KubeError, ReleaseError.
 */
export async function checkColour(step: StageInput): Promise<StageResult> {
  const { progress, observed } = step;
  const isChecked = colourChecks(observed.release.spec).length > 0;
  if (!isChecked || !progress.operation || !isTested(progress.operation.type))
    return { progress: { ...progress, tests: leftTests(progress.tests, new Date().toISOString()) }, isOver: true };
  return lacksTests(step) ? failedAttempt(step, NO_RUN, { isRemoved: false }, NO_TESTS) : runChecks(step);
}

const NO_RUN = { name: '' };
const NO_TESTS = {
  reason: 'TestFailed',
  message: () =>
    'check: the chart has no test to check the new colour with: remove tests from spec.strategy.checks, or correct spec.tests.filters',
} as const;

async function runChecks(step: StageInput): Promise<StageResult> {
  const { progress, observed } = step;
  const known = awaitedTests(progress);
  const checks = checksDigest(observed.release.spec);
  // What was edited meanwhile begins anew; where a check has failed before, as a new attempt.
  const isEdited = known?.checks !== checks;
  if (isEdited && known?.phase === 'Failed')
    return { progress: nextAttempt(progress, NO_RUN.name, new Date().toISOString()), isOver: false, retryInMs: 0 };
  const run = isEdited ? undefined : known;
  return run?.phase === 'Succeeded' ? { progress, isOver: true } : runToEnd(step, run, checks);
}

/** The tests that an operation waits for. They run in each of its attempts, as its hooks do. */
async function testVersion(step: StageInput): Promise<StageResult> {
  const { progress } = step;
  const known = awaitedTests(progress);
  const unready = known ? undefined : await untilGreen(step);
  return unready ? { progress, isOver: false, waiting: unready } : runToEnd(step, known);
}

async function runToEnd(step: StageInput, known: TestRun | undefined, checks?: string): Promise<StageResult> {
  const { observed, progress, target } = step;
  const { spec } = observed.release;
  const at = Math.max(Date.now(), Date.parse(progress.operation?.startedAt ?? ''));
  const request = requestAnswered(observed.release, progress);
  const made = { version: target.version, at, request, filters: spec.tests?.filters, checks };
  const reached = await advanceTests(step, known ?? begunTests(progress.tests, made));
  switch (reached.state.type) {
    case 'done':
      return { progress: over(ended(reached, 'Succeeded')), isOver: true };
    case 'wait':
      return { ...(await waitingTests(step, reached, reached.state)), isOver: false };
    case 'failed':
      return failedTests({ ...step, progress: ended(reached, 'Failed') }, reached, reached.state);
  }
}

/**
 * The request that the tests of a version answer: one for the same, which is all of them, or one that comes once they have failed. Where
 * requests alone check a colour, none of these is among them.
 */
export function requestAnswered(
  { spec, metadata }: StageInput['observed']['release'],
  { operation }: Pick<Progress, 'operation'>,
): string | undefined {
  const areTests = operation?.phase !== 'Beside' || areTestsChecks(spec);
  const isFiltered = spec.tests?.filters !== undefined || metadata.annotations?.[TEST_FILTER_ANNOTATION] !== undefined;
  const areAll = areTests && !isFiltered;
  return areAll || operation?.failure ? testTokenOf(metadata) : undefined;
}

function ended({ progress }: TestsState, phase: 'Succeeded' | 'Failed'): Progress {
  return progress.tests ? { ...progress, tests: endedTests(progress.tests, phase) } : progress;
}

/** The version need not be Green at the moment at which its tests end: they may have been what it had to work for. */
function over(progress: Progress): Progress {
  return testedAt(progress, new Date().toISOString());
}

/** What a version that is not Green is tested after. */
async function untilGreen({ services, observed, scope, progress }: StageInput): Promise<Health | undefined> {
  const checks = healthChecksOf(observed.release.spec.healthChecks);
  const inForce = { ...progress, inventory: inventoryInForce(progress) };
  const children = await inTurns(childrenInSteps(services, observed, { progress: inForce, scope }, checks, new Date()));
  const health = releaseHealthOf(children?.resources ?? []);
  if (health.health === 'Green') return undefined;
  return yellow(`the tests wait until all is Green: ${health.message ?? 'it is in progress'}`);
}

const HOW_TO_GO_ON =
  'to run the tests again, edit the Release or use kubectl release test; to go on without them, set spec.tests.ignoreFailures';
const HOW_TO_CUT =
  'the version in force goes on serving; to run the checks again, edit the Release or use kubectl release test; to go on without them, remove spec.strategy.checks';

function failedTests(
  step: StageInput,
  { run }: TestsState,
  state: Extract<HookRunState, { type: 'failed' }>,
): StageResult {
  const { observed, progress } = step;
  const { spec } = observed.release;
  const isCheck = progress.operation?.phase === 'Beside';
  if (spec.tests?.ignoreFailures && !isCheck) return { progress: over(progress), isOver: true };
  return failedAttempt({ ...step, progress: askedAgain(step) }, run, state, {
    reason: 'TestFailed',
    message: (again) =>
      isCheck ? `check: ${state.message}${again}; ${HOW_TO_CUT}` : `test: ${state.message}${again}; ${HOW_TO_GO_ON}`,
  });
}

/** Where somebody asks for tests that failed, they run again as after an edit. */
function askedAgain({ observed, progress }: StageInput): Progress {
  const { operation, tests } = progress;
  if (!operation?.failure || unanswered(observed.release, tests) === undefined) return progress;
  return { ...progress, operation: { ...operation, failure: { ...operation.failure, generation: 0 } } };
}

/** What somebody asks for by the annotation, if no run has answered it. */
function unanswered({ metadata }: StageInput['observed']['release'], tests: TestRun | undefined): string | undefined {
  const token = testTokenOf(metadata);
  return token === tests?.request ? undefined : token;
}

async function waitingTests(
  step: StageInput,
  { run, progress }: TestsState,
  wait: Extract<HookRunState, { type: 'wait' }>,
): Promise<Pick<StageResult, 'progress' | 'waiting' | 'retryInMs'>> {
  const waiting = await waitingFor({ ...step, progress }, run, wait);
  const retryInMs = readLog(step, wait) ?? Math.max(0, leftMsOf(step, progress, wait.ref));
  return { progress, waiting, retryInMs };
}

const RETRY_MS = 5_000;

/**
 * The tests that somebody asks for while nothing is under way. Whatever becomes of them is in the status and nowhere else: neither the
 * health of the Release nor what is applied depends on it.
 */
async function testOnRequest(step: StageInput): Promise<StageResult> {
  const { progress } = step;
  const begun = requestedTests(step);
  if (!begun || !progress.operation) return { progress, isOver: true };
  // What was asked for cannot be understood: nothing runs.
  if (begun.phase !== 'Running') return { progress: { ...progress, tests: begun }, isOver: true };
  const { value: reached, failure } = await catchFailure(async () => {
    const state = await advanceTests(step, begun);
    if (state.state.type !== 'wait')
      return { progress: ended(state, state.state.type === 'done' ? 'Succeeded' : 'Failed') };
    const { progress: now, retryInMs } = await waitingTests(step, state, state.state);
    return { progress: now, retryInMs };
  });
  if (reached) return { ...reached, isOver: true };
  const stored = step.checkpoint.progress.tests;
  const tests = stored?.startedAt === begun.startedAt ? stored : begun;
  if (!failure?.stalled) return { progress: { ...progress, tests }, isOver: true, retryInMs: RETRY_MS };
  return { progress: { ...progress, tests: endedTests(tests, 'Failed', failure.message) }, isOver: true };
}

function requestedTests({ observed: { release }, progress, target }: StageInput): TestRun | undefined {
  const { tests } = progress;
  if (tests?.phase === 'Running' && tests.version === target.version) return tests;
  const request = unanswered(release, tests);
  if (request === undefined) return undefined;
  const filters = filtersAsked(release);
  const begun = begunTests(tests, { version: target.version, at: Date.now(), request, filters: filters?.read });
  return filters?.problem === undefined ? begun : endedTests(begun, 'Failed', filters.problem);
}

function filtersAsked({
  metadata: { annotations = {} },
}: StageInput['observed']['release']): { read?: TestFilter[]; problem?: string } | undefined {
  const text = annotations[TEST_FILTER_ANNOTATION];
  if (text === undefined) return undefined;
  const read = testFiltersIn(text);
  return read ? { read } : { problem: `${TEST_FILTER_ANNOTATION} is not a filter such as name=api,!name=slow` };
}
