import { trying } from '../pass/trying.ts';
import type { Observed } from '../pass/observed.ts';
import type { DeployServices } from './services.ts';
import { openScope, planIn } from '../plan/scope.ts';
import { attemptPlan, repairRecorder } from './apply.ts';
import { announceRepair, type DeployResult } from './deploy.ts';
import { finishedBefore } from './finished-work.ts';
import type { DeployTarget } from './target.ts';

/**
 * Puts right the drift of what runs while another version cannot come: the first hooks on the way to it failed. While they run nothing
 * is put right, since what they stop or scale is theirs until they end. The failure stays that of the deployment.
 */
export async function hold(
  services: DeployServices,
  observed: Observed,
  running: DeployTarget,
  deployment: DeployResult,
): Promise<DeployResult> {
  const { progress } = deployment;
  const { inventory } = progress;
  const { value, failure: cause } = await trying(async () => {
    // What runs is in the inventory, and so in sight already.
    const scope = deployment.scope ?? (await openScope(services, observed, running.desired, inventory));
    const finished = finishedBefore(services, observed, { desired: running.desired, scope, progress });
    const plan = await planIn(scope, services, observed, running.desired, inventory, finished);
    const failure = await attemptPlan(services, observed, scope, plan, repairRecorder(services, observed));
    if (!failure) announceRepair(services, observed, running.version, plan.writes.length);
    return { progress: { ...progress, finished }, scope, contests: plan.contests, refused: failure?.objects };
  });
  if (cause)
    services.log('warn', 'drift of the running version cannot be corrected', {
      release: observed.key,
      cause: cause.message,
    });
  return { ...deployment, ...value };
}
