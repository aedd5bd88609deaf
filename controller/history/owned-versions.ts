import {
  GROUP_VERSION,
  HELM_REVISION_ANNOTATION,
  INHERITED_ANNOTATION,
  PLANNED_ANNOTATION,
  RELEASE_LABEL,
  RELEASE_UID_LABEL,
  UNINSTALLED_ANNOTATION,
  historyName,
  type ObjectMeta,
  type Release,
  type ReleaseHistory,
  type ReleaseStatus,
} from '../../crds/index.ts';
import { isKubeError, type KubeClient } from '../../kube/index.ts';
import type { Observed } from '../pass/observed.ts';
import { HISTORIES, RELEASES } from '../pass/resources.ts';

/** What makes a ReleaseHistory one of this Release. */
export function ownershipOf({ metadata: { name, uid } }: Release): Pick<ObjectMeta, 'labels' | 'ownerReferences'> {
  const owner = { apiVersion: GROUP_VERSION, kind: 'Release', name, uid, controller: true, blockOwnerDeletion: false };
  return { labels: { [RELEASE_LABEL]: name, [RELEASE_UID_LABEL]: uid }, ownerReferences: [owner] };
}

/** Whether it is a history of this very Release: one of the same name that was deleted may still be on its way out. */
export function isOwnedBy({ metadata }: ReleaseHistory, release: Release): boolean {
  return metadata.ownerReferences?.some(({ uid }) => uid === release.metadata.uid) ?? false;
}

/** Whether a history has lost its owner: its Release was deleted without it, or it came from a backup. */
export function isUnowned({ metadata }: ReleaseHistory): boolean {
  return (metadata.ownerReferences ?? []).length === 0;
}

/**
 * Whether a history is older than the Release: it is of an earlier one of that name, which the Release goes on from, or from a backup. What
 * is known of revisions of Helm is neither. Its time alone would not show that: a Release can be created in the same second as its
 * versions.
 */
export function isInherited(history: ReleaseHistory, { metadata: { uid, creationTimestamp } }: Release): boolean {
  if (isFromHelm(history)) return false;
  const { metadata } = history;
  const isOfAnother = (metadata.labels?.[RELEASE_UID_LABEL] ?? uid) !== uid;
  const isMarked = metadata.annotations?.[INHERITED_ANNOTATION] !== undefined;
  return isOfAnother || isMarked || metadata.creationTimestamp < creationTimestamp;
}

/** Whether this very Release has recorded the version. */
export function isRecordedBy(release: Release, history: ReleaseHistory | undefined): history is ReleaseHistory {
  return history !== undefined && !isInherited(history, release) && !isFromHelm(history);
}

/** Whether Helm had made the version before the Release was there. */
export function isFromHelm({ metadata }: ReleaseHistory): boolean {
  return metadata.annotations?.[HELM_REVISION_ANNOTATION] !== undefined;
}

/**
 * Makes the Release the owner of those of these versions that have none, and returns all of them as they are then. Not while the Release is
 * being deleted: the garbage collector then orphans what has to stay, and news of that may come before news of the deletion. Throws
 * Conflict where a version was changed meanwhile, KubeError.
 */
export async function adoptVersions(
  client: KubeClient,
  release: Release,
  histories: readonly ReleaseHistory[],
): Promise<readonly ReleaseHistory[]> {
  if (!histories.some(isUnowned) || !(await isStillThere(client, release))) return histories;
  return Promise.all(
    histories.map(async (history) => {
      const { namespace, name, resourceVersion } = history.metadata;
      const mark = isInherited(history, release) ? { annotations: { [INHERITED_ANNOTATION]: 'true' } } : {};
      const metadata = { resourceVersion, ...ownershipOf(release), ...mark };
      return isUnowned(history) ? client.patchMerge<ReleaseHistory>(HISTORIES, namespace, name, { metadata }) : history;
    }),
  );
}

async function isStillThere(client: KubeClient, { metadata: { namespace, name, uid } }: Release): Promise<boolean> {
  try {
    const { metadata } = await client.get<Release>(RELEASES, namespace, name);
    return metadata.uid === uid && metadata.deletionTimestamp === undefined;
  } catch (error) {
    if (isKubeError(error, 'NotFound')) return false;
    throw error;
  }
}

/** Whether a history is, by its name, a version of the Release: the name is the lock on the number. */
export function isNamedAfter({ metadata, spec }: ReleaseHistory, release: Release): boolean {
  return metadata.name === historyName(release.metadata.name, spec.version);
}

