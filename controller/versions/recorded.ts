import type { ReleaseHistory } from '../../crds/index.ts';
import { historyOfVersion, isFromHelm } from '../history/owned-versions.ts';
import type { VersionRecord } from '../../records/index.ts';
import type { Observed } from '../pass/observed.ts';
import type { RecordServices, TargetServices } from './services.ts';
import { ReleaseError } from '../pass/failures/errors.ts';
import { desiredState } from '../plan/desired.ts';
import { heldVersionOf, targetVersionOf } from '../status/progress.ts';
import type { Baseline, Target } from './target.ts';
import { knownSignature } from './inputs/verification.ts';

/** A recorded version as a target that the Release comes to by `operation`. Throws ReleaseError, KubeError. */
export async function targetOf(
  services: TargetServices,
  observed: Observed,
  history: ReleaseHistory,
  operation: Target['operation'],
  baseline: Baseline,
): Promise<Target> {
  const record = await recordOf(services, observed, history);
  const desired = await desiredState(services, observed, record, 'set aside');
  const verified = await knownSignature(observed, history);
  return { version: history.spec.version, history, record, desired, operation, baseline, verified };
}

/**
 * The record that the next version builds on: that of the held version or, if that is lost, of the newest one whose record is not lost.
 * What is taken over from Helm builds on what is live, not on Helm's older revisions.
 */
export async function precedingRecord(
  services: RecordServices,
  observed: Observed,
): Promise<VersionRecord | undefined> {
  for (const history of [
    historyOfVersion(observed, heldVersionOf(observed.release.status)),
    ...observed.histories.toReversed().filter((one) => !isFromHelm(one)),
  ]) {
    const record = history && (await recordIfIntact(services, observed, history));
    if (record) return record;
  }
  return undefined;
}

/** The record of the version that the Release is at; undefined if it is corrupted. Throws KubeError. */
export async function recordInForce(services: RecordServices, observed: Observed): Promise<VersionRecord | undefined> {
  const history = historyOfVersion(observed, targetVersionOf(observed.release.status));
  return history && recordIfIntact(services, observed, history);
}

/** The record of a version; undefined if it is corrupted, which must not keep the next version from being made. */
export async function recordIfIntact(
  services: RecordServices,
  observed: Observed,
  history: ReleaseHistory,
): Promise<VersionRecord | undefined> {
  try {
    return await recordOf(services, observed, history);
  } catch (error) {
    if (error instanceof ReleaseError && error.code === 'HistoryCorrupted') return undefined;
    throw error;
  }
}

async function recordOf(services: RecordServices, { key }: Observed, history: ReleaseHistory): Promise<VersionRecord> {
  const record = await services.records.read(key, history);
  services.secrets.learnRecord(key, record);
  return record;
}
