import { VERSION_MANAGER, type Release, type ReleaseHistory } from '../../crds/index.ts';
import type { KubeMetadata } from '../../resources/index.ts';
import { contentDigest, contentOf, isContentOf } from '../history/content.ts';
import { targetVersionOf } from '../status/progress.ts';

/** What one pass decides from; everything in it was read, nothing is derived. */
export interface Observation {
  release: Release;
  /** Those of this Release (by owner), oldest first. */
  histories: ReleaseHistory[];
  /** Digest of the data that valuesFrom names now; undefined where it could not be read. */
  inputs: string | undefined;
  /** Digest that the chart reference resolves to now, for a reference that can move; undefined where unknown. */
  chartDigest: string | undefined;
}

/** The closed set of situations that a Release can be in; each names what has to be done. */
export type State =
  | { name: 'deleted' }
  | { name: 'suspended'; version: number | undefined }
  /** A version has to be recorded; `because` says what changed. */
  | { name: 'changed'; version: number; because: 'install' | 'content' | 'inputs' | 'chart' }
  /** A recorded version has to be taken up: going back, or an upgrade that was interrupted after it was recorded. */
  | { name: 'chosen'; version: number; by: 'user' | 'interruption' }
  | { name: 'held'; version: number }
  | { name: 'unknown'; asked: number; known: number[] }
  | { name: 'conflicting'; asked: number; current: number };

/** Whether a state would be the same whatever the registry and the data of valuesFrom are. */
export function isDecidedBySpec(state: State): boolean {
  const depends = state.name === 'held' || state.name === 'changed' || (state.name === 'chosen' && state.by !== 'user');
  return !depends;
}

/** The situation of a Release; the table of versions in docs/spec/release.md, row by row. */
export function stateOf(observation: Observation): State {
  const { release } = observation;
  if (release.metadata.deletionTimestamp !== undefined) return { name: 'deleted' };
  const current = targetVersionOf(release.status);
  if (release.spec.suspend) return { name: 'suspended', version: current };
  const asked = askedVersion(release);
  if (current === undefined) return firstState(observation, asked);
  return asked === undefined || asked === current
    ? stateWithoutChoice(observation, current)
    : stateOfChoice(observation, asked, current);
}

/** No version is in force yet, or the status was lost: a recorded number beside other content is an edit since. */
function firstState(observation: Observation, asked: number | undefined): State {
  const interrupted = interruptedVersion(observation);
  if (interrupted !== undefined && (asked ?? interrupted) === interrupted) {
    return { name: 'chosen', version: interrupted, by: 'interruption' };
  }
  const changed = { name: 'changed', version: nextVersion(observation), because: 'install' } as const;
  if (asked === undefined || asked === changed.version) return changed;
  const recorded = historyOf(observation, asked);
  if (!recorded) return { name: 'unknown', asked, known: versionsOf(observation) };
  const isRecorded = isContentOf(digestOfSpec(observation), recorded);
  return isRecorded ? { name: 'chosen', version: asked, by: 'user' } : changed;
}

/** `spec.version` was left alone: only content and inputs can ask for something. */
function stateWithoutChoice(observation: Observation, current: number): State {
  const record = historyOf(observation, current);
  const sameContent = record !== undefined && isContentOf(digestOfSpec(observation), record);
  const moved = movedInput(observation, record);
  if (sameContent && !moved) return { name: 'held', version: current };
  const interrupted = interruptedVersion(observation);
  if (interrupted !== undefined) return { name: 'chosen', version: interrupted, by: 'interruption' };
  return { name: 'changed', version: nextVersion(observation), because: (sameContent && moved) || 'content' };
}

/** Somebody asks by `spec.version` for another version than the one in force. */
function stateOfChoice(observation: Observation, asked: number, current: number): State {
  const chosen = historyOf(observation, asked);
  if (!chosen) return { name: 'unknown', asked, known: versionsOf(observation) };
  const digest = digestOfSpec(observation);
  const inForce = historyOf(observation, current);
  if (isContentOf(digest, chosen) || (inForce && isContentOf(digest, inForce))) {
    return { name: 'chosen', version: asked, by: 'user' };
  }
  return { name: 'conflicting', asked, current };
}

/** What somebody else set `spec.version` to: the field that the controller applied itself asks for nothing. */
function askedVersion({ metadata, spec }: Release): number | undefined {
  const { managedFields = [] } = metadata as KubeMetadata;
  const isClaim = managedFields.some(
    ({ manager, operation, fieldsV1 }) =>
      manager === VERSION_MANAGER && operation === 'Apply' && fieldsV1?.['f:spec']?.['f:version'] !== undefined,
  );
  return isClaim ? undefined : spec.version;
}

/** The version recorded last where it is what would be recorded now but was never taken up: a controller died in between. */
function interruptedVersion(observation: Observation): number | undefined {
  const last = observation.histories.at(-1);
  if (!last || wasInForce(observation, last.spec.version)) return undefined;
  const { digests, resolved, version } = last.spec;
  const sameInputs = observation.inputs === undefined || observation.inputs === digests.inputs;
  const sameChart = observation.chartDigest === undefined || observation.chartDigest === resolved.digest;
  return sameInputs && sameChart && digestOfSpec(observation) === digests.content ? version : undefined;
}

/** What moved outside the spec since the version was taken up that `record` is of. */
function movedInput(
  { release: { status }, inputs, chartDigest }: Observation,
  record: ReleaseHistory | undefined,
): 'inputs' | 'chart' | undefined {
  if (chartDigest !== undefined && record && chartDigest !== record.spec.resolved.digest) return 'chart';
  if (inputs !== undefined && status?.inputs !== undefined && inputs !== status.inputs) return 'inputs';
  return undefined;
}

/** One more than the highest version ever seen, so that no number is used for two things. */
function nextVersion({ release, histories }: Observation): number {
  const seen = [...histories.map((history) => history.spec.version), targetVersionOf(release.status) ?? 0];
  for (const row of release.status?.history ?? []) seen.push(row.version);
  return Math.max(0, ...seen) + 1;
}

function digestOfSpec({ release }: Observation): string {
  return contentDigest(contentOf(release.spec));
}

function historyOf({ histories }: Observation, version: number): ReleaseHistory | undefined {
  return histories.find((history) => history.spec.version === version);
}

function wasInForce({ release }: Observation, version: number): boolean {
  return release.status?.history?.some((row) => row.version === version) ?? false;
}

function versionsOf({ histories }: Observation): number[] {
  return histories.map((history) => history.spec.version);
}
