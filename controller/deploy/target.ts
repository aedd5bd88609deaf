import type { ChartSpec, Operation, ReleaseStatus } from '../../crds/index.ts';
import { followsRange, type VersionRecord } from '../../records/index.ts';
import { withoutUndefined } from '../../resources/index.ts';
import type { Desired } from '../plan/desired.ts';
import type { Target } from '../versions/target.ts';

/** What a deploy brings the cluster to: the objects of a version, or none for a deletion, and the hooks on the way. */
export interface DeployTarget {
  version: number;
  operation: Operation;
  desired: Desired;
  /** What the tests are read from; absent for a deletion. */
  record?: VersionRecord;
  /** Digest of the valuesFrom data that counts as seen. */
  inputs: string | undefined;
  /** The range that is followed, and the digest that it counts as resolved to. */
  followed: ReleaseStatus['followed'];
  /** Digest of the cluster's answers that change nothing in the version. */
  cluster: string | undefined;
  /** Digest of the content that a rollback left. */
  leftContent: string | undefined;
  /** The chart that is in force once everything is applied. */
  chart: ReleaseStatus['chart'];
}

/** A recorded version as the target of a deploy. */
export function deployTargetOf({
  version,
  operation,
  desired,
  baseline,
  history,
  record,
  verified,
}: Target): DeployTarget {
  const { name, version: chartVersion, appVersion, digest } = history.spec.resolved;
  const chart = withoutUndefined({ name, version: chartVersion, appVersion, digest, verified });
  const followed = followedBy(record.content.chart, baseline.chart);
  const { inputs, cluster, leftContent } = baseline;
  return { version, operation, desired, record, inputs, cluster, leftContent, followed, chart };
}

function followedBy(chart: ChartSpec, digest: string | undefined): ReleaseStatus['followed'] {
  return followsRange(chart) ? withoutUndefined({ range: chart.version ?? '*', digest }) : undefined;
}
