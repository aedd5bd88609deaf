import {
  type JsonObject,
  loadChart,
  type MemoryOptions,
  type Remembered,
  renderFiles,
} from '../../../chart-renderer/index.ts';
import { buildChart } from '../../support/charts/chart-builder.ts';

/** What came of a rendering with a memory. */
export interface Rendered {
  readonly files: Readonly<Record<string, string>>;
  readonly remembered: Remembered;
  readonly renewalDue: readonly string[];
}

type Templates = Readonly<Record<string, string>>;

/** Renders a chart of these templates. */
export async function render(
  templates: Templates,
  { values = {}, remembered = {}, time = 'real' }: { values?: JsonObject } & Partial<MemoryOptions> = {},
): Promise<Rendered> {
  const chart = await loadChart(buildChart({ name: 'app', templates }));
  const {
    files,
    remembered: kept = {},
    renewalDue = [],
  } = renderFiles(chart, {
    release: { name: 'r', namespace: 'ns', revision: 1, isInstall: true, isUpgrade: false, service: 'Helm' },
    values,
    capabilities: { kubeVersion: '1.34.0', apiVersions: ['v1'] },
    memory: { remembered, time },
  });
  return { files, remembered: kept, renewalDue };
}

/** The text of a file. */
export const file = ({ files }: Rendered, name = 'a.yaml'): string => files[`app/templates/${name}`] ?? '';

/** The values by their keys in the lines `key: value` of a file. */
export function lines(rendered: Rendered, name?: string): Record<string, string> {
  const pairs = file(rendered, name)
    .split('\n')
    .map((line) => line.split(': '))
    .filter(([, value]) => value !== undefined);
  return Object.fromEntries(pairs.map(([key = '', value = '']) => [key.trim(), value]));
}
