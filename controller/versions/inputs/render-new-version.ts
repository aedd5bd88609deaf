import type { ClusterAnswers } from '../../../crds/index.ts';
import {
  bytesOfObjects,
  bytesOfRecord,
  colourOf,
  contentOf,
  packedRecord,
  type ResolvedChart,
  type VersionRecord,
} from '../../../records/index.ts';
import type { KubeObject } from '../../../resources/index.ts';
import { secretsInValues } from '../../masking/secret-texts.ts';
import { ReleaseError } from '../../pass/failures/errors.ts';
import type { Observed } from '../../pass/observed.ts';
import { inStep } from '../../pass/step.ts';
import { withoutUndefined } from '../../../resources/index.ts';
import { inTurn, inTurns } from '../../../turns/index.ts';
import { needOf, type Need } from '../../plan/permissions/needs.ts';
import { checkPermissions } from '../../plan/permissions/permissions.ts';
import { answersTo } from '../cluster/answers.ts';
import { answersInForce } from '../cluster/answers-in-force.ts';
import { renderedForChange, requireNoLoss } from '../cluster/render-changed.ts';
import { wasEverInForce } from '../inherited.ts';
import type { ObservationWithValues } from '../observe.ts';
import { precedingRecord, recordInForce } from '../recorded.ts';
import type { RenderServices, VersionServices } from '../services.ts';
import { chartToKeep, type State } from '../state.ts';
import { objectsToReadBack } from './read-back.ts';
import { memoryFor } from './generated-values.ts';
import { renderRelease, type ReleaseRendering, type RenderRequest } from './render.ts';
import { mergedValues } from './values.ts';
import { valuesFileTexts } from './values-files.ts';

/** What a new version is made of, before anything of it is checked or recorded. */
export interface RenderedVersion {
  record: VersionRecord;
  resolved: ResolvedChart;
  rendering: ReleaseRendering;
  operation: 'Install' | 'Upgrade';
  /** Whether its chart is that of the version before, with what its reference resolves to. */
  isChartKept: boolean;
  /** What lookups may not read; it counted as absent. */
  denied: Need[];
  /** What the cluster answered to what the templates asked; undefined if nothing. */
  answers: ClusterAnswers | undefined;
  /** Whether the cluster has changed and the version in force need not, since nothing else is rendered. */
  isSame: boolean;
}

/** What is made of a rendering for the cluster takes as much again, and so does what is stored of it. */
const COPIES = 3;
const NEW_VERSION = 'new version';
/** What is in memory for a time besides that. */
const OTHER_RENDERING = 'other rendering';
const LIVE = 'live objects';

/**
 * Renders what the spec asks for. Writes nothing, and has its secrets masked from then on. Throws RegistryError, ChartError, TemplateError,
 * ReleaseError, KubeError, WaitsForMemory.
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
  const hold = (bytes: number): void => services.memory.hold(observed.key, NEW_VERSION, COPIES * bytes);
  // Until it is rendered, nobody knows how large it is; a chart whose texts do not compress is about as large.
  const { chart, resolved } = await inStep('pull', () =>
    services.charts.load(observed, { keep: kept, onPulled: hold }),
  );
  const files = await valuesFileTexts(services.sandbox, chart, release);
  const values = await inTurns(mergedValues(release.spec, [...files, ...observation.texts]));
  const content = contentOf(release.spec);
  const colour = colourOf(content, state.version);
  const preceding = await precedingRecord(services, observed);
  const memory = memoryFor(content, preceding);
  const { version } = state;
  const request = { chart, release, version, operation: rendersAs(observed, version), values, memory } as const;
  const { rendering, denied, isSame } =
    state.because === 'cluster'
      ? await renderedForCluster(services, observed, request, preceding)
      : { ...(await renderedAsBefore(services, observed, request)), isSame: false };
  const { objects, hooks, crds, notes, order, remembered } = rendering;
  const secretValues = await inTurns(secretsOf(observation));
  const record = await inTurn(() =>
    packedRecord(
      withoutUndefined({ content, colour, values, secretValues, objects, hooks, crds, notes, order, remembered }),
    ),
  );
  hold(bytesOfRecord(record));
  for (const part of [OTHER_RENDERING, LIVE]) services.memory.hold(observed.key, part, 0);
  services.secrets.learnRecord(observed.key, record);
  const operation = wasEverInForce(observed) ? 'Upgrade' : 'Install';
  if (state.because === 'cluster' && !isSame) {
    await requireNoLoss(services.discovery, await recordInForce(services, observed), record);
  }
  if (rendering.asked) await inTurns(services.secrets.prepare(observed.key));
  const isSecret = (name: string): boolean => services.secrets.mask(observed.key, name) !== name;
  const answers = answersTo(rendering.asked, rendering.offer, isSecret);
  return { record, resolved, rendering, operation, isChartKept: kept !== undefined, denied, answers, isSame };
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

/** What was rendered, and what lookups may not read. */
interface Rendered {
  rendering: ReleaseRendering;
  denied: Need[];
}

type RenderingServices = Pick<VersionServices, 'discovery' | 'memory' | 'sandbox' | 'secrets'>;

/** Renders because the cluster has changed; says whether that makes a difference. */
async function renderedForCluster(
  services: RenderingServices,
  observed: Observed,
  request: RenderRequest,
  inForce: VersionRecord | undefined,
): Promise<Rendered & { isSame: boolean }> {
  const { memory } = request;
  const before = answersInForce(observed) ?? {};
  const render = async (how: Partial<RenderRequest>): Promise<Rendered> =>
    renderedFor(services, observed, { ...request, ...how }, how.answers && OTHER_RENDERING);
  const { made, isSame } = await renderedForChange(render, { memory, before, inForce });
  return { ...made, isSame };
}

/** Renders; where objects are about to be taken over, what was drawn for them when somebody else rendered the chart is kept. */
async function renderedAsBefore(
  services: RenderingServices,
  observed: Observed,
  request: RenderRequest,
): Promise<Rendered> {
  const anew = await renderedFor(services, observed, request);
  if (wasEverInForce(observed)) return anew;
  const holdLive = (bytes: number): void => services.memory.hold(observed.key, LIVE, bytes);
  const live = await objectsToReadBack(services, observed, anew.rendering, holdLive);
  if (live.length === 0) return anew;
  return renderedFor(services, observed, { ...request, memory: { ...request.memory, live } }, OTHER_RENDERING);
}

/**
 * Renders; what lookups may not read counts as absent. If the template then fails, throws an error that names all of that. What comes of it
 * counts as soon as it is there.
 */
async function renderedFor(
  services: RenderingServices,
  observed: Observed,
  request: RenderRequest,
  besides?: typeof OTHER_RENDERING,
): Promise<Rendered> {
  const { key, tenant, release } = observed;
  const denied: Need[] = [];
  const reader = {
    tenant,
    onRead: (object: KubeObject) => services.secrets.learnObject(key, object),
    onDenied: (what: Parameters<typeof needOf>[0]) => denied.push(needOf(what)),
  };
  const render = async (): Promise<ReleaseRendering> =>
    renderRelease(request, services.sandbox, services.discovery, reader);
  const rendering = await inStep('render', render).catch(async (error: unknown) => {
    await checkPermissions(tenant, release, denied);
    throw error;
  });
  services.memory.hold(key, besides ?? NEW_VERSION, (besides ? 1 : COPIES) * bytesOfObjects(rendering));
  return { rendering, denied };
}
