import type {
  Json,
  JsonObject,
  Lookup,
  MemoryOptions,
  PackagedChart,
  Rendering,
  RenderOptions,
  Sandbox,
} from '../../chart-renderer/index.ts';
import type { Release } from '../../crds/index.ts';
import { isKubeError, type DeniedPermission, type Discovery, type KubeClient } from '../../kube/index.ts';
import { isDeeperThan, refOf, titleOf, type KubeObject } from '../../resources/index.ts';
import { ReleaseError } from '../pass/errors.ts';
import { MAX_DEPTH } from './values.ts';

/** What a Release's chart is rendered with. */
export interface RenderRequest {
  chart: PackagedChart;
  release: Release;
  version: number;
  operation: 'install' | 'upgrade';
  values: JsonObject;
  memory: MemoryOptions;
}

/** Who reads for lookups, and who is told of each object read and of what may not be read: that is nothing for the template. */
export interface LookupReader {
  tenant: KubeClient;
  onRead: (object: KubeObject) => void;
  onDenied: (denied: DeniedPermission) => void;
}

/** Renders a chart for a Release; its lookups see what the tenant sees. Throws ChartError, TemplateError, KubeError. */
export async function renderRelease(
  request: RenderRequest,
  sandbox: Sandbox,
  discovery: Discovery,
  reader: LookupReader,
): Promise<Rendering> {
  const capabilities = { kubeVersion: await discovery.serverVersion(), apiVersions: await discovery.apiVersions() };
  const { values, memory } = request;
  const options = { release: factsOf(request), values, capabilities, memory };
  return sandbox.render(request.chart, options, (...question) => lookUp(question, discovery, reader));
}

function factsOf({ release, version, operation }: RenderRequest): RenderOptions['release'] {
  const { name, namespace } = release.metadata;
  const isUpgrade = operation === 'upgrade';
  return { name, namespace, revision: version, isInstall: !isUpgrade, isUpgrade, service: 'Helm' };
}

/** Helm's `lookup`: an object, a list where no name is given, or nothing where it is not found. */
async function lookUp(question: Parameters<Lookup>, discovery: Discovery, reader: LookupReader): Promise<Json> {
  const [apiVersion, kind, namespace, name] = question;
  const resource = await discovery.resourceFor(apiVersion, kind);
  if (!resource) return null;
  const scope = resource.namespaced && namespace !== '' ? namespace : undefined;
  const items = await found(reader, () =>
    name === '' ? reader.tenant.list(resource, scope) : reader.tenant.get(resource, scope, name).then((item) => [item]),
  );
  if (items === undefined) return null;
  if (name !== '') return items[0] as JsonObject;
  return { apiVersion, kind: `${kind}List`, metadata: {}, items: items as JsonObject[] };
}

/** What is read; undefined where it is not there, or the account may not read it, which the reader is told. */
async function found(
  { onRead, onDenied }: LookupReader,
  read: () => Promise<KubeObject[]>,
): Promise<KubeObject[] | undefined> {
  try {
    const items = await read();
    for (const item of items) {
      if (isDeeperThan(item, MAX_DEPTH)) throw tooDeep(item);
      onRead(item);
    }
    return items;
  } catch (error) {
    if (isKubeError(error, 'NotFound')) return undefined;
    if (!isKubeError(error, 'Forbidden') || !error.denied) throw error;
    onDenied(error.denied);
    return undefined;
  }
}

function tooDeep(item: KubeObject): ReleaseError {
  const message = `lookup: ${titleOf(refOf(item))} is nested more than ${MAX_DEPTH} levels deep`;
  return new ReleaseError('LimitExceeded', message);
}
