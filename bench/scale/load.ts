import { renderChart, loadChart } from '../../chart-renderer/index.ts';
import { buildChart, type ChartParts } from '../../test/support/charts/chart-builder.ts';
import { releaseOf } from '../../test/support/cluster/installation.ts';
import type { Kubectl } from '../../test/support/cluster/kubectl.ts';
import type { StoredChart } from '../../test/support/charts/registry.ts';
import { createTenant } from '../../test/support/cluster/tenant.ts';

/** Many Releases of one chart, spread over namespaces. */
export interface Load {
  readonly releases: number;
  readonly namespaces: readonly string[];
}

/** Makes so many tenants. */
export async function tenants(kubectl: Kubectl, count: number): Promise<string[]> {
  return Promise.all(Array.from({ length: count }, async () => createTenant(kubectl, 'scale')));
}

/** The load's Releases as one file for `kubectl create`. */
export function releasesOf({ releases, namespaces }: Load, chart: StoredChart): string {
  return listOf(places(releases, namespaces).map(({ namespace, name }) => releaseOf(namespace, name, chart)));
}

/** The objects that the load's Releases create, as one file for `kubectl create`: what a client without a controller would make. */
export async function objectsOf({ releases, namespaces }: Load, parts: ChartParts): Promise<string> {
  const chart = await loadChart(buildChart(parts));
  const capabilities = { kubeVersion: '1.36.0', apiVersions: ['v1', 'apps/v1'] };
  const rendered = places(releases, namespaces).map(async (place) => {
    const release = { ...place, revision: 1, isInstall: true, isUpgrade: false, service: 'Helm' };
    const { objects } = await renderChart(chart, { release, values: {}, capabilities });
    return objects.map(({ object }) => ({ ...object, metadata: { ...object.metadata, namespace: place.namespace } }));
  });
  return listOf((await Promise.all(rendered)).flat());
}

/** The namespaces take turns. */
function places(count: number, namespaces: readonly string[]): { namespace: string; name: string }[] {
  return Array.from({ length: count }, (_, index) => ({
    namespace: namespaces[index % namespaces.length] ?? '',
    name: `r${index}`,
  }));
}

function listOf(items: readonly object[]): string {
  return JSON.stringify({ apiVersion: 'v1', kind: 'List', items });
}
