import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  allValues,
  explainValues,
  isJsonObject,
  loadChart,
  mergeValues,
  setPath,
  type Chart,
  type Json,
  type JsonObject,
  type ValuesLayer,
} from '../../../../chart-renderer/index.ts';
import { fromJson, type GoMap } from '../../../../golang/reflect/index.ts';
import { toJson } from '../../../../golang/json/index.ts';
import { buildChart } from '../../../support/charts/chart-builder.ts';

const sub = (name: string, values: string, more = ''): Record<string, string> => ({
  [`charts/${name}/Chart.yaml`]: `apiVersion: v2\nname: ${name}\nversion: 1.0.0\n${more}`,
  [`charts/${name}/values.yaml`]: values,
});

const PARTS = {
  name: 'web',
  metadata:
    'dependencies:\n' +
    '- {name: db, version: "*", repository: "", condition: db.enabled, import-values: [{child: exports.up, parent: up}]}\n' +
    '- {name: db, version: "*", repository: "", alias: second, condition: second.enabled}\n' +
    '- {name: third, version: "*", repository: "", condition: third.enabled}\n',
  values:
    'own: 1\nnested: {a: chart, b: chart, none: null}\nlist: [1, 2]\nempty: {}\n' +
    'global: {g: 1, deep: {x: 1}}\ndb: {size: 2, enabled: true}\nsecond: {enabled: true}\nthird: {enabled: false}\n',
  templates: {},
  files: {
    ...sub('db', 'size: 1\nuser: db\nopts: {}\nexports: {up: {from: db}}\nglobal: {own: 1, g: 0}\n'),
    ...sub('third', 'seen: never\n'),
  },
};

const charts = await Promise.all(
  (['v3', 'v4'] as const).map(async (helmVersion) => loadChart(buildChart(PARTS), { helmVersion })),
);

describe.each(charts.map((chart) => ({ chart, helm: chart.helmVersion })))('with Helm $helm', ({ chart }) => {
  test('each value is listed with its layer, its place there, and what it overrode', () => {
    const layers = [
      { source: 'first', values: { nested: { a: 'first', c: 'first' }, db: { user: 'first' } } },
      { source: 'second', values: { nested: { a: 'second', b: null }, global: { g: 2 }, list: [] } },
    ];
    const told = new Map(explainValues(chart, layers).map(({ path, ...rest }) => [path.join('.'), rest]));
    const lines = (path: string): unknown => {
      const { from, over, isDeleted } = told.get(path) ?? { over: [] };
      return [
        isDeleted,
        ...[from, ...over].map((one) => `${JSON.stringify(one?.value)} ${one?.source} ${one?.at.join('.')}`),
      ];
    };
    expect(lines('nested.a')).toEqual([
      false,
      '"second" second nested.a',
      '"first" first nested.a',
      '"chart" values.yaml nested.a',
    ]);
    expect(lines('nested.b')).toEqual([true, 'null second nested.b', '"chart" values.yaml nested.b']);
    expect(lines('nested.c')).toEqual([false, '"first" first nested.c']);
    expect(lines('own')).toEqual([false, '1 values.yaml own']);
    expect(lines('list')).toEqual([false, '[] second list', '[1,2] values.yaml list']);
    expect(lines('empty')).toEqual([false, '{} values.yaml empty']);
    expect(lines('db.size')).toEqual([false, '2 values.yaml db.size']);
    expect(lines('db.user')).toEqual([false, '"first" first db.user', '"db" charts/db/values.yaml user']);
    expect(lines('db.opts')).toEqual([false, '{} charts/db/values.yaml db.opts']);
    expect(lines('second.user')).toEqual([false, '"db" charts/second/values.yaml user']);
    expect(lines('up.from')).toEqual([false, '"db" charts/db/values.yaml exports.up.from']);
    expect(lines('db.global.g')).toEqual([false, '2 second global.g', '1 values.yaml global.g']);
    expect(lines('second.global.own')).toEqual([false, '1 charts/second/values.yaml global.own']);
    expect([...told.keys()].filter((path) => path.startsWith('third.seen'))).toEqual([]);
  });

  test('the listed values are those used for rendering, and a change at the listed place shows in them', () => {
    const key = fc.constantFrom('own', 'nested', 'a', 'b', 'global', 'g', 'db', 'second', 'size', 'list', 'new');
    const { table } = fc.letrec<{ table: JsonObject; value: Json }>((tie) => ({
      value: fc.oneof(
        { depthSize: 'small', withCrossShrink: true },
        fc.constantFrom<Json>(1, 'x', null, [], {}),
        tie('table'),
      ),
      table: fc.dictionary(key, tie('value'), { maxKeys: 4 }),
    }));
    fc.assert(
      fc.property(fc.array(table, { maxLength: 3 }), (values) => {
        const layers = values.map((each, index) => ({ source: `layer ${index}`, values: each }));
        checkByForce(chart, layers);
      }),
      { numRuns: 200 },
    );
  });
});

