import { keyOf, numberAt, refOf, titleOf, yellow, type Health } from '../../../resources/index.ts';
import { leavesDrift } from '../../plan/drift.ts';
import type { DesiredObject } from '../../plan/desired.ts';
import { inventoryOf, planIn } from '../../plan/scope.ts';
import { childrenOf } from '../../status/children-health.ts';
import { healthChecksOf } from '../../status/health-checks.ts';
import { awaitedTests, isSameProgress, unionOf, type Progress } from '../../status/progress.ts';
import { attemptPlan, repairRecorder } from '../apply.ts';
import { finishedBefore } from '../finished-work.ts';
import { checkColour } from '../hooks/tests.ts';
import { inPhase } from '../operation.ts';
import type { StageInput, StageResult } from '../stage.ts';
import type { Beside } from './colours.ts';

/**
 * Brings up the colour of a version beside the one in force, which is held to meanwhile; a colour that came up before and is left goes. Over
 * once the new one is Green and its checks have succeeded, and where there is nothing beside.
 */
export async function comeUpBeside(step: StageInput): Promise<StageResult> {
  const { services, observed, scope, checkpoint, beside } = step;
  if (!beside) return { progress: step.progress, isOver: true };
  const { desired, ahead } = beside;
  const before = step.progress.inventory;
  const finished = finishedBefore(services, observed, { desired, scope, progress: step.progress });
  const plan = await planIn(scope, services, observed, desired, before, finished);
  const inventory = unionOf(before, inventoryOf(desired, scope, before));
  const progress = { ...begunAt(step.progress, new Date().toISOString()), inventory, finished, standby: [] };
  // Objects are listed before they exist.
  if (!isSameProgress(progress, checkpoint.progress)) await checkpoint.store(progress);
  const isDue = (key: string): boolean => ahead.has(key) || !leavesDrift(observed.release.spec);
  const writes = plan.writes.filter(({ type, ref }) => type === 'delete' || isDue(keyOf(ref)));
  const recorder = repairRecorder(services, observed);
  const { failure } = await attemptPlan(services, observed, scope, { ...plan, writes }, recorder, 'beside');
  const { contests } = plan;
  if (failure) return { progress, isOver: false, failure, contests };
  const waiting = notYetGreen(step, beside);
  if (waiting && !awaitedTests(progress)) return { progress, isOver: false, waiting, contests };
  const checked = { contests, ...(await checkColour({ ...step, progress })) };
  return checked.isOver && waiting ? { ...checked, isOver: false, waiting } : checked;
}

/** The progress in the phase Beside, with the time at which that began: a version is given time from then on. */
function begunAt(progress: Progress, now: string): Progress {
  const { operation, ...rest } = inPhase(progress, 'Beside');
  return { ...rest, operation: operation && { ...operation, appliedAt: operation.appliedAt ?? now } };
}

/** What the cut waits for; undefined once it is due. */
function notYetGreen(step: StageInput, beside: Beside): Health | undefined {
  const { services, observed, scope, target, progress } = step;
  const inventory = beside.awaited.map(({ object }) => refOf(object));
  const checks = healthChecksOf(observed.release.spec.healthChecks);
  const children = childrenOf(services, observed, { progress: { inventory }, scope }, checks, new Date());
  const row = children?.resources.find(({ health }) => health !== 'Green');
  const cause = row ? `${titleOf(row)}: ${row.message ?? 'not ready yet'}` : noPods(step, beside);
  if (cause === undefined) return undefined;
  const text = `version ${target.version} comes up beside version ${progress.version}, which serves: ${cause}`;
  return { ...yellow(text), health: row?.health ?? 'Yellow' };
}

/** A Deployment that was scaled to nothing is Green: but not to lead to instead of one that has pods. */
function noPods({ scope }: StageInput, { awaited, left }: Beside): string | undefined {
  const hasPods = ({ object }: DesiredObject): boolean =>
    (numberAt(scope.live(refOf(object)), 'status', 'availableReplicas') ?? 0) > 0;
  const [first] = awaited;
  if (!first || awaited.some(hasPods) || !left.some(hasPods)) return undefined;
  return `${titleOf(refOf(first.object))} has no pods`;
}
