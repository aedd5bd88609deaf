import { keyOf, numberAt, refOf, titleOf, titleOfObject, yellow, type Health } from '../../../resources/index.ts';
import { leavesDrift } from '../../plan/drift.ts';
import type { DesiredObject } from '../../plan/desired.ts';
import { colourChecks } from '../../plan/strategies/checks.ts';
import { inventoryOf, planIn } from '../../plan/scope.ts';
import { childrenOf } from '../../status/children-health.ts';
import { healthChecksOf } from '../../status/health-checks.ts';
import { awaitedTests, isSameProgress, unionOf, type Progress } from '../../status/progress.ts';
import { attemptPlan, repairRecorder } from '../apply.ts';
import { finishedBefore } from '../finished-work.ts';
import { checkColour } from '../hooks/tests.ts';
import { inPhase } from '../operation.ts';
import type { StageInput, StageResult } from '../stage.ts';

/**
 * Brings up the colour of a version beside the one in force, which is kept in place meanwhile; a colour that came up before and is no
 * longer wanted goes. Over once the new one is Green and its checks have succeeded, and where there is nothing beside.
 */
export async function comeUpBeside(step: StageInput): Promise<StageResult> {
  const { services, observed, scope, checkpoint, beside } = step;
  if (!beside) return { progress: step.progress, isOver: true };
  const desired = hasFailed(step) ? beside.withheld : beside.desired;
  const before = step.progress.inventory;
  const finished = finishedBefore(services, observed, { desired, scope, progress: step.progress });
  const plan = await planIn(scope, services, observed, desired, before, finished);
  const inventory = unionOf(before, inventoryOf(desired, scope, before));
  const progress = { ...begunAt(step.progress, new Date().toISOString()), inventory, finished, standby: [] };
  // Objects are listed before they exist.
  if (!isSameProgress(progress, checkpoint.progress)) await checkpoint.store(progress);
  const isDue = (key: string): boolean => beside.ahead.has(key) || !leavesDrift(observed.release.spec);
  const writes = plan.writes.filter(({ type, ref }) => type === 'delete' || isDue(keyOf(ref)));
  const recorder = repairRecorder(services, observed);
  const { failure } = await attemptPlan(services, observed, scope, { ...plan, writes }, recorder, 'beside');
  const { contests } = plan;
  if (failure) return { progress, isOver: false, failure, contests };
  return { contests, ...(await checked({ ...step, progress })) };
}

/** Whether a check has failed: where the Service leads to the pods of both versions, those of the new one go. */
function hasFailed({ progress, observed }: StageInput): boolean {
  return awaitedTests(progress)?.phase === 'Failed' && colourChecks(observed.release.spec).length > 0;
}

/** How far a colour that comes up has come: until it is Green, its checks do not begin, and at their end it has to be Green again. */
async function checked(step: StageInput): Promise<StageResult> {
  const { progress } = step;
  const waiting = hasFailed(step) ? undefined : notYetGreen(step);
  if (waiting && !awaitedTests(progress)) return { progress, isOver: false, waiting };
  const reached = await checkColour(step);
  const isTold = reached.isOver || waiting?.health === 'Red';
  return waiting && isTold ? { ...reached, isOver: false, waiting } : reached;
}

/** The progress in the phase Beside, with the time at which that began: a version is given time from then on. */
function begunAt(progress: Progress, now: string): Progress {
  const { operation, ...rest } = inPhase(progress, 'Beside');
  return { ...rest, operation: operation && { ...operation, appliedAt: operation.appliedAt ?? now } };
}

/** What the cut waits for; undefined once it is due. */
function notYetGreen(step: StageInput): Health | undefined {
  const unready = notGreen(step);
  if (!unready) return undefined;
  const { target, progress } = step;
  const text = `version ${target.version} comes up beside version ${progress.version}, which serves: ${unready.message}`;
  return { ...unready, message: text };
}

/** The health of the first of the objects that a cut waits for that is not Green, a Red one if there is one; undefined if all are. */
export function notGreen(step: StageInput): Health | undefined {
  const { services, observed, scope, awaited } = step;
  const inventory = awaited.map(({ object }) => refOf(object));
  const checks = healthChecksOf(observed.release.spec.healthChecks);
  const rows = childrenOf(services, observed, { progress: { inventory }, scope }, checks, new Date())?.resources ?? [];
  const row = rows.find(({ health }) => health === 'Red') ?? rows.find(({ health }) => health !== 'Green');
  return row ? { health: row.health, message: `${titleOf(row)}: ${row.message ?? 'not ready yet'}` } : noPods(step);
}

/** A Deployment that was scaled to nothing is Green, but no Service is led to it in place of one that has pods. */
function noPods({ scope, awaited, standby }: StageInput): Health | undefined {
  const hasPods = ({ object }: DesiredObject): boolean =>
    (numberAt(scope.live(refOf(object)), 'status', 'availableReplicas') ?? 0) > 0;
  const [first] = awaited;
  if (!first || awaited.some(hasPods) || !standby.some(hasPods)) return undefined;
  return yellow(`${titleOfObject(first.object)} has no pods`);
}
