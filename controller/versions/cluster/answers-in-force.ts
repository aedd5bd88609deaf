import type { ClusterAnswers, Release, ReleaseHistory } from '../../../crds/index.ts';
import type { Offer } from '../../../kube/index.ts';
import { hasGoneBack, historyOfVersion } from '../../history/owned-versions.ts';
import { targetVersionOf } from '../../status/progress.ts';
import { digestOfOthers } from './answers.ts';

/** A Release with its histories. */
interface Known {
  release: Release;
  histories: readonly ReleaseHistory[];
}

/**
 * The answers of the cluster that the version in force was rendered with, if others are to make a new version; undefined if it asked
 * nothing, if the Release says so, or if it has gone back to an older version, where it then stays.
 */
export function answersInForce({ release, histories }: Known): ClusterAnswers | undefined {
  const version = targetVersionOf(release.status);
  if (release.spec.clusterChanges === 'Ignore' || version === undefined) return undefined;
  return hasGoneBack({ release, histories }) ? undefined : historyOfVersion({ histories }, version)?.spec.cluster;
}

/**
 * The digest of the cluster's answers, if they are others than those that the version in force was rendered with, or that it was last looked at
 * for. Only once its operation is done: a version may itself bring what its chart asks for.
 */
export function otherAnswers({ release, histories, offer }: Known & { offer?: Offer | undefined }): string | undefined {
  const { status = {} } = release;
  const before = answersInForce({ release, histories });
  if (!before || !offer || status.operation?.phase !== 'Done') return undefined;
  const digest = digestOfOthers(before, offer);
  return digest === status.cluster ? undefined : digest;
}
