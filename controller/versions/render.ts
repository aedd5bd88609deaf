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
import { isKubeError, type Discovery, type KubeClient } from '../../kube/index.ts';
import type { KubeObject } from '../../resources/index.ts';

/** What a Release's chart is rendered with. */
export interface RenderRequest {
  chart: PackagedChart;
  release: Release;
  version: number;
  operation: 'install' | 'upgrade';
  values: JsonObject;
  memory: MemoryOptions;
}

/** Who reads for lookups, and who is told of each object read. */
export interface LookupReader {
  tenant: KubeClient;
  onRead: (object: KubeObject) => void;
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
async function lookUp(
  question: Parameters<Lookup>,
  discovery: Discovery,
  { tenant, onRead }: LookupReader,
): Promise<Json> {
  const [apiVersion, kind, namespace, name] = question;
  const resource = await discovery.resourceFor(apiVersion, kind);
  if (!resource) return null;
  const scope = resource.namespaced && namespace !== '' ? namespace : undefined;
  try {
    const items = name === '' ? await tenant.list(resource, scope) : [await tenant.get(resource, scope, name)];
    for (const item of items) onRead(item);
    if (name !== '') return items[0] as JsonObject;
    return { apiVersion, kind: `${kind}List`, metadata: {}, items: items as JsonObject[] };
  } catch (error) {
    if (isKubeError(error, 'NotFound')) return null;
    throw error;
  }
}
