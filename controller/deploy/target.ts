import type { Operation, ReleaseStatus } from '../../crds/index.ts';
import { present } from '../pass/present.ts';
import type { Desired } from '../plan/desired.ts';
import type { Target } from '../versions/target.ts';

/** What a deploy brings the cluster to: the objects of a version, or none of them where it deletes, and the hooks on the way. */
export interface DeployTarget {
  version: number;
  operation: Operation;
  desired: Desired;
  /** Digest of the valuesFrom data that counts as seen. */
  inputs: string | undefined;
  /** The chart that is in force once everything is applied. */
  chart: ReleaseStatus['chart'];
}

/** A recorded version as the target of a deploy. */
export function deployTargetOf({ version, operation, desired, inputs, history, verified }: Target): DeployTarget {
  const { name, version: chartVersion, appVersion, digest } = history.spec.resolved;
  const chart = present({ name, version: chartVersion, appVersion, digest, verified });
  return { version, operation, desired, inputs, chart };
}
