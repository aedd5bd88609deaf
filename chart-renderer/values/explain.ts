import { toJson, type Json, type JsonObject } from '../../golang/json/index.ts';
import { fromJson, type GoMap, type Value } from '../../golang/reflect/index.ts';
import type { Chart } from '../chart/chart.ts';
import { ChartError } from '../errors.ts';
import { COALESCING, coalesceValues } from './coalesce.ts';
import { selectDependencies } from './dependencies.ts';
import { importValues } from './import-values.ts';
import { chartTreeOf, type ChartNode } from './node.ts';

/** Values that are laid over those before, and what to call them. */
export interface ValuesLayer {
  readonly source: string;
  readonly values: JsonObject;
}

/** A value as one layer has it. */
export interface SourcedValue {
  readonly value: Json;
  /** What the layer is called; for defaults, the path of their values.yaml in the chart. */
  readonly source: string;
  /** Where it stands there: elsewhere than where it is found if it is a global or was imported. */
  readonly at: readonly string[];
}

/** A value that templates see, or that a null has deleted: all but tables with something in them, so that a list is one value. */
export interface ExplainedValue {
  readonly path: readonly string[];
  /** The layer that decides. */
  readonly from: SourcedValue;
  readonly isDeleted: boolean;
  /** What would be there without that layer, and so on down. */
  readonly over: readonly SourcedValue[];
}

/**
 * Says of each value that a chart renders with, sorted by path, which layer it is from and what it overrode, down to the defaults of the
 * chart and of the dependencies that take part. Later layers win. Throws `invalid-values`.
 */
export function explainValues(chart: Chart, layers: readonly ValuesLayer[]): ExplainedValue[] {
  const explainer = new Explainer(chart, layers);
  // First without any layer, then with one more each time: what a layer changes is its own.
  const views: View[] = [];
  for (const count of layers.keys()) views.push(explainer.viewBelow(count) ?? views.at(-1) ?? new Map<string, Leaf>());
  views.push(explainer.viewWith(layers.length));
  const paths = new Map(views.flatMap((view) => [...view].map(([key, { path }]) => [key, path])));
  return [...paths]
    .flatMap(
      ([key, path]) =>
        explainedBy(
          path,
          views.map((view) => view.get(key)),
          views.at(-1),
          layers,
        ) ?? [],
    )
    .toSorted((a, b) => (keyOf(a.path) < keyOf(b.path) ? -1 : 1));
}

interface Leaf {
  readonly path: readonly string[];
  readonly from: SourcedValue;
}

/** The values by the JSON of their paths. */
type View = ReadonlyMap<string, Leaf>;

function keyOf(path: readonly string[]): string {
  return JSON.stringify(path);
}

function explainedBy(
  path: readonly string[],
  seen: readonly (Leaf | undefined)[],
  whole: View | undefined,
  layers: readonly ValuesLayer[],
): ExplainedValue | undefined {
  const below = seen.toReversed().flatMap((leaf) => leaf?.from ?? []);
  const distinct = below.filter((from, index) => from !== below[index - 1]);
  if (seen.at(-1) !== undefined) {
    const [from, ...over] = distinct;
    return from && { path, from, isDeleted: false, over };
  }
  // A value or a table has taken its place, and is reported there.
  if (whole === undefined || isReplaced(path, whole)) return undefined;
  const deleting = layers[seen.findLastIndex((leaf) => leaf !== undefined)];
  return (
    deleting && { path, from: { value: null, source: deleting.source, at: path }, isDeleted: true, over: distinct }
  );
}

function isReplaced(path: readonly string[], whole: View): boolean {
  if (path.some((_, length) => whole.has(keyOf(path.slice(0, length))))) return true;
  const beginning = `${keyOf(path).slice(0, -1)},`;
  return [...whole.keys()].some((key) => key.startsWith(beginning));
}

/** A NUL cannot be in YAML. */
const MARK = '\0';

/** Coalesces values as for rendering, with a mark in place of each, by which it is known again wherever it ends up. */
class Explainer {
  readonly #layers: readonly (ValuesLayer & { readonly marked: GoMap })[];
  readonly #root: ChartNode;
  readonly #defaults: { source: string; path: readonly string[]; marked: GoMap }[] = [];
  readonly #marked: SourcedValue[] = [];
  /** One object for each null and empty table of a layer, which cannot be marked. */
  readonly #unmarked = new Map<string, SourcedValue>();

