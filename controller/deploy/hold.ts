import { isWork, keyOf, keyOfObject, refOf, type Plan } from '../../resources/index.ts';
import { catchFailure } from '../pass/failures/catch-failure.ts';
import type { Failure } from '../pass/failures/failures.ts';
import type { Observed } from '../pass/observed.ts';
import { appliedDigestOf } from '../pass/ownership.ts';
import type { DesiredObject } from '../plan/desired.ts';
import type { DeployServices } from './services.ts';
import { driftIn, leavesDrift } from '../plan/drift.ts';
import { openScope, planIn, type Scope } from '../plan/scope.ts';
import type { Progress } from '../status/progress.ts';
import { attemptPlan, repairRecorder } from './apply.ts';
import { announceRepair, repairText, type DeployResult } from './deploy.ts';
import { leadsElsewhere } from './colours/cut.ts';
import { sparingStandby } from './colours/standby.ts';
import { finishedBefore } from './finished-work.ts';
import type { DeployTarget } from './target.ts';

/**
 * Corrects drift of the running version, or only looks for it, while the next one cannot be applied because its first hooks failed. While
 * these hooks run, nothing is corrected: what they stop or scale stays that way until they end. The failure is still that of the deploy.
 */
export async function hold(
  services: DeployServices,
  observed: Observed,
  running: DeployTarget,
  deployment: DeployResult,
): Promise<DeployResult> {
  const { progress } = deployment;
  const { inventory } = progress;
  const { value, failure: cause } = await catchFailure(async () => {
    // The objects of the running version are in the inventory, and so watched already.
    const scope = deployment.scope ?? (await openScope(services, observed, running.desired, inventory));
    const finished = finishedBefore(services, observed, { desired: running.desired, scope, progress });
    if (leavesDrift(observed.release.spec)) {
      const drift = await driftIn(scope, services, observed, running.desired, inventory, finished);
      return { progress: { ...progress, finished }, scope, drift };
    }
    const all = await planIn(scope, services, observed, running.desired, inventory, finished);
    const plan = heldPlan(all, running, progress, scope);
    const repair = repairText(plan, scope, running.version);
    const { failure } = await attemptPlan(services, observed, scope, plan, repairRecorder(services, observed));
    if (!failure) announceRepair(services, observed, repair);
    return { progress: { ...progress, finished }, scope, contests: plan.contests, refused: failure?.objects };
  });
  if (cause) logUncorrected(services, observed, cause);
  return { ...deployment, ...value };
}

/** Without the objects of a colour that is kept; and no Service leads to a version that never came into force. */
function heldPlan(all: Plan, { version }: DeployTarget, progress: Progress, { live }: Pick<Scope, 'live'>): Plan {
  const plan = sparingStandby(all, progress);
  const isWhole = version === progress.version || progress.standby.length === 0;
  return isWhole ? plan : { ...plan, writes: plan.writes.filter((write) => !leadsElsewhere(write, live)) };
}

/**
 * Keeps those objects as `running` has them, the version that the operation goes on from or the one in force, that the API server has refused
 * as the next one has them and that are known to be as `running` has them; all others stay. Deletes nothing. The refusal stays the failure to
 * report.
 */
export async function holdRefused(
  services: DeployServices,
  observed: Observed,
  running: DeployTarget,
  deployment: DeployResult,
): Promise<DeployResult> {
  const { progress, scope, refused } = deployment;
  if (!scope || !refused || leavesDrift(observed.release.spec)) return deployment;
  const { live } = scope;
  const isWhole = progress.operation?.from === progress.version;
  const objects = heldAmong(running.desired.objects, { refused, live, isWhole });
  if (objects.length === 0) return deployment;
  const held = new Set(objects.map(({ object }) => keyOfObject(object)));
  const inventory = progress.inventory.filter((entry) => held.has(keyOf(entry)));
  const desired = { ...running.desired, objects };
  const { failure } = await catchFailure(async () => {
    const plan = await planIn(scope, services, observed, desired, inventory, progress.finished);
    if (plan.writes.length === 0) return;
    const repair = repairText(plan, scope, running.version);
    const record = repairRecorder(services, observed);
    const outcome = await attemptPlan(services, observed, scope, plan, record, `held as ${running.version}`);
    if (outcome.failure) logUncorrected(services, observed, outcome.failure);
    else announceRepair(services, observed, repair);
  });
  if (failure) logUncorrected(services, observed, failure);
  return deployment;
}

/** What shows how refused objects were applied last. */
interface LastApplied extends Pick<Scope, 'live'> {
  refused: ReadonlyMap<string, unknown>;
  /** Whether all of the version was applied, and nothing of another one since. */
  isWhole: boolean;
}

/**
 * The refused objects among those of a version that are known to have been applied as it has them; others stay as they are. An object that
 * is gone was applied, if all of the version was and nothing of another one since; but if it stands for work, that may be done.
 */
export function heldAmong(
  objects: readonly DesiredObject[],
  { refused, live: find, isWhole }: LastApplied,
): DesiredObject[] {
  return objects.filter(({ object }) => {
    const ref = refOf(object);
    if (!refused.has(keyOf(ref))) return false;
    const live = find(ref);
    return live ? appliedDigestOf(live) === appliedDigestOf(object) : isWhole && !isWork(object);
  });
}

function logUncorrected({ log }: Pick<DeployServices, 'log'>, { key }: Observed, { message }: Failure): void {
  log('warn', 'drift of the running version cannot be corrected', { release: key, cause: message });
}
