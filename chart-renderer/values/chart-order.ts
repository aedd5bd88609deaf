import type { Json } from '../../golang/json/index.ts';
import { ChartError } from '../errors.ts';
import { type ChartNode, fullPathOf } from './node.ts';

/**
 * Which folders of a chart's templates come after which others, such as `app/charts/web/` after `app/charts/db/`, and `app/templates/` after
 * `app/charts/web/`. A folder stands for everything below it.
 */
export type ChartOrder = Readonly<Record<string, readonly string[]>>;

/** The annotation in Chart.yaml by which a chart names the dependencies that its own templates come after: a list in JSON. */
const ANNOTATION = 'helm.sh/depends-on/subcharts';
/** What a chart and its dependencies may name in all. */
const MAX_NAMES = 1_000;

/**
 * The order that a chart and its dependencies declare as Helm's proposal HIP-0025 has it; undefined if they declare none. Dependencies that
 * take no part are left out. Throws `InvalidChart` for what is no list of names, names nothing, or goes round in a circle; `Limit`.
 */
export function chartOrderOf(root: ChartNode): ChartOrder | undefined {
  const order = new Map<string, string[]>();
  for (const node of withDependencies(root)) addOrderOf(node, order);
  const count = [...order.values()].reduce((sum, names) => sum + names.length, 0);
  if (count > MAX_NAMES) {
    const message = `the chart and its dependencies name ${count} dependencies to come after, more than ${MAX_NAMES}`;
    throw new ChartError('Limit', message, { limit: { name: 'chartOrder', value: MAX_NAMES } });
  }
  return order.size === 0 ? undefined : Object.fromEntries(order);
}

function* withDependencies(node: ChartNode): Generator<ChartNode> {
  yield node;
  for (const dependency of node.dependencies) yield* withDependencies(dependency);
}

function addOrderOf(node: ChartNode, order: Map<string, string[]>): void {
  const { declaredOrder = [], metadata } = node.chart;
  const after = new Map<string, string[]>();
  for (const { declared, name } of node.required.list ?? []) {
    const index = metadata.dependencies.indexOf(declared);
    const names = declaredOrder.length === metadata.dependencies.length ? declaredOrder[index] : undefined;
    const found = dependenciesNamed(node, names, `depends-on of the dependency ${name}`);
    if (found.length > 0) after.set(name, found);
  }
  refuseCircle(node, after);
  const path = fullPathOf(node);
  const folder = (name: string): string => `${path}/charts/${name}/`;
  for (const [name, names] of after) order.set(folder(name), names.map(folder));
  const own = dependenciesNamed(node, listIn(metadata.annotations[ANNOTATION]), `the annotation ${ANNOTATION}`);
  if (own.length > 0) order.set(`${path}/templates/`, own.map(folder));
}

/** What stands in the annotation; the text itself if that is no JSON. */
function listIn(text: string | undefined): Json | undefined {
  if (text === undefined || text.trim() === '') return undefined;
  try {
    return JSON.parse(text) as Json;
  } catch {
    return text;
  }
}

/** The names of the nodes that are named, each once. */
function dependenciesNamed(node: ChartNode, names: Json | undefined, where: string): string[] {
  if (names === undefined || names === null) return [];
  const isList = Array.isArray(names) && names.every((name) => typeof name === 'string');
  if (!isList) throw invalid(node, `${where} is not a list of names`);
  return [...new Set((names as string[]).flatMap((name) => dependencyNamed(node, name, where) ?? []))];
}

/** By its alias or else by its own name; undefined if it takes no part. */
function dependencyNamed(node: ChartNode, name: string, where: string): string | undefined {
  const aliased = node.dependencies.filter((dependency) => dependency.name === name);
  const found = aliased.length > 0 ? aliased : node.dependencies.filter(({ chart }) => chart.metadata.name === name);
  if (found.length > 1) throw invalid(node, `${where} names ${name}, which several dependencies are called`);
  const isDeclared = node.chart.metadata.dependencies.some((one) => one.name === name || one.alias === name);
  if (found.length === 0 && !isDeclared) throw invalid(node, `${where} names ${name}, which is not a dependency`);
  return found[0]?.name;
}

function refuseCircle(node: ChartNode, after: ReadonlyMap<string, readonly string[]>): void {
  const settled = new Set<string>();
  const visit = (name: string, way: readonly string[]): void => {
    if (settled.has(name)) return;
    const begun = way.indexOf(name);
    if (begun >= 0)
      throw invalid(node, `dependencies come after each other: ${[...way.slice(begun), name].join(' -> ')}`);
    for (const other of after.get(name) ?? []) visit(other, [...way, name]);
    settled.add(name);
  };
  for (const name of after.keys()) visit(name, []);
}

function invalid({ name }: ChartNode, message: string): ChartError {
  return new ChartError('InvalidChart', `${name}: ${message}`, { file: 'Chart.yaml' });
}
