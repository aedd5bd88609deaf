import type { Release, ReleaseHistory } from '../../crds/index.ts';
import { contentDigest, isContentOf, isSameReference } from '../../records/index.ts';
import { askedVersion } from '../history/observed-content.ts';
import { historyOfVersion, isFromHelm, isRecordedBy, lastBegunOf } from '../history/owned-versions.ts';
import { isRollbackWanted } from '../status/failed-version.ts';
import type { Offer } from '../../kube/index.ts';
import { digestOfOthers } from './cluster/answers.ts';
import { otherAnswers } from './cluster/answers-in-force.ts';
import { targetVersionOf } from '../status/progress.ts';
import { nextAutomaticAt, nextPlanAt } from './throttling.ts';

/** What one pass decides from; everything in it was read, nothing is derived. */
export interface Observation {
  release: Release;
  /** The histories of this Release, oldest first. */
  histories: readonly ReleaseHistory[];
  /** Digest of the data that valuesFrom names now; undefined where it could not be read. */
  inputs: string | undefined;
  /** Digest that the chart reference resolves to now, for a reference that can move; undefined where unknown. */
  chartDigest: string | undefined;
  /** What the cluster offers now, if the version in force depends on it; absent where unknown, or about to change again. */
  offer?: Offer | undefined;
  /** Milliseconds since 1970. */
  now: number;
}

/** Why a recorded version is brought into force: somebody asks for it; it was begun before; the one after it has failed. */
export type RecordedBy = 'user' | 'interruption' | 'failure';

/** What can ask for a version beside the spec: the data of valuesFrom, a chart in the range, what the cluster serves. */
export type OutsideSpec = 'inputs' | 'chart' | 'cluster';

/** All states that a Release can be in; each says what has to be done. */
export type State =
  | { name: 'deleted' }
  /** `isPending`: the spec asks for something that is not in force. */
  | { name: 'suspended'; version: number | undefined; isPending: boolean }
  /** A version has to be recorded; `because` says what changed. */
  | { name: 'newVersion'; version: number; because: 'install' | 'content' | OutsideSpec }
  /** A recorded version has to be brought into force: a rollback, or an upgrade that was interrupted after it was recorded. */
  | { name: 'recordedVersion'; version: number; by: RecordedBy }
  | { name: 'upToDate'; version: number }
  /** The content that a rollback left was applied again: the version in force stays. `left` is the version that it is of, if recorded. */
  | { name: 'leftContentApplied'; version: number; left: number | undefined }
  /**
   * Something outside the spec changes too often: the next version has to wait until `dueAt`, milliseconds since 1970. `isPlanned`: an edit asks
   * for it, and a plan of it waits for approval.
   */
  | { name: 'throttled'; version: number | undefined; because: OutsideSpec; dueAt: number; isPlanned?: true }
  | { name: 'versionNotFound'; asked: number; known: number[] }
  | { name: 'versionConflict'; asked: number; current: number };

/** Whether a state would be the same whatever the registry and the data of valuesFrom are. */
export function isDecidedBySpec(state: State): boolean {
  const { name } = state;
  if (name === 'recordedVersion') return state.by !== 'interruption';
  return name !== 'upToDate' && name !== 'newVersion' && name !== 'throttled';
}

/** The state of a Release: the table of versions in docs/spec/release.md, row by row. */
export function stateOf(observation: Observation): State {
  const { release } = observation;
  if (release.metadata.deletionTimestamp !== undefined) return { name: 'deleted' };
  const current = targetVersionOf(release.status);
  const asked = askedVersion(release);
  if (release.spec.suspend) return { name: 'suspended', version: current, isPending: isPending(observation, asked) };
  if (current === undefined) return firstState(observation, asked);
  return asked === undefined || asked === current
    ? stateWithoutChoice(observation, current)
    : stateOfChoice(observation, asked, current);
}

/**
 * No version is in force yet, or the status was lost. If spec.version is recorded, but not with this content nor with that of another version,
 * the content was edited since.
 */
function firstState(observation: Observation, asked: number | undefined): State {
  const interrupted = interruptedVersion(observation);
  if (interrupted !== undefined && (asked ?? interrupted) === interrupted) {
    return { name: 'recordedVersion', version: interrupted, by: 'interruption' };
  }
  const claimed = asked === undefined ? versionInSpec(observation) : undefined;
  if (claimed !== undefined) return { name: 'recordedVersion', version: claimed, by: 'user' };
  const newVersion = { name: 'newVersion', version: firstVersion(observation, asked), because: 'install' } as const;
  if (asked === undefined || asked === newVersion.version) return afterPlans(newVersion, observation, undefined);
  if (!historyOfVersion(observation, asked)) return { name: 'versionNotFound', asked, known: versionsOf(observation) };
  // The content of another version is what going back has left, and somebody has applied again.
  const isRecorded = versionWithContent(observation) !== undefined;
  return isRecorded ? { name: 'recordedVersion', version: asked, by: 'user' } : newVersion;
}

