import type { Rendering } from '../../chart-renderer/index.ts';
import { EDITOR_ANNOTATION, type Release, type ReleaseContent, type ReleaseHistory } from '../../crds/index.ts';
import { changesBetweenManifests, type KubeObject } from '../../resources/index.ts';
import {
  changedFields,
  contentDigest,
  contentOf,
  referenceOf,
  type ResolvedChart,
  packedRecord,
  type VersionRecord,
} from '../../records/index.ts';
import { recordVersion } from '../history/history.ts';
import { historyOf } from '../history/owned-versions.ts';
import { withoutSuperseded } from '../history/superseded.ts';
import { secretsInValues } from '../masking/secret-texts.ts';
import { ReleaseError } from '../pass/failures/errors.ts';
import type { Observed } from '../pass/observed.ts';
import type { RecordServices, RenderServices, VersionServices } from './services.ts';
import { withoutUndefined } from '../pass/without-undefined.ts';
import { inTurn, inTurns } from '../pass/event-loop-turns.ts';
import type { Desired } from '../plan/desired.ts';
import { needOf, type Need } from '../plan/permissions/needs.ts';
import { checkPermissions } from '../plan/permissions/permissions.ts';
import { editorsOf } from './editors.ts';
import { wasEverInForce } from './inherited.ts';
import type { ObservationWithValues } from './observe.ts';
import { feedbackEvent, ownInputs } from './inputs/own-inputs.ts';
import { streakAfter } from './throttling.ts';
import { renewalDueEvent, memoryFor } from './inputs/generated-values.ts';
import { precedingRecord, recordIfIntact } from './recorded.ts';
import { objectsDrawnBefore } from './inputs/drawn-before.ts';
import { renderRelease, warningsEvent, type RenderRequest } from './inputs/render.ts';
import { chartToKeep, type State } from './state.ts';
import { asAdoption, type Choice, type Target } from './target.ts';
import { validated } from './inputs/validate.ts';
import { mergedValues } from './inputs/values.ts';
import { valuesFileTexts } from './inputs/values-files.ts';

/** Renders what the spec asks for, makes sure that it may and can be applied, and records it as a new version. */
export async function recordNewVersion(
  services: VersionServices,
  observed: Observed,
  state: Extract<State, { name: 'newVersion' }>,
  observation: ObservationWithValues,
): Promise<Choice> {
  const { release } = observed;
  const made = await renderNewVersion(services, observed, state, observation);
  const { record, resolved, rendering, isChartKept } = made;
  const { desired, adopts } = await validated(services, observed, record, made.denied);
  const history = await storeVersion(services, observed, { state, record, resolved, inputs: observation.inputs ?? '' });
  if (state.because === 'inputs') tellOfFeedback(services, release, desired);
  tellOfRendering(services, release, rendering);
  const { verified, digest } = resolved;
  const baseline = {
    inputs: observation.inputs,
    chart: isChartKept ? release.status?.followed?.digest : digest,
    // Only an edit goes on from a rollback.
    leftContent: CAUSES[state.because] === 'Edit' ? undefined : release.status?.leftContent,
  };
  const operation = asAdoption(made.operation, adopts);
  const target: Target = { version: state.version, history, record, desired, operation, baseline, verified };
  return { target, observed: { ...observed, histories: await withoutSuperseded(services, observed, history) } };
}

/** What a new version is made of, before anything of it is checked or recorded. */
export interface RenderedVersion {
  record: VersionRecord;
  resolved: ResolvedChart;
  rendering: Rendering;
  operation: 'Install' | 'Upgrade';
  /** Whether its chart is that of the version before, with what its reference resolves to. */
  isChartKept: boolean;
  /** What lookups may not read; it counted as absent. */
  denied: Need[];
}

/**
 * Renders what the spec asks for. Writes nothing, and has its secrets masked from then on. Throws RegistryError, ChartError, TemplateError,
 * ReleaseError, KubeError.
 */
export async function renderNewVersion(
  services: RenderServices,
  observed: Observed,
  state: Extract<State, { name: 'newVersion' }>,
  observation: ObservationWithValues,
): Promise<RenderedVersion> {
  const { release } = observed;
  if (state.version > MAX_VERSION) throw noNumberLeft();
  const kept = chartToKeep(observation);
  const { chart, resolved } = await services.charts.load(observed, kept);
  const files = await valuesFileTexts(services.sandbox, chart, release);
  const values = await inTurns(mergedValues(release.spec, [...files, ...observation.texts]));
  const content = contentOf(release.spec);
  const memory = memoryFor(content, await precedingRecord(services, observed));
  const { version } = state;
  const request = { chart, release, version, operation: rendersAs(observed, version), values, memory } as const;
  const { rendering, denied } = await renderedAsBefore(services, observed, request);
  const { objects, hooks, crds, notes, remembered } = rendering;
  const secretValues = await inTurns(secretsOf(observation));
  const record = await inTurn(() =>
    packedRecord(withoutUndefined({ content, values, secretValues, objects, hooks, crds, notes, remembered })),
  );
  services.secrets.learnRecord(observed.key, record);
  const operation = wasEverInForce(observed) ? 'Upgrade' : 'Install';
  return { record, resolved, rendering, operation, isChartKept: kept !== undefined, denied };
}

/** What Helm brought to its second revision or a later one was rendered as an upgrade. */
function rendersAs(observed: Observed, version: number): RenderRequest['operation'] {
  const isFromHelm = observed.release.spec.adopt === 'HelmRelease' && version > 1;
  return isFromHelm || wasEverInForce(observed) ? 'Upgrade' : 'Install';
}

