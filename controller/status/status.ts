import { isDeepStrictEqual } from 'node:util';
import {
  FIELD_MANAGER,
  GROUP_VERSION,
  type HistorySummary,
  type Release,
  type ReleaseHistory,
  type ReleaseStatus,
} from '../../crds/index.ts';
import type { Informer, KubeClient } from '../../kube/index.ts';
import { RELEASES } from '../pass/resources.ts';

/** The versions that are or have been in force and are still recorded, newest first. */
export function summariesOf(
  histories: readonly ReleaseHistory[],
  before: HistorySummary[],
  inForce: number | undefined,
): HistorySummary[] {
  const shown = new Set([...before.map((row) => row.version), inForce]);
  return histories
    .filter((history) => shown.has(history.spec.version))
    .map(summaryOf)
    .toReversed();
}

/** Whether a status differs from the one that is stored, in anything that a reader could see. */
export function statusDiffers(status: ReleaseStatus, stored: ReleaseStatus | undefined): boolean {
  return !isDeepStrictEqual(status, stored ?? {});
}

/**
 * Writes a Release's status whole, as its only writer, on top of the revision that was read: another's edit in between is a Conflict, and
 * the next pass sees the edit. Returns the Release as stored.
 */
export async function writeStatus(
  client: KubeClient,
  releases: Informer<Release>,
  release: Release,
  status: ReleaseStatus,
): Promise<Release> {
  const { name, namespace, resourceVersion } = release.metadata;
  const body = {
    apiVersion: GROUP_VERSION,
    kind: 'Release',
    metadata: { name, namespace, resourceVersion },
    status,
  } as unknown as Release;
  const options = { fieldManager: `${FIELD_MANAGER}-status`, force: true, subresource: 'status' } as const;
  const stored = await client.apply(RELEASES, body, options);
  releases.store(stored);
  return stored;
}

/** A version as a status lists it. */
export function summaryOf({ spec }: ReleaseHistory): HistorySummary {
  const { version, resolved, recordedAt, description } = spec;
  const appVersion = resolved.appVersion === undefined ? {} : { appVersion: resolved.appVersion };
  return { version, chart: `${resolved.name}-${resolved.version}`, ...appVersion, time: recordedAt, description };
}
