import { FINALIZER, type InventoryEntry, type Release } from '../../crds/index.ts';
import { canonicalJson } from '../../resources/index.ts';
import { policyDigest } from '../charts/policy-digest.ts';
import { adoptVersions, markAsBegun } from '../history/owned-versions.ts';
import { ReleaseError } from '../pass/failures/errors.ts';
import type { Observed } from '../pass/observed.ts';
import { claimVersion } from './claim.ts';
import { answersInForce, otherAnswers } from './cluster/answers-in-force.ts';
import { orStaying } from './cluster/unchanged.ts';
import { verifiedTargetInForce, targetInForce } from './target-in-force.ts';
import { inheritedInventory } from './inherited.ts';
import { throwNamingMissingPermissions } from './inputs/missing-permissions.ts';
import { observe, type ObservationWithValues } from './observe.ts';
import { feedbackMessage, ownInputs } from './inputs/own-inputs.ts';
import { recordNewVersion } from './record-new-version.ts';
import { requireDependencies } from './order/require-dependencies.ts';
import { restoreContent } from './rollback/restore-content.ts';
import type { RecordServices, VersionServices } from './services.ts';
import { isDecidedBySpec, stateOf, type OutsideSpec, type State } from './state.ts';
import { useRecordedVersion } from './use-recorded-version.ts';
import type { Choice, Target } from './target.ts';
import { readPolicy } from './inputs/verification.ts';

/** The version that a Release should be at, and what it is waiting for. */
export interface Chosen extends Choice {
  /** Why it is another than the one that the Release is at or on its way to; undefined if it is not. */
  change?: 'new' | Extract<State, { name: 'recordedVersion' }>['by'];
  /** Whether the Release may claim it. */
  isClaimable: boolean;
  /** What the spec asks for that is not being done, as a message for the status. */
  pending?: string;
  /** The same, where an edit asks for it and its plan waits for approval. */
  approval?: string;
  /** When it will be done; milliseconds since 1970. */
  dueAt?: number;
}

/** A version that the Release has claimed. */
export interface Committed extends Chosen {
  /** The objects that a deleted Release of this name has left behind. */
  inherited: InventoryEntry[];
}

/**
 * Chooses the version that a Release should be at: as its state asks, a new version is recorded or a recorded one is used. The Release stays
 * as it is until that is committed. Throws ReleaseError, RegistryError, KubeError. If the account lacks permissions, the error names all that are missing.
 */
export async function chooseVersion(services: VersionServices, read: Observed): Promise<Chosen> {
  const { key, release } = read;
  const observed = await owningVersions(services, read);
  const { histories } = observed;
  const blank = { release, histories, texts: [], inputs: undefined, chartDigest: undefined, now: Date.now() };
  // A rollback must work even if neither the registry nor the present valuesFrom can be read.
  const namingAllMissing = (error: unknown): Promise<never> => throwNamingMissingPermissions(services, observed, error);
  const bySpec = stateOf(blank);
  // What valuesFrom names may be made by what the Release depends on.
  if (bySpec.name === 'newVersion') await requireDependencies(services, observed).catch(namingAllMissing);
  const observation = isDecidedBySpec(bySpec) ? blank : await observeAll(services, observed).catch(namingAllMissing);
  const state = stateOf(observation);
  const isForCluster = state.name === 'newVersion' && state.because === 'cluster';
  const isByOthers = state.name === 'newVersion' && bySpec.name !== 'newVersion';
  if (isByOthers && !isForCluster) await requireDependencies(services, observed).catch(namingAllMissing);
  const isSuspended = state.name === 'suspended';
  const verify = isSuspended ? undefined : await readPolicy(services, observed).catch(namingAllMissing);
  const { uid, generation } = release.metadata;
  const subject = canonicalJson([
    state,
    uid,
    generation,
    observation.inputs,
    observation.chartDigest,
    otherAnswers(observation),
    policyDigest(verify),
  ]);
  const verified = { ...observed, verify };
  const attempt = services.attempts.run(`${key} choose`, subject, async () => {
    if (isForCluster) await requireDependencies(services, observed);
    return choiceFor(services, verified, state, observation).catch(namingAllMissing);
  });
  const choice = isForCluster ? orStaying(services, verified, observation, attempt) : attempt;
  return chosenOf(await choice, state, release);
}

/** With what the cluster offers, if the version in force depends on that; that is noted, so that its changes bring the Release back. */
async function observeAll(
  services: Pick<VersionServices, 'answers' | 'charts' | 'children' | 'inputs' | 'offered' | 'secrets'>,
  observed: Observed,
): Promise<ObservationWithValues> {
  const observation = await observe(services, observed);
  const answers = answersInForce(observed);
  services.answers.set(observed.key, answers);
  return { ...observation, offer: answers && (await services.offered.settled()) };
}

function chosenOf({ stays, ...choice }: Choice, state: State, release: Release): Chosen {
  if (stays !== undefined) return { ...choice, isClaimable: true, ...(stays !== '' && { pending: stays }) };
  const isClaimable = state.name !== 'suspended';
  return { ...choice, ...changeOf(state), isClaimable, ...pendingOf(state, choice.target, release) };
}

function changeOf(state: State): Pick<Chosen, 'change'> {
  if (state.name === 'newVersion') return { change: 'new' };
  if (state.name !== 'recordedVersion') return {};
  return { change: state.by };
}

/**
 * Makes the Release claim the version that was chosen; a rollback overwrites the spec's content with that version's. Throws ReleaseError,
 * KubeError; Conflict where the Release was edited since it was read.
 */