/** A Release that comes from elsewhere, with its number and without all of its histories, goes on from that number. */
function firstVersion(observation: Observation, asked = 0): number {
  const { release, histories } = observation;
  const next = nextVersion(observation);
  return histories.some((history) => isRecordedBy(release, history)) ? next : Math.max(next, asked);
}

/** The version that `spec.version` names, if it is recorded with the content in the spec. */
function versionInSpec(observation: Observation): number | undefined {
  const { version } = observation.release.spec;
  const history = version === undefined ? undefined : historyOfVersion(observation, version);
  return history && isContentOf(digestOfSpec(observation), history) ? version : undefined;
}

/** `spec.version` was left alone: only content and inputs can ask for something. */
function stateWithoutChoice(observation: Observation, current: number): State {
  const before = versionBeforeFailed(observation, current);
  if (before !== undefined) return { name: 'recordedVersion', version: before, by: 'failure' };
  const sameContent = isInForce(observation, undefined);
  if (!sameContent && hasLeftContent(observation)) {
    return { name: 'leftContentApplied', version: current, left: versionWithContent(observation) };
  }
  const changedOutside = changedInput(observation);
  if (sameContent && !changedOutside) return { name: 'upToDate', version: current };
  const interrupted = interruptedVersion(observation);
  if (interrupted !== undefined) return { name: 'recordedVersion', version: interrupted, by: 'interruption' };
  const newVersion = { name: 'newVersion', version: nextVersion(observation) } as const;
  if (!sameContent || !changedOutside) return afterPlans({ ...newVersion, because: 'content' }, observation, current);
  const dueAt = nextAutomaticAt(observation.histories.at(-1), observation.now);
  if (dueAt > observation.now) return { name: 'throttled', version: current, because: changedOutside, dueAt };
  return { ...newVersion, because: changedOutside };
}

/** A version whose content is planned and waits for approval is made anew, as something outside the spec has moved, after a pause. */
function afterPlans(
  newVersion: Extract<State, { name: 'newVersion' }>,
  observation: Observation,
  current: number | undefined,
): State {
  const { release, histories, inputs, now } = observation;
  const last = histories.at(-1);
  if (release.spec.approval !== 'Manual' || !isRecordedBy(release, last)) return newVersion;
  const times = last.spec.version - (current ?? (release.spec.version ?? 1) - 1);
  if (times < 1 || !isContentOf(digestOfSpec(observation), last)) return newVersion;
  const dueAt = nextPlanAt(last, times, now);
  const fromOutside = isMadeForCluster(last, observation) ? 'chart' : 'cluster';
  const because = inputs === last.spec.digests.inputs ? fromOutside : 'inputs';
  return dueAt > now ? { name: 'throttled', version: current, because, dueAt, isPlanned: true } : newVersion;
}

/** The version to go back to because the present one has failed; undefined where none is any more, or where the content was edited since. */
function versionBeforeFailed(observation: Observation, current: number): number | undefined {
  const { status = {} } = observation.release;
  const { rolledBack } = status;
  if (!rolledBack || !isRollbackWanted(observation, status)) return undefined;
  // Going back overwrites the content first.
  const known = [current, rolledBack.to].map((version) => historyOfVersion(observation, version));
  const isUnedited = known.some((history) => history && isContentOf(digestOfSpec(observation), history));
  return isUnedited ? rolledBack.to : undefined;
}

function isPending(observation: Observation, asked: number | undefined): boolean {
  const version = targetVersionOf(observation.release.status);
  const asksForAnother = asked !== undefined && asked !== version;
  return asksForAnother || !(isInForce(observation, undefined) || hasLeftContent(observation));
}

/** Whether the content in the spec is what a rollback left. */
function hasLeftContent(observation: Observation): boolean {
  return observation.release.status?.leftContent === digestOfSpec(observation);
}

function versionWithContent(observation: Observation): number | undefined {
  return observation.histories.findLast((history) => isContentOf(digestOfSpec(observation), history))?.spec.version;
}

