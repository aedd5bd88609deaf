import { expect, test } from '@jest/globals';
import { valuesFileTexts } from '../../../../controller/versions/inputs/values-files.ts';
import { mergedValues } from '../../../../controller/versions/inputs/values.ts';
import type { ChartSpec, HelmVersion } from '../../../../crds/index.ts';
import { runThrough } from '../../../support/run-through.ts';
import { CHART, release } from '../releases.ts';

const PACKAGED = { digest: 'sha256:0', read: () => [] };
const FILES = new Map([
  ['a.yaml', 'a: {x: 1, z: 1}\nb: 1\nc: 1'],
  ['b.yaml', 'a: {x: 2}\nc: null\n---\nd: 2'],
  ['list.yaml', '[1]'],
]);

let asked = 0;
const sandbox = {
  read: async (_chart: unknown, _namespace: string, paths: readonly string[]) => {
    asked += 1;
    return paths.map((path) => FILES.get(path));
  },
};

function releaseWith(chart: Partial<ChartSpec>, helmVersion?: HelmVersion) {
  return release({ chart: { ...CHART, ...chart }, values: { b: 3 }, ...(helmVersion && { helmVersion }) });
}

async function valuesOf(chart: Partial<ChartSpec>, helmVersion?: HelmVersion): Promise<unknown> {
  const given = releaseWith(chart, helmVersion);
  const files = await valuesFileTexts(sandbox, PACKAGED, given);
  const reference = { kind: 'ConfigMap', name: 'more', key: 'values.yaml' } as const;
  return runThrough(mergedValues(given.spec, [...files, { reference, text: 'a: {z: 4}' }]));
}

test.each<[string[], HelmVersion | undefined, unknown]>([
  [['a.yaml'], undefined, { a: { x: 1, z: 4 }, b: 3, c: 1 }],
  [['a.yaml', 'b.yaml'], undefined, { a: { x: 2, z: 4 }, b: 3, c: null, d: 2 }],
  [['b.yaml', 'a.yaml'], undefined, { a: { x: 1, z: 4 }, b: 3, c: 1, d: 2 }],
  [['b.yaml'], 'v3', { a: { x: 2, z: 4 }, b: 3, c: null }],
])(
  'the values in %j override each other in order, below those in valuesFrom (Helm %s)',
  async (valuesFiles, helm, all) => {
    expect(await valuesOf({ valuesFiles }, helm)).toEqual(all);
  },
);

test('nothing is read from the chart where no file is named', async () => {
  asked = 0;
  expect(await valuesOf({})).toEqual({ a: { z: 4 }, b: 3 });
  expect(asked).toBe(0);
});

test('files that the chart lacks are named, unless they are optional', async () => {
  const valuesFiles = ['a.yaml', 'x.yaml', 'y.yaml'];
  await expect(valuesOf({ valuesFiles })).rejects.toMatchObject({
    code: 'ValuesNotFound',
    message: expect.stringContaining('the chart has none of the files x.yaml, y.yaml'),
  });
  await expect(valuesOf({ valuesFiles: ['x.yaml'] })).rejects.toThrow('the chart has no file x.yaml');
  expect(await valuesOf({ valuesFiles, ignoreMissingValuesFiles: true })).toMatchObject({ c: 1 });
});

test('a file that is not a map of values is named', async () => {
  await expect(valuesOf({ valuesFiles: ['list.yaml'] })).rejects.toMatchObject({
    code: 'ValuesInvalid',
    message: expect.stringMatching(/^spec.chart.valuesFiles: list.yaml cannot be used/),
  });
});
