import { buildChart } from '../test/support/charts/chart-builder.ts';
import type { PublicChart } from '../test/support/charts/public-charts.ts';
import { webChart } from '../test/support/charts/web-chart.ts';

/** The smallest chart worth installing: a Deployment, a Service and a ConfigMap. */
export function smallChart(): PublicChart {
  const { name, version = '1.0.0' } = webChart();
  const archive = buildChart(webChart());
  return { name, version, archive, path: '', values: {}, upgrade: { path: 'replicas', values: { replicas: 2 } } };
}