/**
 * Whether the garbage collector has orphaned the versions of a Release that is being deleted: all that bear its uid have lost their owner.
 * While a Release is not being deleted, the controller makes sure that they have one.
 */
export function wereOrphaned(histories: readonly ReleaseHistory[], release: Release): boolean {
  const { uid } = release.metadata;
  const own = histories.filter(
    (history) => history.metadata.labels?.[RELEASE_UID_LABEL] === uid && isNamedAfter(history, release),
  );
  return own.length > 0 && own.every(isUnowned);
}

/** Removes the owner from those of these versions that have one, so that they outlive their Release. Throws KubeError. */
export async function orphanVersions(client: KubeClient, histories: readonly ReleaseHistory[]): Promise<void> {
  await detach(client, histories, {});
}

/** Like `orphanVersions`, for versions of which nothing is left in the cluster. Throws KubeError. */
export async function keepVersions(client: KubeClient, histories: readonly ReleaseHistory[]): Promise<void> {
  await detach(client, histories, { [UNINSTALLED_ANNOTATION]: 'true' });
}

async function detach(
  client: KubeClient,
  histories: readonly ReleaseHistory[],
  annotations: Record<string, string>,
): Promise<void> {
  for (const { metadata } of histories.filter((history) => !isUnowned(history))) {
    const patch = { metadata: { ownerReferences: null, annotations } };
    await client.patchMerge(HISTORIES, metadata.namespace, metadata.name, patch);
  }
}

/** Whether nothing of a version was left in the cluster when its Release was deleted. */
export function isUninstalled({ metadata }: ReleaseHistory): boolean {
  return metadata.annotations?.[UNINSTALLED_ANNOTATION] !== undefined;
}

/** The marks of a version that is recorded now. */
export function annotationsFrom({ spec }: Release): Pick<ObjectMeta, 'annotations'> {
  return spec.approval === 'Manual' ? { annotations: { [PLANNED_ANNOTATION]: 'true' } } : {};
}

/** Whether a version was only planned: it waits for approval, or its Release was deleted before it was approved. */
export function isOnlyPlanned({ metadata }: ReleaseHistory): boolean {
  return metadata.annotations?.[PLANNED_ANNOTATION] !== undefined;
}

/** Returns these versions with one of them no longer marked as only planned. Throws KubeError. */
export async function markAsBegun(
  client: KubeClient,
  histories: readonly ReleaseHistory[],
  version: number,
): Promise<readonly ReleaseHistory[]> {
  const planned = historyOfVersion({ histories }, version);
  if (planned === undefined || !isOnlyPlanned(planned)) return histories;
  const { namespace, name } = planned.metadata;
  const metadata = { annotations: { [PLANNED_ANNOTATION]: null } };
  const begun = await client.patchMerge<ReleaseHistory>(HISTORIES, namespace, name, { metadata });
  return histories.map((history) => (history === planned ? begun : history));
}

/**
 * The highest version that a Release has begun, as far as its status says; 0 if it has begun none. The status forgets one that never came
 * into force once the Release has left it, and it is no longer news that it failed.
 */
export function lastBegunOf({ version = 0, operation, rolledBack, history = [] }: ReleaseStatus = {}): number {
  const { version: begun = 0, from = 0 } = operation ?? {};
  return Math.max(version, begun, from, rolledBack?.version ?? 0, ...history.map((row) => row.version));
}

/** Whether a Release has gone back: when it began to go to the version that it is at, a newer one existed already. */
export function hasGoneBack({ release: { status = {} }, histories }: Pick<Observed, 'release' | 'histories'>): boolean {
  const { operation, version = 0 } = status;
  const { version: present = version, startedAt = '' } = operation ?? {};
  const wasThere = (history: ReleaseHistory): boolean =>
    !isOnlyPlanned(history) && Date.parse(history.spec.recordedAt) <= Date.parse(startedAt);
  return (
    present < lastBegunOf(status) || histories.some((history) => history.spec.version > present && wasThere(history))
  );
}

/** All versions that bear the Release's uid, as the API server has them now. Throws KubeError. */
export async function readVersions(client: KubeClient, release: Release): Promise<ReleaseHistory[]> {
  const { namespace, uid } = release.metadata;
  return client.list<ReleaseHistory>(HISTORIES, namespace, { labelSelector: `${RELEASE_UID_LABEL}=${uid}` });
}

/** The ReleaseHistory of a version, if it is recorded. */
export function historyOfVersion(
  { histories }: { histories: readonly ReleaseHistory[] },
  version: number | undefined,
): ReleaseHistory | undefined {
  return histories.find((history) => history.spec.version === version);
}
