import type { Reason, Release, ReleaseHistory } from '../../../crds/index.ts';
import type { ObjectEvent } from '../../../kube/index.ts';
import { historyOfVersion } from '../../history/owned-versions.ts';
import { catchFailure } from '../../pass/failures/catch-failure.ts';
import type { Observed } from '../../pass/observed.ts';
import { targetVersionOf } from '../../status/progress.ts';
import type { ObservationWithValues } from '../observe.ts';
import type { TargetServices, VersionServices } from '../services.ts';
import { verifiedTargetInForce } from '../target-in-force.ts';
import type { Choice } from '../target.ts';
import { answersNow, changeInWords } from './answers.ts';
import { otherAnswers } from './answers-in-force.ts';

/** The event for a version that was made because the cluster has changed. */
export function clusterEvent(
  release: Release,
  { spec: { version, description } }: ReleaseHistory,
): ObjectEvent<Reason> {
  return { object: release, type: 'Normal', reason: 'ClusterChanged', message: `version ${version}: ${description}` };
}

/** Stays at the version in force, which a change of the cluster leaves as it is; that is remembered, so that it is not looked at again. */
export async function stayingChoice(
  services: TargetServices & Pick<VersionServices, 'charts'>,
  observed: Observed,
  observation: ObservationWithValues,
): Promise<Choice> {
  const target = await verifiedTargetInForce(services, observed, observation);
  const cluster = otherAnswers(observation);
  return { target: target && { ...target, baseline: { ...target.baseline, cluster } }, observed, stays: '' };
}

/**
 * The choice that an attempt comes to or, if a version for a changed cluster cannot be made, to stay at the version in force: what runs is as
 * it should be, and nobody has asked for another. Throws Conflict; KubeError if the version in force cannot be read.
 */
export async function orStaying(
  services: TargetServices & Pick<VersionServices, 'charts'>,
  observed: Observed,
  observation: ObservationWithValues,
  attempt: Promise<Choice>,
): Promise<Choice> {
  const { value, failure } = await catchFailure(() => attempt);
  if (value) return value;
  const { version, cluster: before } = historyOfVersion(observed, targetVersionOf(observed.release.status))?.spec ?? {};
  const now = before && observation.offer && answersNow(before, observation.offer);
  const what = before && now ? changeInWords(before, now) : 'the cluster has changed';
  const stays = `${what}: version ${version} stays, since the next one cannot be made: ${failure?.message}`;
  return { target: await verifiedTargetInForce(services, observed, observation), observed, stays };
}
