import type { Release, ReleasePlan } from '../../crds/index.ts';
import { ClientError } from '../messages/index.ts';
import { setInSpec } from './edit-release.ts';
import type { Cluster } from './cluster.ts';

/** Approves a plan by its digest; with a `generation`, as `setInSpec`. Throws KubeError. */
export async function approvePlan(
  cluster: Cluster,
  name: string,
  { digest }: Pick<ReleasePlan, 'digest'>,
  generation?: number,
): Promise<Release> {
  return setInSpec(cluster, name, { approvedPlan: digest }, generation);
}

/** The plan that waits. Throws ClientError NotFound where there is none, or another one than the user names. */
export function planToApprove({ metadata: { name }, status }: Release, digest: string | undefined): ReleasePlan {
  const { plan } = status ?? {};
  if (plan === undefined) throw new ClientError('NotFound', `release "${name}" has no change that waits for approval`);
  if (digest === undefined || digest === plan.digest) return plan;
  throw new ClientError(
    'NotFound',
    `the plan of release "${name}" that waits is ${plan.digest}, made at ${plan.madeAt}`,
  );
}
