import { isDeepStrictEqual } from 'node:util';
import {
  allValues,
  explainValues,
  isJsonObject,
  mergeValues,
  type Chart,
  type HelmVersion,
  type Json,
  type JsonObject,
  type ValuesLayer,
} from '../../../chart-renderer/index.ts';
import { toJson } from '../../../golang/json/index.ts';
import { fromJson, type GoMap } from '../../../golang/reflect/index.ts';
import type { Case } from '../rendering/cases.ts';
import { loadSource, optionsOf } from '../rendering/ours.ts';

/** How many values were looked at, and what is told of them that is not so. */
export interface Explained {
  readonly values: number;
  readonly faults: readonly string[];
}

/** Checks what is told of a case's values, alone and with others laid over them; of a chart that cannot be loaded nothing is told. */
export async function explanationOf(asked: Case, helmVersion: HelmVersion): Promise<Explained> {
  const given = { source: 'given', values: optionsOf(asked, helmVersion).values };
  const chart = await loadSource(asked.chart, helmVersion).catch(() => undefined);
  if (!chart) return { values: 0, faults: [] };
  const layers = [given, { source: 'overrides', values: overrides(chart) }];
  const checked = [checkExplanation(chart, [given]), checkExplanation(chart, layers)];
  return {
    values: checked.reduce((sum, each) => sum + (each?.values ?? 0), 0),
    faults: checked
      .flatMap((each) => each?.faults ?? [])
      .map((fault) => `${asked.repository} ${asked.title}: ${fault}`),
  };
}

/**
 * Compares where each value of a chart is said to come from with what a merge shows in which each value of each layer and of each chart in it
 * is replaced by the name of its place. Undefined where the values cannot be merged.
 */
export function checkExplanation(
  chart: Chart,
  layers: readonly ValuesLayer[],
  explain = explainValues,
): Explained | undefined {
  const merged = merge(chart, layers);
  if (merged === undefined) return undefined;
  const explained = explain(chart, layers);
  const told = new Map(explained.filter(({ isDeleted }) => !isDeleted).map((one) => [keyOf(one.path), one]));
  const leaves = leavesOf(merged);
  const places = placesIn(chart, layers);
  const faults = leaves.flatMap(([path, value]) => {
    const one = told.get(keyOf(path));
    const said = one && [aliasesResolved(chart, one.from.source), one.from.at];
    const place = places(keyOf(path));
    const isRight = isDeepStrictEqual(one?.from.value, value) && (!place || isDeepStrictEqual(said, place));
    return isRight ? [] : [`${path.join('.')}: ${JSON.stringify(said)} instead of ${JSON.stringify(place)}`];
  });
  const present = new Set(leaves.map(([path]) => keyOf(path)));
  const absent = [...told.keys()].filter((key) => !present.has(key)).map((key) => `${key}: is not there`);
  return { values: leaves.length, faults: [...faults, ...absent, ...faultsBelow(chart, layers, explained)] };
}

/** What the uppermost layer is said to override is what there is without it. */
function faultsBelow(
  chart: Chart,
  layers: readonly ValuesLayer[],
  explained: ReturnType<typeof explainValues>,
): string[] {
  const top = layers.at(-1);
  const below = layers.slice(0, -1);
  const merged = top && merge(chart, below);
  if (!merged) return [];
  const values = new Map(leavesOf(merged).map(([path, value]) => [keyOf(path), value]));
  const places = placesIn(chart, below);
  return explained.flatMap(({ path, from, over: [next] }) => {
    const key = keyOf(path);
    if (from.source !== top.source || !values.has(key)) return [];
    const said = next && [aliasesResolved(chart, next.source), next.at];
    const place = places(key);
    const isRight = isDeepStrictEqual(next?.value, values.get(key)) && (!place || isDeepStrictEqual(said, place));
    return isRight ? [] : [`${path.join('.')}: overrides ${JSON.stringify(said)} instead of ${JSON.stringify(place)}`];
  });
}