export async function commitChoice(services: CommitServices, chosen: Chosen): Promise<Committed> {
  const observed = chosen.isClaimable ? await claimed(services, chosen) : chosen.observed;
  return { ...chosen, observed, inherited: await inheritedInventory(services, observed) };
}

type CommitServices = RecordServices & Pick<VersionServices, 'client' | 'discovery' | 'histories' | 'releases'>;

async function claimed(
  services: Pick<VersionServices, 'client' | 'histories' | 'releases'>,
  { target, observed, change }: Chosen,
): Promise<Observed> {
  if (!target) return observed;
  const isBack = change !== undefined && change !== 'new' && change !== 'interruption';
  const { content } = target.record;
  const restored = isBack ? await restoreContent(services, observed.release, content) : observed.release;
  const release = await claimVersion(services, restored, target.version);
  const owning = await owningVersions(services, { ...observed, release });
  return begunVersion(services, owning, target.version);
}

/**
 * Makes the Release the owner of versions that nobody owns, once its finalizer is there. Without the finalizer it could be deleted
 * unnoticed, and these versions with it.
 */
async function owningVersions(
  { client, histories: informer }: Pick<VersionServices, 'client' | 'histories'>,
  observed: Observed,
): Promise<Observed> {
  if (!observed.release.metadata.finalizers?.includes(FINALIZER)) return observed;
  const histories = await adoptVersions(client, observed.release, observed.histories);
  for (const history of histories) informer.store(history);
  return { ...observed, histories };
}

/** What is about to be begun no longer counts as only planned. */
async function begunVersion(
  { client, histories: informer }: Pick<VersionServices, 'client' | 'histories'>,
  observed: Observed,
  version: number,
): Promise<Observed> {
  const histories = await markAsBegun(client, observed.histories, version);
  for (const history of histories) if (!observed.histories.includes(history)) informer.store(history);
  return { ...observed, histories };
}

async function choiceFor(
  services: VersionServices,
  observed: Observed,
  state: State,
  observation: ObservationWithValues,
): Promise<Choice> {
  switch (state.name) {
    case 'upToDate':
    case 'leftContentApplied':
    case 'throttled':
      return { target: await verifiedTargetInForce(services, observed, observation), observed };
    case 'suspended':
      return { target: await targetInForce(services, observed, observation), observed };
    case 'newVersion':
      return recordNewVersion(services, observed, state, observation);
    case 'recordedVersion':
      return useRecordedVersion(services, observed, state, observation);
    case 'versionNotFound':
    case 'versionConflict':
      throw errorOfVersion(state);
    case 'deleted':
      return { target: undefined, observed };
  }
}

const WHAT_CHANGES: Record<OutsideSpec, string> = {
  inputs: 'the data of valuesFrom changes',
  chart: 'the chart changes',
  cluster: 'the cluster changes',
};

function pendingOf(
  state: State,
  target: Target | undefined,
  release: Release,
): Pick<Chosen, 'pending' | 'approval' | 'dueAt'> {
  if (state.name === 'suspended' && state.isPending) {
    const stays = state.version === undefined ? 'nothing is installed yet' : `version ${state.version} stays in force`;
    return { pending: `suspended: the changes in spec are not applied until spec.suspend is false; ${stays}` };
  }
  if (state.name === 'leftContentApplied') return { pending: leftContentMessage(state) };
  if (state.name !== 'throttled') return {};
  const what = WHAT_CHANGES[state.because];
  const when = new Date(state.dueAt).toISOString();
  if (state.isPlanned) {
    const waits = `${what}: the plan that waits for approval is made again at ${when}`;
    return { approval: waits, dueAt: state.dueAt };
  }
  const own = target ? ownInputs(target.desired, release) : [];
  const why = own.length === 0 ? '' : `: ${feedbackMessage(own)}`;
  return { pending: `${what} often: the next version is due at ${when}${why}`, dueAt: state.dueAt };
}

/** Says that the content which a rollback left asks for nothing, and how to go forward. */
export function leftContentMessage({ version, left }: Extract<State, { name: 'leftContentApplied' }>): string {
  const whose =
    left === undefined ? 'the content that was rolled back' : `the content of version ${left}, which was rolled back`;
  const forward = left === undefined ? 'change the content' : `set spec.version to ${left}, or change the content`;
  return `the spec has ${whose}: version ${version} stays in force; to go forward, ${forward}`;
}

/** Why the version that a spec asks for cannot be used, and what to do. */
export function errorOfVersion(state: Extract<State, { name: 'versionNotFound' | 'versionConflict' }>): ReleaseError {
  if (state.name === 'versionNotFound')
    return new ReleaseError('VersionNotFound', notFoundMessage(state.asked, state.known));
  return new ReleaseError('VersionConflict', conflictMessage(state.asked, state.current));
}

function notFoundMessage(asked: number, known: number[]): string {
  const there =
    known.length === 0
      ? 'no version is recorded yet: remove it'
      : `the recorded versions are ${known.join(', ')}: set it to one of those, or remove it`;
  return `spec.version asks for ${asked}, but ${there}`;
}

function conflictMessage(asked: number, current: number): string {
  const forward = `to go forward with the changes, set spec.version to ${current} or remove it`;
  return `spec.version asks for ${asked} while chart or values were changed in the same edit: to roll back, undo those changes, or set spec.version to another version in an edit of its own; ${forward}`;
}
