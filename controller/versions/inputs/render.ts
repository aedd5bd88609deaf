import { ChartError } from '../../../chart-renderer/index.ts';
import type {
  Json,
  JsonObject,
  Lookup,
  MemoryOptions,
  PackagedChart,
  Rendering,
  RenderOptions,
  Sandbox,
} from '../../../chart-renderer/index.ts';
import type { ClusterAnswers, Reason, Release } from '../../../crds/index.ts';
import {
  isKubeError,
  type ApiResource,
  type DeniedPermission,
  type Discovery,
  type KubeClient,
  type ObjectEvent,
  type Offer,
} from '../../../kube/index.ts';
import { isDeeperThan, jsonOf, titleOfObject, type KubeObject } from '../../../resources/index.ts';
import { contentOf } from '../../../records/index.ts';
import { ReleaseError } from '../../pass/failures/errors.ts';
import { answersTo, capabilitiesBefore, capabilitiesOf, digestOfOthers } from '../cluster/answers.ts';
import { askedApartFrom, ownNamesAsked } from '../cluster/own-kinds.ts';
import { MAX_DEPTH } from '../../pass/value-limits.ts';

/** What a Release's chart is rendered with. */
export interface RenderRequest {
  chart: PackagedChart;
  release: Release;
  version: number;
  operation: 'Install' | 'Upgrade';
  values: JsonObject;
  memory: MemoryOptions;
  /** What the cluster is to answer instead of what it answers now. */
  answers?: ClusterAnswers;
}

/** A rendering, and the cluster that its templates were told of. */
export interface ReleaseRendering extends Rendering {
  offer: Offer;
}

/**
 * Who reads for lookups, with callbacks for each object that is read and for what may not be read. The template sees the latter as absent.
 */
export interface LookupReader {
  tenant: KubeClient;
  onRead: (object: KubeObject) => void;
  onDenied: (denied: DeniedPermission) => void;
}

/** How much the lookups of one rendering may read: all of it is sent to the process that renders. */
const MAX_LOOKUP_MIB = 16;
const MIB = 1024 * 1024;

type RenderDiscovery = Pick<Discovery, 'offer' | 'refresh' | 'resourceFor'>;

/** Renders a chart for a Release; its lookups see what the tenant sees. Throws ChartError, TemplateError, KubeError, ReleaseError. */
export async function renderRelease(
  request: RenderRequest,
  sandbox: Pick<Sandbox, 'render'>,
  discovery: RenderDiscovery,
  reader: LookupReader,
): Promise<ReleaseRendering> {
  const { values, memory, release } = request;
  const schemaValidation = release.spec.schemaValidation === 'Skip' ? 'skip' : 'run';
  const { patches, commonMetadata } = contentOf(release.spec);
  const changes = { patches, commonMetadata };
  const options = { release: factsOf(request), values, memory, schemaValidation, ...changes } as const;
  const renderFor = async (offer: Offer): Promise<ReleaseRendering> => {
    const allowance = new Allowance(MAX_LOOKUP_MIB * MIB);
    const lookup = async (...question: Parameters<Lookup>): Promise<Json> =>
      lookUp(question, discovery, { ...reader, allowance });
    const before = request.answers && capabilitiesBefore(request.answers, offer);
    const capabilities = before ?? capabilitiesOf(offer);
    return { ...(await sandbox.render(request.chart, { ...options, capabilities }, lookup)), offer };
  };
  const known = await renderFor(await discovery.offer());
  const rendering = (await isOutdated(known, discovery)) ? await renderFor(await discovery.offer()) : known;
  if (request.operation !== 'Install') return rendering;
  checkDefinitions(rendering);
  return release.spec.crds === 'Skip' ? rendering : withOwnKindsServed(rendering, renderFor);
}

/** As if the chart's own definitions existed, if it asks for what they define; what it asked of them is not the cluster's to answer. */
async function withOwnKindsServed(
  rendering: ReleaseRendering,
  renderFor: (offer: Offer) => Promise<ReleaseRendering>,
): Promise<ReleaseRendering> {
  const own = ownNamesAsked(rendering, rendering.offer);
  if (own.size === 0) return rendering;
  const { asked, ...rest } = await renderFor({
    ...rendering.offer,
    names: new Set([...rendering.offer.names, ...own]),
  });
  const others = askedApartFrom(own, asked);
  return { ...rest, ...(others && { asked: others }) };
}

/** What is known of the cluster is read again for a chart that asks for it, if it is older than this. */
const MAX_OFFER_AGE_MS = 5_000;