/** Values that are laid over a chart's own: of its values one in five each deleted, changed, made a table, or made a list. */
function overrides(chart: Chart): JsonObject {
  const switches = switchesOf(chart);
  let result: JsonObject = {};
  for (const [index, [path]] of leavesOf(merge(chart, []) ?? {}).entries()) {
    const value = [null, 'changed', { made: 'table' }, ['made', 'list'], undefined][index % 5];
    if (value !== undefined && !isSwitch(path, switches)) result = mergeValues(result, nested(path, value));
  }
  return result;
}

const MARK = 'place:';

/** Where the value at a path is set, by the keys of paths; undefined for what no mark can stand for: empty tables, nulls and switches. */
function placesIn(chart: Chart, layers: readonly ValuesLayer[]): (key: string) => [string, string[]] | undefined {
  const switches = switchesOf(chart);
  const marked = layers.map(({ source, values }) => ({ source, values: markedValues(values, source, switches) }));
  const merged = merge(markedChart(chart, '', switches), marked) ?? {};
  const places = new Map(leavesOf(merged).map(([path, value]) => [keyOf(path), value]));
  return (key) => {
    const mark = places.get(key);
    const isMark = typeof mark === 'string' && mark.startsWith(MARK);
    return isMark ? (JSON.parse(mark.slice(MARK.length)) as [string, string[]]) : undefined;
  };
}

function markedChart(chart: Chart, place: string, switches: ReadonlySet<string>): Chart {
  const own = toJson(chart.values as GoMap) as JsonObject;
  const values = fromJson(markedValues(own, `${place}values.yaml`, switches)) as Chart['values'];
  const dependencies = chart.dependencies.map((each) =>
    markedChart(each, `${place}charts/${each.metadata.name}/`, switches),
  );
  return { ...chart, values, dependencies };
}

function markedValues(
  values: JsonObject,
  source: string,
  switches: ReadonlySet<string>,
  path: string[] = [],
): JsonObject {
  const mark = (key: string, value: Json): Json => {
    const here = [...path, key];
    if (isJsonObject(value)) return markedValues(value, source, switches, here);
    return value === null || isSwitch(here, switches) ? value : `${MARK}${JSON.stringify([source, here])}`;
  };
  return Object.fromEntries(Object.entries(values).map(([key, value]) => [key, mark(key, value)]));
}

/** The last keys of all conditions: what switches dependencies on and off stays as it is. */
function switchesOf({ metadata, dependencies }: Chart): Set<string> {
  const conditions = metadata.dependencies.flatMap(({ condition }) => condition.split(','));
  const own = conditions.map((condition) => condition.trim().split('.').at(-1) ?? '');
  return new Set([...own, ...dependencies.flatMap((each) => [...switchesOf(each)])]);
}

function isSwitch(path: readonly string[], switches: ReadonlySet<string>): boolean {
  return switches.has(path.at(-1) ?? '') || path.includes('tags');
}

/** The path of a values.yaml with the names of charts in place of their aliases. */
function aliasesResolved(chart: Chart, source: string): string {
  const [, alias, rest] = /^charts\/([^/]+)\/(.*values\.yaml)$/.exec(source) ?? [];
  if (alias === undefined || rest === undefined) return source;
  const name = chart.metadata.dependencies.find((each) => each.alias === alias)?.name ?? alias;
  const dependency = chart.dependencies.find(({ metadata }) => metadata.name === name);
  return `charts/${name}/${dependency ? aliasesResolved(dependency, rest) : rest}`;
}

function merge(chart: Chart, layers: readonly ValuesLayer[]): JsonObject | undefined {
  try {
    return allValues(chart, mergeValues(...layers.map(({ values }) => values)));
  } catch {
    return undefined;
  }
}

function nested(path: readonly string[], value: Json): JsonObject {
  return path.reduceRight<Json>((below, key) => ({ [key]: below }), value) as JsonObject;
}

function keyOf(path: readonly string[]): string {
  return JSON.stringify(path);
}

function leavesOf(values: JsonObject, path: readonly string[] = []): [readonly string[], Json][] {
  return Object.entries(values).flatMap(([key, value]): [readonly string[], Json][] => {
    const here = [...path, key];
    return isJsonObject(value) && Object.keys(value).length > 0 ? leavesOf(value, here) : [[here, value]];
  });
}
