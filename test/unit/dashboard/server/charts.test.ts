import { expect, test } from '@jest/globals';
import { loadChart } from '../../../../chart-renderer/index.ts';
import { chartNames, chartView, type ChartShelf } from '../../../../dashboard/server/releases/charts.ts';
import { buildChart } from '../../../support/charts/chart-builder.ts';

const CHART = buildChart({
  name: 'web',
  version: '1.2.3',
  metadata: 'home: javascript:alert(1)\ndescription: <img src=x onerror=alert(1)>\n',
  values: 'a: 1 # one\n',
  templates: {},
  files: { 'README.md': '# <script>', 'values.schema.json': '{"type": "object"}' },
});

const SHELF: ChartShelf = {
  names: async () => ['web', '--kubeconfig=x', 'space/api'],
  versions: async () => [],
  chart: async () => loadChart(CHART, {}),
};

const asked = (text: string) => new URLSearchParams(text);

test('a chart is shown as text, and has no link that a browser would run', async () => {
  const view = await chartView(SHELF, asked('registry=oci://hub.example/x&chart=web'));
  expect(view).toEqual({
    name: 'web',
    version: '1.2.3',
    description: '<img src=x onerror=alert(1)>',
    readme: '# <script>',
    values: 'a: 1 # one\n',
    schema: { type: 'object' },
  });
});

test.each([
  ['https://example.com/web', 'https://example.com/web'],
  ['http://example.com/web', undefined],
  ['data:text/html,x', undefined],
])('of a chart that says it lives at %s, the link is %s', async (home, link) => {
  const archive = buildChart({ name: 'web', version: '1.2.3', metadata: `home: ${home}\n`, templates: {} });
  const shelf = { ...SHELF, chart: async () => loadChart(archive, {}) };
  expect((await chartView(shelf, asked('registry=oci://hub.example/x&chart=web'))).home).toBe(link);
});

test('a name that could be taken for an option of a command is not accepted for a chart', async () => {
  expect(await chartNames(SHELF, asked('registry=oci://hub.example'))).toEqual({ charts: ['web', 'space/api'] });
  await expect(chartView(SHELF, asked('registry=oci://hub.example&chart=-f'))).rejects.toThrow('name of a chart');
});

test.each(['file:///etc/passwd', 'ftp://x', 'oci://', 'https://user:pass@host/x', ''])(
  '%s is not accepted as a registry',
  async (registry) => {
    await expect(chartNames(SHELF, asked(`registry=${encodeURIComponent(registry)}`))).rejects.toThrow('a registry is');
  },
);
