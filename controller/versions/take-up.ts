import type { Rendering } from '../../chart-renderer/index.ts';
import type { ReleaseContent, ReleaseHistory, ReleaseStatus } from '../../crds/index.ts';
import { changesBetweenManifests, type KubeObject } from '../../resources/index.ts';
import { contentDigest, contentOf, pinnedContent, type ResolvedChart } from '../history/content.ts';
import type { Context, Pass } from '../pass/context.ts';
import { desiredState, type Desired, type Placed } from '../plan/desired.ts';
import { needOf, needsOfDeleting, needsOfDesired, needsOfSpec, type Need } from '../plan/needs.ts';
import { ReleaseError } from '../pass/errors.ts';
import { forgetVersion, recordVersion } from '../history/history.ts';
import { overwriteContent } from './claim.ts';
import { checkPermissions } from '../plan/permissions.ts';
import { present } from '../pass/present.ts';
import { inTurns } from '../pass/turns.ts';
import { ageingEvent, memoryFor } from './randoms.ts';
import { packedRecord, type VersionRecord } from '../history/record.ts';
import { renderRelease, type RenderRequest } from './render.ts';
import { secretsInValues } from '../masking/secret-texts.ts';
import { checkRefusals, openScope, planIn } from '../plan/scope.ts';
import { heldVersionOf, progressOf, targetVersionOf } from '../status/progress.ts';
import type { Observation, State } from './state.ts';
import type { Target } from './target.ts';
import { knownSignature, withSignature } from './verification.ts';
import { inputsDigest, mergedValues, type ValuesText } from './values.ts';

/** An observation with the texts that valuesFrom stands for. */
export type Seen = Observation & { texts: ValuesText[] };

/**
 * The target of a Release that goes on with the version that it is at or on its way to; undefined where none is. What counts as seen
 * of valuesFrom stays, and is `inputs` where nothing does yet. Throws ReleaseError, KubeError.
 */
export async function targetInForce(context: Context, pass: Pass, inputs?: string): Promise<Target | undefined> {
  const { status } = pass.release;
  const history = historyOf(pass, targetVersionOf(status));
  if (!history) return undefined;
  const type = status?.operation?.type;
  const operation = type === undefined || type === 'delete' ? 'install' : type;
  return targetOf(context, pass, history, operation, status?.inputs ?? inputs);
}

/** The target of a Release that goes back, on nobody's wish, to a version that it still holds; undefined where it is not recorded. */
export async function targetStillHeld(context: Context, pass: Pass, version: number): Promise<Target | undefined> {
  const history = historyOf(pass, version);
  return history && targetOf(context, pass, history, 'rollback', undefined);
}

/** The target of a Release that stays at its version and may: its chart has the signature that is asked for. */
export async function targetHeld(context: Context, pass: Pass, inputs?: string): Promise<Target | undefined> {
  const target = await targetInForce(context, pass, inputs);
  return target && withSignature(context, pass, target);
}

/** Renders what the spec asks for, makes sure that it may and can be applied, and records it as a new version. */
export async function recordChange(
  context: Context,
  pass: Pass,
  state: Extract<State, { name: 'changed' }>,
  seen: Seen,
): Promise<Target> {
  const { release } = pass;
  const operation = release.status?.version === undefined ? 'install' : 'upgrade';
  const { chart, resolved } = await context.charts.load(pass);
  const values = mergedValues(release.spec, seen.texts);
  const content = contentOf(release.spec);
  const memory = memoryFor(content, await precedingRecord(context, pass));
  const request = { chart, release, version: state.version, operation, values, memory } as const;
  const { rendering, denied } = await renderedFor(context, pass, request);
  const { objects, hooks, crds, notes, remembered, ageing = [] } = rendering;
  const secretValues = [...secretsInValues(seen.texts)];
  const secrets = secretValues.length > 0 && { secretValues };
  const record = packedRecord(present({ content, values, ...secrets, objects, hooks, crds, notes, remembered }));
  context.secrets.learnRecord(pass.key, record);
  const desired = await validated(context, pass, record, denied);
  const history = await storeVersion(context, pass, { state, record, resolved, inputs: seen.inputs ?? '' });
  if (ageing.length > 0) context.events.record(ageingEvent(release, ageing));
  const { verified } = resolved;
  return { version: state.version, history, record, desired, operation, inputs: seen.inputs, verified };
}