  constructor(chart: Chart, layers: readonly ValuesLayer[]) {
    this.#root = chartTreeOf(chart);
    const given: GoMap = new Map();
    for (const { values } of layers) lay(given, fromJson(values) as GoMap);
    // Conditions and tags are booleans, which marks are not.
    selectDependencies(this.#root, given, '', ignore);
    this.#layers = layers.map((layer) => ({
      ...layer,
      marked: this.#mark(fromJson(layer.values) as GoMap, layer.source),
    }));
    this.#markDefaults(this.#root, []);
    importValues(this.#root, ignore);
  }

  /** The same, where these layers alone would do: one above them may repair what could not be rendered. */
  viewBelow(count: number): View | undefined {
    try {
      return this.viewWith(count);
    } catch (error) {
      if (error instanceof ChartError) return undefined;
      throw error;
    }
  }

  /** All values with the first `count` layers. Throws `invalid-values`. */
  viewWith(count: number): View {
    const given: GoMap = new Map();
    const layers = this.#layers.slice(0, count);
    for (const { marked } of layers) lay(given, marked);
    const values = coalesceValues(this.#root, given, COALESCING[this.#root.chart.helmVersion], ignore);
    const view = new Map<string, Leaf>();
    for (const [path, leaf] of leavesOf(values, [])) {
      view.set(keyOf(path), { path, from: this.#sourceOf(path, leaf, layers) });
    }
    return view;
  }

  /** The copies of a chart may share its dependencies. */
  #markDefaults(node: ChartNode, path: readonly string[], done = new Set<ChartNode>()): void {
    if (done.has(node)) return;
    done.add(node);
    const source = `${path.map((name) => `charts/${name}/`).join('')}values.yaml`;
    node.values = this.#mark(node.values, source);
    this.#defaults.push({ source, path, marked: node.values });
    for (const dependency of node.dependencies) this.#markDefaults(dependency, [...path, dependency.name], done);
  }

  #mark(table: GoMap, source: string, at: readonly string[] = []): GoMap {
    const marked: GoMap = new Map();
    for (const [key, value] of table) {
      const path = [...at, key];
      if (value instanceof Map) marked.set(key, this.#mark(value, source, path));
      else if (value === null || value === undefined) marked.set(key, value);
      else marked.set(key, `${MARK}${this.#marked.push({ value: toJson(value), source, at: path }) - 1}`);
    }
    return marked;
  }

  #sourceOf(path: readonly string[], leaf: Value, layers: readonly { source: string; marked: GoMap }[]): SourcedValue {
    const marked = typeof leaf === 'string' ? this.#marked[Number(leaf.slice(MARK.length))] : undefined;
    if (marked) return marked;
    const value = leaf === null ? null : {};
    const source =
      layers.findLast((layer) => isThere(layer.marked, path, value))?.source ?? this.#defaultSourceOf(path, value);
    const key = `${JSON.stringify(value)} ${source} ${keyOf(path)}`;
    const known = this.#unmarked.get(key) ?? { value, source, at: path };
    this.#unmarked.set(key, known);
    return known;
  }

  #defaultSourceOf(path: readonly string[], value: null | object): string {
    const found = this.#defaults.find(
      ({ path: own, marked }) => isPrefix(own, path) && isThere(marked, path.slice(own.length), value),
    );
    return found?.source ?? 'values.yaml';
  }
}

function isPrefix(beginning: readonly string[], path: readonly string[]): boolean {
  return beginning.every((key, index) => key === path[index]);
}

function ignore(): void {
  // Rendering reports what there is to warn of.
}

/** Lays a table over another one, in place. */
function lay(below: GoMap, above: GoMap): void {
  for (const [key, value] of above) {
    const own = below.get(key);
    if (own instanceof Map && value instanceof Map) {
      const copy: GoMap = new Map(own);
      lay(copy, value);
      below.set(key, copy);
    } else below.set(key, value);
  }
}

function* leavesOf(table: GoMap, path: readonly string[]): Generator<[readonly string[], Value]> {
  for (const [key, value] of table) {
    const here = [...path, key];
    if (value instanceof Map && value.size > 0) yield* leavesOf(value, here);
    else yield [here, value];
  }
}

function isThere(table: GoMap, path: readonly string[], value: null | object): boolean {
  let here: Value = table;
  for (const key of path) {
    if (!(here instanceof Map)) return false;
    here = here.get(key);
  }
  return value === null ? here === null : here instanceof Map;
}
