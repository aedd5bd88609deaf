import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { explainValues, loadChart } from '../../../chart-renderer/index.ts';
import { buildChart } from '../../support/charts/chart-builder.ts';
import { findCases } from '../rendering/cases.ts';
import { checkExplanation, explanationOf } from './explained.ts';

// Where each value comes from; `make conformance CHARTS=dir` checks the charts of a directory in the same way.

const cases = await findCases(join(import.meta.dirname, '..', 'charts'));

test.each(['v3', 'v4'] as const)(
  'with Helm %s, each value of each chart has the origin that is found by merging labels instead of values',
  async (helmVersion) => {
    const told = await Promise.all(cases.map(async (asked) => explanationOf(asked, helmVersion)));
    expect(told.flatMap(({ faults }) => faults)).toEqual([]);
    expect(told.reduce((sum, { values }) => sum + values, 0)).toBeGreaterThan(500);
  },
);

test('wrong explanations are detected: another layer, another place, a missing value', async () => {
  const chart = await loadChart(buildChart({ name: 'web', values: 'own: 1\nother: {own: 1}\n', templates: {} }));
  const layers = [{ source: 'given', values: { own: 1 } }];
  const faultsOf = (explain: typeof explainValues): readonly string[] | undefined =>
    checkExplanation(chart, layers, explain)?.faults;
  expect(faultsOf(explainValues)).toEqual([]);
  expect(faultsOf((given) => explainValues(given, []))).toHaveLength(1);
  const moved: typeof explainValues = (...asked) =>
    explainValues(...asked).map((one) => ({ ...one, from: { ...one.from, at: ['own'] } }));
  expect(faultsOf(moved)).toHaveLength(1);
  expect(faultsOf((...asked) => explainValues(...asked).slice(1))).toHaveLength(1);
  expect(faultsOf((...asked) => explainValues(...asked).map((one) => ({ ...one, over: [] })))).toHaveLength(1);
});
