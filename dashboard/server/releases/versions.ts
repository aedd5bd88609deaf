import { readHistories, readRelease, type Cluster } from '../../../client/releases/index.ts';
import type { HistorySummary, Release, ReleaseHistory } from '../../../crds/index.ts';
import { withoutUndefined } from '../../../resources/index.ts';
import type { VersionRow } from '../../api/index.ts';

/** The recorded versions of a Release, newest first. Throws ClientError, KubeError. */
export async function versionsOf(cluster: Cluster, name: string): Promise<VersionRow[]> {
  const release = await readRelease(cluster, name);
  const histories = await readHistories(cluster, name);
  return histories.map((history) => versionRow(release, history));
}

/** A version as a row; what its status tells of it is beside what was recorded. */
function versionRow({ status }: Pick<Release, 'status'>, { spec }: ReleaseHistory): VersionRow {
  const summary: Partial<HistorySummary> = status?.history?.find(({ version }) => version === spec.version) ?? {};
  const { name, version, appVersion, digest } = spec.resolved;
  return withoutUndefined({
    version: spec.version,
    inForce: spec.version === status?.version,
    createdAt: spec.recordedAt,
    by: spec.editedBy ?? spec.changedBy ?? '',
    reason: spec.description,
    cause: spec.cause,
    chart: name,
    chartVersion: version,
    appVersion,
    digest,
    comparedWith: spec.comparedWith,
    changes: spec.comparedWith === undefined ? 0 : spec.changesTotal,
    tests: summary.tests,
    unfinished: summary.unfinished ?? false,
  });
}
