import { renderChart, type Chart, type RenderOptions, type RenderResult } from '../chart-renderer/index.ts';
import type { Release, Values } from '../crds/index.ts';
import { isKubeError, type Discovery, type KubeClient } from '../kube/index.ts';
import { ReleaseError } from './errors.ts';

/** What a Release's chart is rendered with. */
export interface RenderRequest {
  chart: Chart;
  release: Release;
  version: number;
  operation: 'install' | 'upgrade';
  values: Values;
}

type Lookup = NonNullable<RenderOptions['lookup']>;

const MOST_ROUNDS = 10;

/**
 * Renders a chart for a Release. Templates run synchronously, so a `lookup` that is not answered yet is noted, answered from
 * the cluster as the tenant sees it, and the chart rendered once more. Throws ChartError, TemplateError, KubeError, ReleaseError.
 */
export async function renderRelease(
  request: RenderRequest,
  discovery: Discovery,
  tenant: KubeClient,
): Promise<RenderResult> {
  const answers = new Map<string, Record<string, unknown>>();
  const capabilities = { kubeVersion: await discovery.kubeVersion(), apiVersions: await discovery.apiVersions() };
  for (let round = 0; round < MOST_ROUNDS; round += 1) {
    const questions = new Map<string, Parameters<Lookup>>();
    const result = await renderChart(request.chart, {
      release: factsOf(request),
      values: request.values,
      capabilities,
      lookup: (...question) => {
        const key = JSON.stringify(question);
        if (!answers.has(key)) questions.set(key, question);
        return answers.get(key) ?? {};
      },
    });
    if (questions.size === 0) return result;
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
async function lookUp(
  [apiVersion, kind, namespace, name]: Parameters<Lookup>,
  discovery: Discovery,
  tenant: KubeClient,
): Promise<Record<string, unknown>> {
  const resource = await discovery.resourceFor(apiVersion, kind);
  if (!resource) return {};
  const scope = resource.namespaced && namespace !== '' ? namespace : undefined;
  try {
    if (name !== '') return await tenant.get(resource, scope, name);
    return { apiVersion, kind: `${kind}List`, metadata: {}, items: await tenant.list(resource, scope) };
  } catch (error) {
    if (isKubeError(error, 'NotFound')) return {};
    throw error;
  }
}
