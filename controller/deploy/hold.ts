import { failureOf, saysLookAgain } from '../pass/failures.ts';
import type { Context, Pass } from '../pass/context.ts';
import { openScope, planIn } from '../plan/scope.ts';
import { attemptPlan, repairsOf } from './apply.ts';
import { announceRepair, type Deployment } from './deploy.ts';
import { finishedBefore } from './finished-work.ts';
import type { DeployTarget } from './target.ts';

/**
 * Puts right the drift of what runs while another version cannot come: the first hooks on the way to it failed. While they run nothing
 * is put right, since what they stop or scale is theirs until they end. The failure stays that of the deployment.
 */
export async function hold(
  context: Context,
  pass: Pass,
  running: DeployTarget,
  deployment: Deployment,
): Promise<Deployment> {
  try {
    const { inventory } = deployment.progress;
    // What runs is in the inventory, and so in sight already.
    const scope = deployment.scope ?? (await openScope(context, pass, running.desired, inventory));
    const { progress } = deployment;
    const finished = finishedBefore(context, pass, { desired: running.desired, scope, progress });
    const plan = await planIn(scope, context, pass, running.desired, inventory, finished);
    const failure = await attemptPlan(context, pass, scope, plan, repairsOf(context, pass));
    if (!failure) announceRepair(context, pass, running.version, plan.operations.length);
    return {
      ...deployment,
      progress: { ...progress, finished },
      scope,
      contests: plan.contests,
      refused: failure?.objects,
    };
  } catch (error) {
    if (saysLookAgain(error)) throw error;
    context.log('warn', 'what runs cannot be held', { release: pass.key, cause: failureOf(error).message });
    return deployment;
  }
}
