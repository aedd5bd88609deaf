import {
  renderChart,
  type Chart,
  type Json,
  type JsonObject,
  type Lookup,
  type Rendering,
  type RenderOptions,
} from '../chart-renderer/index.ts';
import type { Release } from '../crds/index.ts';
import { isKubeError, type Discovery, type KubeClient } from '../kube/index.ts';
import { ReleaseError } from './errors.ts';

/** What a Release's chart is rendered with. */
export interface RenderRequest {
  chart: Chart;
  release: Release;
  version: number;
  operation: 'install' | 'upgrade';
  values: JsonObject;
}

const MOST_ROUNDS = 10;

/**
 * Renders a chart for a Release. Templates run synchronously, so a `lookup` that is not answered yet is noted, answered from
 * the cluster as the tenant sees it, and the chart rendered once more. Throws ChartError, TemplateError, KubeError, ReleaseError.
 */
export async function renderRelease(
  request: RenderRequest,
  discovery: Discovery,
  tenant: KubeClient,
): Promise<Rendering> {
  const answers = new Map<string, Json>();
  const capabilities = { kubeVersion: await discovery.kubeVersion(), apiVersions: await discovery.apiVersions() };
  for (let round = 0; round < MOST_ROUNDS; round += 1) {
    const questions = new Map<string, Parameters<Lookup>>();
    const lookup: Lookup = (...question) => {
      const key = JSON.stringify(question);
      if (!answers.has(key)) questions.set(key, question);
      return answers.get(key) ?? null;
    };
    const attempt = renderChart(request.chart, {
      release: factsOf(request),
      values: request.values,
      capabilities,
      lookup,
    });
    // A template may fail for want of an answer that is about to come.
    const result = await attempt.catch((error: unknown) => {
      if (questions.size === 0) throw error;
    });
    if (result && questions.size === 0) return result;
    for (const [key, question] of questions) answers.set(key, await lookUp(question, discovery, tenant));
  }
  throw new ReleaseError('LimitExceeded', `the chart's lookups depend on each other more than ${MOST_ROUNDS} deep`);
}

function factsOf({ release, version, operation }: RenderRequest): RenderOptions['release'] {
  const { name, namespace } = release.metadata;
  const isUpgrade = operation === 'upgrade';
  return { name, namespace, revision: version, isInstall: !isUpgrade, isUpgrade, service: 'Helm' };
}

/** Helm's `lookup`: an object, a list where no name is given, or nothing where it is not found. */
async function lookUp(question: Parameters<Lookup>, discovery: Discovery, tenant: KubeClient): Promise<Json> {
  const [apiVersion, kind, namespace, name] = question;
  const resource = await discovery.resourceFor(apiVersion, kind);
  if (!resource) return null;
  const scope = resource.namespaced && namespace !== '' ? namespace : undefined;
  try {
    if (name !== '') return (await tenant.get(resource, scope, name)) as JsonObject;
    const items = await tenant.list(resource, scope);
    return { apiVersion, kind: `${kind}List`, metadata: {}, items: items as JsonObject[] };
  } catch (error) {
    if (isKubeError(error, 'NotFound')) return null;
    throw error;
  }
}