/** Whether the spec asks for nothing but the version that the Release is at or on its way to. */
function isInForce(observation: Observation, asked: number | undefined): boolean {
  const version = targetVersionOf(observation.release.status);
  if (version === undefined || (asked !== undefined && asked !== version)) return false;
  const record = historyOfVersion(observation, version);
  return record !== undefined && isContentOf(digestOfSpec(observation), record);
}

/** Somebody asks, by `spec.version`, for another version than the one in force. */
function stateOfChoice(observation: Observation, asked: number, current: number): State {
  const chosen = historyOfVersion(observation, asked);
  if (!chosen) return { name: 'versionNotFound', asked, known: versionsOf(observation) };
  const digest = digestOfSpec(observation);
  const inForce = historyOfVersion(observation, current);
  const isKnown = isContentOf(digest, chosen) || (inForce !== undefined && isContentOf(digest, inForce));
  if (isKnown || hasLeftContent(observation) || wasSeenBefore(observation, asked)) {
    return { name: 'recordedVersion', version: asked, by: 'user' };
  }
  return { name: 'versionConflict', asked, current };
}

/** Whether the content was there before this version was asked for: then only `spec.version` was edited. */
function wasSeenBefore({ release }: Observation, asked: number): boolean {
  const { observedContent } = release.status ?? {};
  return observedContent?.digest === contentDigest(release.spec) && observedContent.besideVersion !== asked;
}

/** The last recorded version, if it is what would be recorded now but was never in force: the controller died in between. */
function interruptedVersion(observation: Observation): number | undefined {
  const last = observation.histories.at(-1);
  if (!last || wasInForce(observation, last)) return undefined;
  return isStillDue(last, observation) ? last.spec.version : undefined;
}

function isStillDue(last: ReleaseHistory, observation: Observation): boolean {
  const { digests, resolved } = last.spec;
  const sameInputs = observation.inputs === undefined || observation.inputs === digests.inputs;
  const chart = chartToKeep(observation)?.digest ?? observation.chartDigest;
  const sameChart = observation.chartDigest === undefined || chart === resolved.digest;
  const sameCluster = changedInput(observation) !== 'cluster' || isMadeForCluster(last, observation);
  return sameInputs && sameChart && sameCluster && isContentOf(digestOfSpec(observation), last);
}

/**
 * The chart that the next version keeps: the one in force, while its reference is the same and resolves to nothing new. Undefined if the
 * reference has to be resolved.
 */
export function chartToKeep(observation: Observation): ReleaseHistory['spec']['resolved'] | undefined {
  const before = recordedTarget(observation);
  if (!before || !isSameReference(before.spec.chart, observation.release.spec.chart)) return undefined;
  return changedInput(observation) === 'chart' ? undefined : before.spec.resolved;
}

/** What changed outside the spec since the Release came to its version. What it was rolled back from counts as known. */
function changedInput(observation: Observation): OutsideSpec | undefined {
  if (hasChartChanged(observation)) return 'chart';
  const { inputs } = observation;
  const baseline = observation.release.status?.inputs;
  if (inputs !== undefined && baseline !== undefined && inputs !== baseline) return 'inputs';
  return otherAnswers(observation) === undefined ? undefined : 'cluster';
}

/** Whether a version was rendered with the cluster's present answers. */
function isMadeForCluster({ spec: { cluster } }: ReleaseHistory, { offer }: Observation): boolean {
  return cluster === undefined || offer === undefined || digestOfOthers(cluster, offer) === undefined;
}

function hasChartChanged(observation: Observation): boolean {
  const { chartDigest } = observation;
  const followed = observation.release.status?.followed?.digest;
  if (chartDigest === undefined || followed === undefined || chartDigest === followed) return false;
  return chartDigest !== recordedTarget(observation)?.spec.resolved.digest;
}

/** One more than the highest version ever used, so that no number is used for two things. */
function nextVersion({ release, histories }: Observation): number {
  return Math.max(lastBegunOf(release.status), ...histories.map((history) => history.spec.version)) + 1;
}

function digestOfSpec({ release }: Observation): string {
  return contentDigest(release.spec);
}

function wasInForce({ release }: Observation, history: ReleaseHistory): boolean {
  return isFromHelm(history) || (release.status?.history?.some((row) => row.version === history.spec.version) ?? false);
}

function recordedTarget(observation: Observation): ReleaseHistory | undefined {
  return historyOfVersion(observation, targetVersionOf(observation.release.status) ?? 0);
}

function versionsOf({ histories }: Observation): number[] {
  return histories.map((history) => history.spec.version);
}
