import { describe, expect, test } from '@jest/globals';
import { type ChartOrder, type JsonObject, loadChart, renderChart } from '../../../../chart-renderer/index.ts';
import { buildChart } from '../../../support/charts/chart-builder.ts';

/** The order of a chart `app` with the dependencies `a`, `b` and `c`, and those of Chart.yaml in flow style. */
async function order(
  dependencies: string,
  {
    metadata = '',
    values = {},
    files = {},
  }: { metadata?: string; values?: JsonObject; files?: Record<string, string> } = {},
): Promise<ChartOrder | undefined> {
  const parts = Object.fromEntries(
    ['a', 'b', 'c'].map((name) => [`charts/${name}/Chart.yaml`, `apiVersion: v2\nname: ${name}\nversion: 1.0.0\n`]),
  );
  const yaml = `${metadata}dependencies: [${dependencies}]\n`;
  const chart = await loadChart(buildChart({ name: 'app', metadata: yaml, files: { ...parts, ...files } }));
  const { order: found } = await renderChart(chart, {
    release: { name: 'r', namespace: 'ns', revision: 1, isInstall: true, isUpgrade: false, service: 'Helm' },
    values,
    capabilities: { kubeVersion: 'v1.34.0', apiVersions: [] },
  });
  return found;
}

function dependency(name: string, more = ''): string {
  return `{name: ${name}, version: 1.0.0${more === '' ? '' : `, ${more}`}}`;
}

const annotation = (value: string): string => `annotations: {helm.sh/depends-on/subcharts: '${value}'}\n`;
const PLAIN = ['a', 'b', 'c'].map((name) => dependency(name)).join(', ');

test('charts that declare nothing have no order', async () => {
  expect(await order(PLAIN)).toBeUndefined();
});

test('dependencies come after others, by alias or name, and disabled ones are left out', async () => {
  const dependencies = [
    dependency('a', 'depends-on: [main, c]'),
    dependency('b', 'alias: main'),
    dependency('c', 'condition: c.enabled'),
  ].join(', ');
  expect(await order(dependencies)).toEqual({ 'app/charts/a/': ['app/charts/main/', 'app/charts/c/'] });
  const without = await order(dependencies, { values: { c: { enabled: false } } });
  expect(without).toEqual({ 'app/charts/a/': ['app/charts/main/'] });
  expect(await order([dependency('a', 'depends-on: [b]'), dependency('b', 'alias: main')].join(', '))).toEqual({
    'app/charts/a/': ['app/charts/main/'],
  });
});

test('a chart’s own templates come after the dependencies that an annotation names, at any depth', async () => {
  expect(await order(PLAIN, { metadata: annotation('["a", "b"]') })).toEqual({
    'app/templates/': ['app/charts/a/', 'app/charts/b/'],
  });
  const nested = {
    'charts/a/Chart.yaml': `apiVersion: v2\nname: a\nversion: 1.0.0\n${annotation('["d"]')}dependencies: [${dependency('d')}]\n`,
    'charts/a/charts/d/Chart.yaml': 'apiVersion: v2\nname: d\nversion: 1.0.0\n',
  };
  expect(await order(PLAIN, { files: nested })).toEqual({ 'app/charts/a/templates/': ['app/charts/a/charts/d/'] });
});

describe('is refused', () => {
  test.each<[string, string, string, RegExp]>([
    [
      'a circle, with its path',
      [dependency('a', 'depends-on: [b]'), dependency('b', 'depends-on: [c]'), dependency('c', 'depends-on: [a]')].join(
        ', ',
      ),
      '',
      /a -> b -> c -> a/,
    ],
    ['a dependency on itself', dependency('a', 'depends-on: [a]'), '', /a -> a/],
    ['a name that no dependency has', dependency('a', 'depends-on: [x]'), '', /depends-on of the dependency a names x/],
    ['a value that is not a list', dependency('a', 'depends-on: b'), '', /is not a list of names/],
    ['an annotation that is not JSON', PLAIN, annotation('a, b'), /is not a list of names/],
    [
      'a name that several have',
      [dependency('a', 'alias: one'), dependency('a', 'alias: two'), dependency('b', 'depends-on: [a]')].join(', '),
      '',
      /several dependencies/,
    ],
  ])('%s', async (_title, dependencies, metadata, message) => {
    await expect(order(dependencies, { metadata })).rejects.toMatchObject({
      code: 'InvalidChart',
      message: expect.stringMatching(message),
    });
  });
});
