import { expect, test } from '@jest/globals';
import { loadChart } from '../../../../chart-renderer/index.ts';
import { textsIn } from '../../../../chart-renderer/chart/texts.ts';
import { buildChart } from '../../../support/charts/chart-builder.ts';

test('textsIn finds the files of the chart itself, in the order asked for, and no others', async () => {
  const sub = { 'charts/sub/Chart.yaml': 'apiVersion: v2\nname: sub\nversion: 1.0.0\n', 'charts/sub/a.yaml': 'sub: 1' };
  const files = { 'values-prod.yaml': 'a: é', 'ci/b.yaml': '', ...sub };
  const chart = await loadChart(
    buildChart({ name: 'web', values: 'own: 1', templates: { 'x.yaml': '' }, schema: {}, files }),
  );
  expect(textsIn(chart, ['ci/b.yaml', 'values-prod.yaml', 'values.yaml'])).toEqual(['', 'a: é', 'own: 1']);
  const others = [
    'templates/x.yaml',
    'values.schema.json',
    'charts/sub/a.yaml',
    './values.yaml',
    '../values.yaml',
    'ci',
  ];
  expect(textsIn(chart, others)).toEqual(others.map(() => undefined));
  expect(textsIn(chart, [])).toEqual([]);
});

test('textsIn takes no more than 4 MiB', async () => {
  const chart = await loadChart(buildChart({ name: 'web', files: { 'a.yaml': ' '.repeat(3 * 1024 * 1024) } }));
  expect(textsIn(chart, ['a.yaml'])).toHaveLength(1);
  expect(() => textsIn(chart, ['a.yaml', 'a.yaml'])).toThrow('a.yaml, a.yaml: more than 4 MiB together');
});