/** Renders, with nothing in place of what lookups may not read; throws what names all of that where the template then fails. */
async function renderedFor(
  context: Context,
  pass: Pass,
  request: RenderRequest,
): Promise<{ rendering: Rendering; denied: Need[] }> {
  const denied: Need[] = [];
  try {
    const rendering = await renderRelease(request, context.sandbox, context.discovery, {
      tenant: pass.tenant,
      onRead: (object) => context.secrets.learnObject(pass.key, object),
      onDenied: (what) => denied.push(needOf(what)),
    });
    return { rendering, denied };
  } catch (error) {
    await checkPermissions(pass.tenant, pass.release, denied);
    throw error;
  }
}

/** The target of a version that is recorded already; going back overwrites the spec's content with that version's. */
export async function takeUpRecorded(
  context: Context,
  pass: Pass,
  { version, by }: Extract<State, { name: 'chosen' }>,
  seen: Seen,
): Promise<Target> {
  const history = historyOf(pass, version);
  if (!history) throw new ReleaseError('VersionNotFound', `version ${version} is not recorded`);
  const operation = operationTo(version, by, pass.release.status);
  // A version without sources has seen nothing, which is known without looking.
  const inputs = seen.inputs ?? (history.spec.valuesFrom ? undefined : inputsDigest([]));
  const intact = await intactTarget(context, pass, history, { operation, by, inputs });
  const target = await withSignature(context, pass, intact);
  await validated(context, pass, target.record);
  if (by === 'user') await restoreContent(context, pass, target);
  return target;
}

/** Going back runs other hooks than going forward: to a version that was begun and never came to be in force is still forward. */
function operationTo(version: number, by: 'user' | 'interruption', status: ReleaseStatus = {}): Target['operation'] {
  const isLost = targetVersionOf(status) === undefined;
  const wasInForce = status.history?.some((row) => row.version === version) ?? false;
  if (by === 'user' && (wasInForce || isLost)) return 'rollback';
  return status.version === undefined ? 'install' : 'upgrade';
}

/** A version whose recording was cut short has lost nothing but itself: it is forgotten and recorded again. */
async function intactTarget(
  context: Context,
  pass: Pass,
  history: ReleaseHistory,
  how: { operation: Target['operation']; by: 'user' | 'interruption'; inputs: string | undefined },
): Promise<Target> {
  try {
    return await targetOf(context, pass, history, how.operation, how.inputs);
  } catch (error) {
    const isHalf = how.by === 'interruption' && error instanceof ReleaseError && error.code === 'HistoryCorrupted';
    if (!isHalf) throw error;
    await forgetVersion(context.client, history);
    context.histories.forget(history.metadata.namespace, history.metadata.name);
    throw new ReleaseError('Progressing', `${history.metadata.name} is recorded again`, {
      retry: 'soon',
      cause: error,
    });
  }
}

async function targetOf(
  context: Context,
  pass: Pass,
  history: ReleaseHistory,
  operation: Target['operation'],
  inputs: string | undefined,
): Promise<Target> {
  const record = await recordOf(context, pass, history);
  const desired = await desiredState(context, pass, record, 'set aside');
  const verified = await knownSignature(pass, history);
  return { version: history.spec.version, history, record, desired, operation, inputs, verified };
}

/** All that can be known before the first write: refusals, missing permissions, objects that others own. */
async function validated(
  context: Context,
  pass: Pass,
  record: VersionRecord,
  denied: readonly Need[] = [],
): Promise<Desired> {
  const desired = await desiredState(context, pass, record);
  const { inventory } = progressOf(pass.release.status);
  const { definitions, objects, pending, hooks } = desired;
  const known = new Set(inventory.map(({ group, kind }) => `${group}/${kind}`));
  const isNew = ({ resource: { group, kind } }: Placed): boolean => !known.has(`${group}/${kind}`);
  if (denied.length > 0 || [...definitions, ...objects, ...pending, ...hooks].some(isNew)) {
    const { namespace } = pass.release.metadata;
    const reading = needsOfSpec(namespace, pass.release.spec);
    const deleting = await needsOfDeleting(context.discovery, namespace, inventory);
    const needs = [...reading, ...needsOfDesired(namespace, desired), ...deleting, ...denied];
    await checkPermissions(pass.tenant, pass.release, needs);
  }
  // What was rendered without them is not what the chart says.
  if (denied.length > 0)
    throw new ReleaseError('Progressing', 'rendered anew, as lookups are allowed now', { retry: 'soon' });
  const scope = await openScope(context, pass, desired, inventory);
  checkRefusals(planIn(scope, context, pass, desired, inventory));
  return desired;
}

