import { type Chart, type JsonObject, loadChart, type RenderOptions } from '../../chart-renderer/index.ts';
import type { ChartSource } from '../../test/conformance/rendering/cases.ts';
import { INSTALLATION } from '../../test/conformance/rendering/settings.ts';

/** The chart with those that its repository keeps elsewhere. */
export async function loadSource({ path, extras }: ChartSource): Promise<Chart> {
  const chart = await loadChart(path);
  const added: Chart[] = [];
  for (const extra of extras) added.push(await loadSource(extra));
  return { ...chart, dependencies: [...chart.dependencies, ...added] };
}

/** What every case is rendered for. */
export function optionsWith(values: JsonObject): RenderOptions {
  const { release, kubeVersion, apiVersions } = INSTALLATION;
  return { release, values, capabilities: { kubeVersion, apiVersions } };
}
