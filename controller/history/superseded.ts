import type { ReleaseHistory } from '../../crds/index.ts';
import type { Informer, KubeClient } from '../../kube/index.ts';
import { deleteVersion, historiesBeyond } from './history.ts';
import { askedVersion } from './observed-content.ts';
import { isOnlyPlanned, isOwnedBy, isRecordedBy } from './owned-versions.ts';
import type { Observed } from '../pass/observed.ts';

/**
 * The versions that were recorded for plans, were never begun and are not needed any more once `recorded` is planned: those of the plan that
 * waited until now and of edits that were taken back. One that `spec.version` asks for stays.
 */
export function supersededBy(
  recorded: number,
  { release, histories }: Pick<Observed, 'release' | 'histories'>,
): ReleaseHistory[] {
  const asked = askedVersion(release);
  return neverBegun({ release, histories }).filter(({ spec: { version } }) => version < recorded && version !== asked);
}

/** The status would not suffice: it does not show a version that failed and was rolled back. */
function neverBegun({ release, histories }: Pick<Observed, 'release' | 'histories'>): ReleaseHistory[] {
  return histories.filter((one) => isOnlyPlanned(one) && isOwnedBy(one, release) && isRecordedBy(release, one));
}

/**
 * The versions beyond a limit once `version` is in force, but not the one whose colour is kept, as `standby`. What was recorded for a plan and never begun does not count: it drives out
 * nothing that ran.
 */
export function noLongerNeeded(
  { version, standby }: { version: number; standby?: number | undefined },
  limit: number,
  { release, histories }: Pick<Observed, 'release' | 'histories'>,
): ReleaseHistory[] {
  const { spec, status } = release;
  const fallback = spec.onFailure?.strategy === 'Rollback' ? status?.lastGreen : undefined;
  const needed = [version, standby, fallback, askedVersion(release), status?.plan?.version];
  const planned = neverBegun({ release, histories }).filter((history) => history.spec.version > version);
  return historiesBeyond(
    limit,
    needed,
    histories.filter((history) => !planned.includes(history)),
  );
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