async function restoreContent(context: Context, pass: Pass, { history, record }: Target): Promise<void> {
  const pinned = pinnedContent(record.content, history.spec.resolved);
  if (contentDigest(pass.release.spec) !== history.spec.digests.pinned) await overwriteContent(context, pass, pinned);
}

interface NewVersion {
  state: Extract<State, { name: 'changed' }>;
  record: VersionRecord;
  resolved: ResolvedChart;
  inputs: string;
}

const MAX_CHANGES = 100;

async function storeVersion(context: Context, pass: Pass, made: NewVersion): Promise<ReleaseHistory> {
  const { state, record, resolved, inputs } = made;
  const { content } = record;
  const previous = historyOf(pass, pass.release.status?.version);
  const before = previous && (await readable(context, pass, previous));
  const masked = (text: string): string => context.secrets.mask(pass.key, text);
  const comparison = changesBetweenManifests(before ? objectsOf(before) : [], before ? objectsOf(record) : [], {
    most: MAX_CHANGES,
    masked,
  });
  const { changes, total: changesTotal } = await inTurns(comparison);
  const history = await recordVersion(
    context.client,
    pass.release,
    record,
    present({
      version: state.version,
      chart: chartWithoutBytes(content),
      resolved,
      digests: {
        content: contentDigest(content),
        pinned: contentDigest(pinnedContent(content, resolved)),
        inputs,
      },
      description: descriptionOf(made, previous, before),
      recordedAt: new Date().toISOString(),
      changes,
      changesTotal,
      valuesFrom: content.valuesFrom,
      changedBy: editorOf(pass),
      comparedWith: before && previous?.spec.version,
    }),
  );
  context.histories.store(history);
  pass.histories = [...pass.histories, history];
  context.records.keep(history, record);
  return history;
}

/** The record that the next version goes on from: that of the version that is held or, where it is lost, of the newest that is not. */
async function precedingRecord(context: Context, pass: Pass): Promise<VersionRecord | undefined> {
  for (const history of [historyOf(pass, heldVersionOf(pass.release.status)), ...pass.histories.toReversed()]) {
    const record = history && (await readable(context, pass, history));
    if (record) return record;
  }
  return undefined;
}

/** The record of a version; undefined where it was altered, which must not keep the next one from being made. */
async function readable(context: Context, pass: Pass, history: ReleaseHistory): Promise<VersionRecord | undefined> {
  try {
    return await recordOf(context, pass, history);
  } catch (error) {
    if (error instanceof ReleaseError && error.code === 'HistoryCorrupted') return undefined;
    throw error;
  }
}

async function recordOf(context: Context, { key }: Pass, history: ReleaseHistory): Promise<VersionRecord> {
  const record = await context.records.read(history);
  context.secrets.learnRecord(key, record);
  return record;
}

function objectsOf({ objects }: VersionRecord): KubeObject[] {
  return objects.map(({ object }) => object);
}

function chartWithoutBytes({ chart }: ReleaseContent): ReleaseContent['chart'] {
  return present({ ...chart, inline: undefined });
}

function descriptionOf(
  { state, resolved, record }: NewVersion,
  previous: ReleaseHistory | undefined,
  before: VersionRecord | undefined,
): string {
  const now = `${resolved.name}-${resolved.version}`;
  if (!previous) return `Install ${now}`;
  const old = `${previous.spec.resolved.name}-${previous.spec.resolved.version}`;
  if (old !== now) return `Upgrade ${old} to ${now}`;
  if (state.because === 'inputs') return `Upgrade ${now}: data of valuesFrom changed`;
  const isSameButRandoms = before && digestWithoutRandoms(before) === digestWithoutRandoms(record);
  return isSameButRandoms ? `Upgrade ${now}: spec.randoms changed` : `Upgrade ${now}: values changed`;
}

function digestWithoutRandoms({ content }: VersionRecord): string {
  return contentDigest({ ...content, randoms: {} });
}

/** The field manager that edited the spec last, apart from the controller. */
function editorOf({ release }: Pass): string | undefined {
  const entries = release.metadata.managedFields ?? [];
  const others = entries.filter(({ manager }) => manager !== undefined && !manager.startsWith('coxswain'));
  return others.toSorted((a, b) => ((a.time ?? '') < (b.time ?? '') ? -1 : 1)).at(-1)?.manager;
}

function historyOf({ histories }: Pass, version: number | undefined): ReleaseHistory | undefined {
  return histories.find((history) => history.spec.version === version);
}
