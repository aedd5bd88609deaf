import type { ReleaseHistory } from '../../crds/index.ts';
import type { Informer, KubeClient } from '../../kube/index.ts';
import { deleteVersion } from './history.ts';
import { isInherited, isOwnedBy } from './owned-versions.ts';
import type { Observed } from '../pass/observed.ts';

/**
 * The versions that were recorded for plans, were never begun and are not needed any more once `recorded` is planned: that of the plan that
 * waited until now and, so that edits which are taken back do not pile up, those beyond the limit.
 */
export function supersededBy(
  recorded: number,
  { release, histories }: Pick<Observed, 'release' | 'histories'>,
): ReleaseHistory[] {
  const { version = 0, operation, history = [], plan } = release.status ?? {};
  const begun = Math.max(version, operation?.version ?? 0, ...history.map((row) => row.version));
  const planned = histories.filter(
    (one) =>
      one.spec.version > begun && one.spec.version < recorded && isOwnedBy(one, release) && !isInherited(one, release),
  );
  const beyond = planned.slice(0, Math.max(0, planned.length - release.spec.historyLimit));
  return planned.filter((one) => one.spec.version === plan?.version || beyond.includes(one));
}

/** Deletes what a version that waits for approval has superseded; returns the versions that are left. Throws KubeError. */
export async function withoutSuperseded(
  { client, histories: informer }: { client: KubeClient; histories: Pick<Informer<ReleaseHistory>, 'forget'> },
  observed: Observed,
  recorded: ReleaseHistory,
): Promise<readonly ReleaseHistory[]> {
  const all = [...observed.histories, recorded];
  if (observed.release.spec.approval !== 'Manual') return all;
  const superseded = supersededBy(recorded.spec.version, observed);
  for (const history of superseded) {
    await deleteVersion(client, history);
    informer.forget(history.metadata.namespace, history.metadata.name);
  }
  return all.filter((history) => !superseded.includes(history));
}