interface Changeable {
  source: string | RegExp;
  values: JsonObject;
  changed: (mark: string, path: string[]) => JsonObject;
}

/** Changes every single value of every layer and of the chart, and looks where the change shows. */
function checkByForce(chart: Chart, layers: readonly ValuesLayer[]): void {
  let all: JsonObject;
  try {
    all = valuesOf(chart, layers);
  } catch {
    // A dependency's name holds something else than a table: nothing is rendered.
    return;
  }
  const explained = explainValues(chart, layers);
  const present = explained.filter(({ isDeleted }) => !isDeleted);
  const rebuilt = present.map(({ path, from }) => [path.join(' '), from.value]);
  expect(Object.fromEntries(rebuilt)).toEqual(
    Object.fromEntries(leavesOf(all).map(([path, value]) => [path.join(' '), value])),
  );
  const sources: Changeable[] = [
    ...layers.map(({ source, values }, index) => ({
      source,
      values,
      changed: (mark: string, path: string[]) =>
        valuesOf(chart, layers.with(index, { source, values: withLeaf(values, path, mark) })),
    })),
    {
      source: 'values.yaml',
      values: toJson(chart.values as GoMap) as JsonObject,
      changed: (mark: string, path: string[]) => {
        const own = withLeaf(toJson(chart.values as GoMap) as JsonObject, path, mark);
        return valuesOf({ ...chart, values: fromJson(own) as Chart['values'] }, layers);
      },
    },
  ];
  const [db] = chart.dependencies.filter(({ metadata }) => metadata.name === 'db');
  if (!db) throw new Error('no such dependency');
  const ofDb = toJson(db.values as GoMap) as JsonObject;
  sources.push({
    source: /^charts\/(db|second)\/values.yaml$/,
    values: ofDb,
    changed: (mark: string, path: string[]) => {
      const own = { ...db, values: fromJson(withLeaf(ofDb, path, mark)) as Chart['values'] };
      const dependencies = chart.dependencies.map((each) => (each === db ? own : each));
      return valuesOf({ ...chart, dependencies }, layers);
    },
  });
  for (const { source, values, changed } of sources) {
    for (const [path, value] of leavesOf(values)) {
      if (value === null || isJsonObject(value) || path.at(-1) === 'enabled') continue;
      const shown = leavesOf(changed('MARK', path)).flatMap(([at, now]) => (now === 'MARK' ? at.join(' ') : []));
      const isSource = (name: string): boolean => (typeof source === 'string' ? source === name : source.test(name));
      const told = present.filter(({ from }) => isSource(from.source) && from.at.join(' ') === path.join(' '));
      expect(told.map((one) => one.path.join(' ')).sort()).toEqual(shown.sort());
    }
  }
}

function valuesOf(chart: Chart, layers: readonly ValuesLayer[]): JsonObject {
  return allValues(chart, mergeValues(...layers.map(({ values }) => values)));
}

function withLeaf(values: JsonObject, path: string[], value: Json): JsonObject {
  return setPath(values, path.join('.'), value);
}

function leavesOf(values: JsonObject, path: string[] = []): [string[], Json][] {
  return Object.entries(values).flatMap(([key, value]): [string[], Json][] => {
    const here = [...path, key];
    return isJsonObject(value) && Object.keys(value).length > 0 ? leavesOf(value, here) : [[here, value]];
  });
}
