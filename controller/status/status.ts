import { isDeepStrictEqual } from 'node:util';
import {
  FIELD_MANAGER,
  GROUP_VERSION,
  type HistorySummary,
  type Release,
  type ReleaseHistory,
  type ReleaseStatus,
  type TestRun,
} from '../../crds/index.ts';
import { isKubeError, type Informer, type KubeClient } from '../../kube/index.ts';
import { maskedStatus } from '../masking/status.ts';
import { NO_ROOM, ReleaseError } from '../pass/failures/errors.ts';
import type { Observed } from '../pass/observed.ts';
import { RELEASES } from '../pass/resources.ts';
import { withoutUndefined } from '../../resources/index.ts';
import { inTurns } from '../../turns/index.ts';
import { waitingConditions } from './conditions.ts';
import type { StatusServices } from './services.ts';
import { isOngoing, readyOf } from './status-changes.ts';

/** The versions that are or have been in force and are still recorded, newest first, each with how its last tests ended. */
export function summariesOf(
  histories: readonly ReleaseHistory[],
  before: HistorySummary[],
  inForce: number | undefined,
  tests?: Pick<TestRun, 'version' | 'phase'>,
): HistorySummary[] {
  const shown = new Set([...before.map((row) => row.version), inForce]);
  const tested = new Map(before.map((row) => [row.version, row.tests]));
  if (tests && tests.phase !== 'Running') tested.set(tests.version, tests.phase);
  return histories
    .filter((history) => shown.has(history.spec.version))
    .map((history) => withoutUndefined({ ...summaryOf(history), tests: tested.get(history.spec.version) }))
    .toReversed();
}

/** Whether a status differs from the one that is stored, in anything that a reader could see. */
export function statusDiffers(status: ReleaseStatus, stored: ReleaseStatus | undefined): boolean {
  return !isDeepStrictEqual(status, stored ?? {});
}

/**
 * Writes a Release's status whole, as its only writer, on top of the revision that was read: another's edit in between is a Conflict, and
 * the next pass sees the edit. Returns the Release as stored. Throws ReleaseError LimitExceeded where it is too large, KubeError.
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
  const stored = await client.apply(RELEASES, body, options).catch((error: unknown) => {
    throw isKubeError(error, 'TooLarge') ? tooManyChildren(status, error) : error;
  });
  releases.store(stored);
  return stored;
}

/** Nothing else in a status grows that far. */
function tooManyChildren({ resources = [] }: ReleaseStatus, cause: unknown): ReleaseError {
  const children = `a status cannot hold the ${resources.length} objects of this change, old and new`;
  const message = `${children}: change fewer of them at a time, or make several Releases of them`;
  return new ReleaseError('LimitExceeded', message, { cause });
}

/** Writes how far tests have come, masked, into a status that stays as it is stored otherwise. Returns the Release as stored. */
export async function writeTests(
  { client, releases, secrets }: Pick<StatusServices, 'client' | 'releases' | 'secrets'>,
  { key, release }: Pick<Observed, 'key' | 'release'>,
  tests: TestRun | undefined,
): Promise<Release> {
  const { status = {} } = release;
  const mask = (text: string): Generator<undefined, string> => secrets.maskInSteps(key, text);
  const masked = await inTurns(maskedStatus(withoutUndefined({ ...status, tests }), status, mask));
  return writeStatus(client, releases, release, masked);
}

/**
 * Says in the status of a Release that its pass had no room in memory, if somebody waits for what it was to do. Writes nothing where the
 * Release was changed since it was read. Throws KubeError.
 */
export async function writeWait(
  { client, releases }: Pick<StatusServices, 'client' | 'releases'>,
  release: Release,
): Promise<void> {
  const status = waitingStatus(release, NO_ROOM, new Date().toISOString());
  if (status === undefined) return;
  try {
    await writeStatus(client, releases, release, status);
  } catch (error) {
    if (!isKubeError(error, 'Conflict') && !isKubeError(error, 'NotFound')) throw error;
  }
}

/**
 * The status of a Release whose pass cannot go on now, with why; undefined if it says so already, or nobody waits for it: what is in force
 * stays as it was reported, and what has failed keeps its reason. `now` is RFC 3339.
 */
export function waitingStatus(release: Release, message: string, now: string): ReleaseStatus | undefined {
  const { metadata, status = {} } = release;
  const ready = readyOf(status);
  if (status.message === message && ready?.observedGeneration === metadata.generation) return undefined;
  const isUnderWay = (ready === undefined || isOngoing(ready)) && status.operation?.phase !== 'Done';
  if (status.observedGeneration === metadata.generation && !isUnderWay) return undefined;
  return { ...status, message, conditions: waitingConditions(release, message, now) };
}

/** A version as a status lists it. */
export function summaryOf({ spec }: ReleaseHistory): HistorySummary {
  const { version, resolved, recordedAt, description } = spec;
  const appVersion = resolved.appVersion === undefined ? {} : { appVersion: resolved.appVersion };
  return { version, chart: `${resolved.name}-${resolved.version}`, ...appVersion, time: recordedAt, description };
}