/** The maximum in the resource definitions. */
const MAX_VERSION = 2 ** 31 - 1;

function noNumberLeft(): ReleaseError {
  const remedy = 'delete the Release with --cascade=orphan and its ReleaseHistories, and create it again';
  return new ReleaseError('LimitExceeded', `no version can follow ${MAX_VERSION}, the highest number: ${remedy}`);
}

function* secretsOf({ texts }: ObservationWithValues): Generator<undefined, string[] | undefined> {
  const secrets: string[] = [];
  for (const text of texts) {
    for (const secret of secretsInValues([text])) secrets.push(secret);
    yield;
  }
  return secrets.length > 0 ? secrets : undefined;
}

function tellOfRendering(
  { events }: Pick<VersionServices, 'events'>,
  release: Release,
  { warnings, renewalDue = [] }: Rendering,
): void {
  if (warnings.length > 0) events.record(warningsEvent(release, warnings));
  if (renewalDue.length > 0) events.record(renewalDueEvent(release, renewalDue));
}

function tellOfFeedback({ events }: Pick<VersionServices, 'events'>, release: Release, desired: Desired): void {
  const own = ownInputs(desired, release);
  if (own.length > 0) events.record(feedbackEvent(release, own));
}

/** Renders; where objects are about to be taken over, what was drawn for them when somebody else rendered the chart is kept. */
async function renderedAsBefore(
  services: Pick<VersionServices, 'discovery' | 'sandbox' | 'secrets'>,
  observed: Observed,
  request: RenderRequest,
): Promise<{ rendering: Rendering; denied: Need[] }> {
  const anew = await renderedFor(services, observed, request);
  const live = wasEverInForce(observed) ? [] : await objectsDrawnBefore(services, observed, anew.rendering);
  return live.length === 0
    ? anew
    : renderedFor(services, observed, { ...request, memory: { ...request.memory, live } });
}

/** Renders; what lookups may not read counts as absent. If the template then fails, throws an error that names all of that. */
async function renderedFor(
  services: Pick<VersionServices, 'discovery' | 'sandbox' | 'secrets'>,
  observed: Observed,
  request: RenderRequest,
): Promise<{ rendering: Rendering; denied: Need[] }> {
  const denied: Need[] = [];
  try {
    const rendering = await renderRelease(request, services.sandbox, services.discovery, {
      tenant: observed.tenant,
      onRead: (object) => services.secrets.learnObject(observed.key, object),
      onDenied: (what) => denied.push(needOf(what)),
    });
    return { rendering, denied };
  } catch (error) {
    await checkPermissions(observed.tenant, observed.release, denied);
    throw error;
  }
}

interface NewVersion {
  state: Extract<State, { name: 'newVersion' }>;
  record: VersionRecord;
  resolved: ResolvedChart;
  inputs: string;
}

const MAX_CHANGES = 100;
const MAX_EDITORS_CHARS = 256;

/** What led to a version: something outside the spec, or an edit. */
const CAUSES = { install: 'Edit', content: 'Edit', inputs: 'Inputs', chart: 'Chart' } as const;

async function storeVersion(
  services: RecordServices & Pick<VersionServices, 'client' | 'histories'>,
  observed: Observed,
  made: NewVersion,
): Promise<ReleaseHistory> {
  const { state, record, resolved, inputs } = made;
  const { content } = record;
  const now = new Date();
  const cause = CAUSES[state.because];
  const previous = historyOf(observed, observed.release.status?.version);
  const before = previous && (await recordIfIntact(services, observed, previous));
  if (before) await inTurns(services.secrets.prepare(observed.key));
  const masked = (text: string): string => services.secrets.mask(observed.key, text);
  const comparison = changesBetweenManifests(before ? objectsOf(before) : [], before ? objectsOf(record) : [], {
    max: MAX_CHANGES,
    masked,
  });
  const { changes, total: changesTotal } = await inTurns(comparison);
  const facts = withoutUndefined({
    version: state.version,
    chart: referenceOf(content),
    resolved,
    digests: {
      content: contentDigest(content),
      inputs,
    },
    description: descriptionOf(made, previous, before),
    cause,
    streak: streakAfter(observed.histories.at(-1), cause, now.getTime()),
    recordedAt: now.toISOString(),
    changes,
    changesTotal,
    helmVersion: content.helmVersion,
    valuesFrom: content.valuesFrom,
    ...(cause === 'Edit' ? editorsIn(observed, before?.content, content, previous) : {}),
    comparedWith: before && previous?.spec.version,
  });
  const history = await recordVersion(services.client, observed.release, record, { facts, previous });
  services.histories.store(history);
  services.records.keep(history, record);
  return history;
}

function objectsOf({ objects }: VersionRecord): KubeObject[] {
  return objects.map(({ object }) => object);
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
  if (state.because === 'chart') return `Upgrade ${now}: the chart was pushed again`;
  const fields = before === undefined ? [] : changedFields(before.content, record.content);
  return `Upgrade ${now}: ${fields.join(' and ') || 'the spec'} changed`;
}

function editorsIn(
  { release: { metadata } }: Observed,
  before: ReleaseContent | undefined,
  content: ReleaseContent,
  previous: ReleaseHistory | undefined,
): Pick<ReleaseHistory['spec'], 'changedBy' | 'editedBy'> {
  const managers = editorsOf(before, content, metadata.managedFields, previous?.spec.recordedAt);
  const [changedBy, editedBy] = [managers.join(', '), metadata.annotations?.[EDITOR_ANNOTATION] ?? ''].map((names) =>
    names === '' ? undefined : names.slice(0, MAX_EDITORS_CHARS),
  );
  return withoutUndefined({ changedBy, editedBy });
}