/** Whether the cluster has other answers by now to what was asked. */
async function isOutdated(
  { asked, offer }: ReleaseRendering,
  discovery: Pick<Discovery, 'offer' | 'refresh'>,
): Promise<boolean> {
  const answers = answersTo(asked, offer);
  if (!answers) return false;
  await discovery.refresh(MAX_OFFER_AGE_MS);
  return digestOfOthers(answers, await discovery.offer()) !== undefined;
}

/** Throws ChartError if Helm would refuse the chart's `crds/` when it installs the chart. */
function checkDefinitions({ emptyDefinitions: file }: Rendering): void {
  if (file === undefined) return;
  const message = `${file} has no objects, and Helm refuses to install a chart with such a file: remove it from the chart`;
  throw new ChartError('Manifest', message, { file });
}

/** The event for what Helm would warn about. */
export function warningsEvent(release: Release, warnings: readonly string[]): ObjectEvent<Reason> {
  return { object: release, type: 'Warning', reason: 'ChartWarning', message: warnings.join('; ') };
}

function factsOf({ release, version, operation }: RenderRequest): RenderOptions['release'] {
  const { name, namespace } = release.metadata;
  const isUpgrade = operation === 'Upgrade';
  return { name, namespace, revision: version, isInstall: !isUpgrade, isUpgrade, service: 'Helm' };
}

/** The bytes that the lookups of one rendering may still read. */
class Allowance {
  #left: number;

  constructor(bytes: number) {
    this.#left = bytes;
  }

  get left(): number {
    return this.#left;
  }

  /** Spends so many bytes; returns whether there were as many. */
  spend(bytes: number): boolean {
    this.#left -= bytes;
    return this.#left >= 0;
  }
}

interface LimitedReader extends LookupReader {
  allowance: Allowance;
}

/** Helm's `lookup`: an object, a list if no name is given, or nothing if it is not found. */
async function lookUp(
  question: Parameters<Lookup>,
  discovery: Pick<Discovery, 'resourceFor'>,
  reader: LimitedReader,
): Promise<Json> {
  const [apiVersion, kind, namespace, name] = question;
  const resource = await discovery.resourceFor(apiVersion, kind);
  if (!resource) return null;
  const scope = resource.namespaced && namespace !== '' ? namespace : undefined;
  const items = await found(reader, resource, scope, name);
  if (items === undefined) return null;
  const objects = items as JsonObject[];
  if (name !== '') return objects[0] ?? null;
  return { apiVersion, kind: `${kind}List`, metadata: {}, items: objects };
}

/** What is read; undefined if it does not exist, or if the account may not read it. In that case the reader's callback is called. */
async function found(
  reader: LimitedReader,
  resource: ApiResource,
  scope: string | undefined,
  name: string,
): Promise<KubeObject[] | undefined> {
  try {
    const items = await readWithin(reader, resource, scope, name);
    for (const item of items) reader.onRead(item);
    return items;
  } catch (error) {
    if (isKubeError(error, 'NotFound')) return undefined;
    if (isKubeError(error, 'TooLarge')) throw lookupsTooLarge(resource, name);
    if (!isKubeError(error, 'Forbidden') || !error.denied) throw error;
    reader.onDenied(error.denied);
    return undefined;
  }
}

/** Reads one object or, without a name, all; their size is spent of the allowance. Throws KubeError, ReleaseError LimitExceeded. */
async function readWithin(
  { tenant, allowance }: LimitedReader,
  resource: ApiResource,
  scope: string | undefined,
  name: string,
): Promise<KubeObject[]> {
  const all = name === '' ? await tenant.listAt(resource, scope, {}, { maxBytes: allowance.left }) : undefined;
  const items = all?.items ?? [await tenant.get(resource, scope, name)];
  const deep = items.find((item) => isDeeperThan(item, MAX_DEPTH));
  if (deep) throw tooDeep(deep);
  if (!allowance.spend(all?.bytes ?? jsonOf(items).length)) throw lookupsTooLarge(resource, name);
  return items;
}

function tooDeep(item: KubeObject): ReleaseError {
  const message = `lookup: ${titleOfObject(item)} is nested more than ${MAX_DEPTH} levels deep`;
  return new ReleaseError('LimitExceeded', message);
}

function lookupsTooLarge({ kind }: ApiResource, name: string): ReleaseError {
  const what = name === '' ? `all ${kind} objects` : `${kind}/${name}`;
  const message = `the lookups of one rendering may read ${MAX_LOOKUP_MIB} MiB, which ${what} would exceed: have the chart look up single objects`;
  return new ReleaseError('LimitExceeded', message);
}
