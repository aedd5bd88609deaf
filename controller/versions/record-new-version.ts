import type { Rendering } from '../../chart-renderer/index.ts';
import {
  EDITOR_ANNOTATION,
  type ClusterAnswers,
  type Release,
  type ReleaseContent,
  type ReleaseHistory,
} from '../../crds/index.ts';
import { changesBetweenManifests, type KubeObject, withoutUndefined } from '../../resources/index.ts';
import {
  changedFields,
  contentDigest,
  referenceOf,
  type ResolvedChart,
  type VersionRecord,
} from '../../records/index.ts';
import { inTurns } from '../../turns/index.ts';
import { recordVersion } from '../history/history.ts';
import { historyOfVersion } from '../history/owned-versions.ts';
import { withoutSuperseded } from '../history/superseded.ts';
import type { Observed } from '../pass/observed.ts';
import { inStep } from '../pass/step.ts';
import type { RecordServices, VersionServices } from './services.ts';
import type { Desired } from '../plan/desired.ts';
import { changeInWords } from './cluster/answers.ts';
import { clusterEvent, stayingChoice } from './cluster/unchanged.ts';
import { editorsOf } from './editors.ts';
import type { ObservationWithValues } from './observe.ts';
import { feedbackEvent, ownInputs } from './inputs/own-inputs.ts';
import { streakAfter } from './throttling.ts';
import { renewalDueEvent } from './inputs/generated-values.ts';
import { recordIfIntact } from './recorded.ts';
import { warningsEvent } from './inputs/render.ts';
import { renderNewVersion } from './inputs/render-new-version.ts';
import type { State } from './state.ts';
import { asAdoption, type Choice, type Target } from './target.ts';
import { validated } from './inputs/validate.ts';

/** Renders what the spec asks for, makes sure that it may and can be applied, and records it as a new version. */
export async function recordNewVersion(
  services: VersionServices,
  observed: Observed,
  state: Extract<State, { name: 'newVersion' }>,
  observation: ObservationWithValues,
): Promise<Choice> {
  const { release } = observed;
  const made = await renderNewVersion(services, observed, state, observation);
  if (made.isSame) return stayingChoice(services, observed, observation);
  const { record, resolved, rendering, isChartKept, answers } = made;
  const { desired, adopts } = await validated(services, observed, record, made.denied);
  const inputs = observation.inputs ?? '';
  const history = await inStep('record', () =>
    storeVersion(services, observed, { state, record, resolved, inputs, answers }),
  );
  if (state.because === 'inputs') tellOfFeedback(services, release, desired);
  if (state.because === 'cluster') services.events.record(clusterEvent(release, history));
  tellOfRendering(services, release, rendering);
  const { verified, digest } = resolved;
  const baseline = {
    inputs: observation.inputs,
    chart: isChartKept ? release.status?.followed?.digest : digest,
    cluster: undefined,
    // Only an edit goes on from a rollback.
    leftContent: CAUSES[state.because] === 'Edit' ? undefined : release.status?.leftContent,
  };
  const operation = asAdoption(made.operation, adopts);
  const target: Target = { version: state.version, history, record, desired, operation, baseline, verified };
  return { target, observed: { ...observed, histories: await withoutSuperseded(services, observed, history) } };
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

interface NewVersion {
  state: Extract<State, { name: 'newVersion' }>;
  record: VersionRecord;
  resolved: ResolvedChart;
  inputs: string;
  answers: ClusterAnswers | undefined;
}

const MAX_CHANGES = 100;
const MAX_EDITORS_CHARS = 256;

/** What led to a version: something outside the spec, or an edit. */
const CAUSES = { install: 'Edit', content: 'Edit', inputs: 'Inputs', chart: 'Chart', cluster: 'Cluster' } as const;

async function storeVersion(
  services: RecordServices & Pick<VersionServices, 'client' | 'histories'>,
  observed: Observed,
  made: NewVersion,
): Promise<ReleaseHistory> {
  const { state, record, resolved, inputs, answers: cluster } = made;
  const { content } = record;
  const now = new Date();
  const cause = CAUSES[state.because];
  const previous = historyOfVersion(observed, observed.release.status?.version);
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
    cluster,
    description: descriptionOf(made, previous, before),
    cause,
    streak: streakAfter(observed.histories.at(-1), cause, now.getTime()),
    recordedAt: now.toISOString(),
    changes,
    changesTotal,
    colour: record.colour,
    helmVersion: content.helmVersion,
    valuesFrom: content.valuesFrom,
    ...(cause === 'Edit' ? editorsIn(observed, before?.content, content, previous) : {}),
    comparedWith: before && previous?.spec.version,
  });
  const history = await recordVersion(services.client, observed.release, record, { facts, previous });
  services.histories.store(history);
  services.records.keepOnly(observed.key, history, record);
  return history;
}

function objectsOf({ objects }: VersionRecord): KubeObject[] {
  return objects.map(({ object }) => object);
}

function descriptionOf(
  { state, resolved, record, answers = {} }: NewVersion,
  previous: ReleaseHistory | undefined,
  before: VersionRecord | undefined,
): string {
  const now = `${resolved.name}-${resolved.version}`;
  if (!previous) return `Install ${now}`;
  const old = `${previous.spec.resolved.name}-${previous.spec.resolved.version}`;
  if (old !== now) return `Upgrade ${old} to ${now}`;
  if (state.because === 'inputs') return `Upgrade ${now}: data of valuesFrom changed`;
  if (state.because === 'chart') return `Upgrade ${now}: the chart was pushed again`;
  if (state.because === 'cluster') return `Upgrade ${now}: ${changeInWords(previous.spec.cluster ?? {}, answers)}`;
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
