import { approvePlan, planToApprove } from '../../client/releases/index.ts';
import { CLUSTER_OPTIONS } from '../cluster-options.ts';
import { readRelease, withCluster } from '../cluster.ts';
import { positionalsOf, readArguments } from '../command.ts';
import type { Command } from '../command.ts';
import { planReport } from './plan-report.ts';
import { WAIT_OPTIONS, waitAndReport } from './wait.ts';

/** `kubectl release approve`. */
export const usage = `Usage: kubectl release approve NAME [--plan DIGEST] [-n NAMESPACE] [--wait [--timeout 5m] [--red-timeout 1m]]

Shows the plan of a release that waits for approval (spec.approval: Manual), and approves it. It is the same as
  kubectl patch release NAME --type=merge -p '{"spec":{"approvedPlan":"DIGEST"}}'
Exactly this plan is carried out: if anything has changed since it was made, it is refused, and a new one waits.

  --plan DIGEST   approve only the plan with this digest, as kubectl release status shows it; exits 1 if another one waits
  --wait          wait until the release is ready`;

/** Its options, for `readArguments`. */
export const options = {
  ...CLUSTER_OPTIONS,
  ...WAIT_OPTIONS,
  plan: { type: 'string' },
} as const;

/** Approves the plan that waits. */
export const run: Command = async (args, terminal) => {
  const { values, positionals } = readArguments(args, options);
  const [name = ''] = positionalsOf(positionals, 1, ['NAME']);
  return withCluster(values, async (cluster) => {
    const release = await readRelease(cluster, name);
    const plan = planToApprove(release, values.plan);
    terminal.out(planReport(plan, terminal));
    const approved = await approvePlan(cluster, name, plan);
    terminal.out(`release.coxswain.dev/${name} approved: the plan for version ${plan.version}`);
    if (values.wait === true) await waitAndReport(cluster, approved, values, terminal);
    return 0;
  });
};
