import type { GoMap } from '../../golang/reflect/index.ts';
import type { Chart, ChartDependency } from '../chart/chart.ts';

/**
 * A chart while it is being rendered. Dependencies are renamed, copied and dropped while their conditions are worked out, in
 * place and with the sharing between copies that Helm has, since that shows in what is rendered.
 */
export interface ChartNode {
  readonly chart: Chart;
  /** The alias where the chart has one. */
  name: string;
  /** The defaults, with imported values once those were processed. Never changed itself: renderings share it. */
  values: GoMap;
  readonly required: Required;
  dependencies: ChartNode[];
  parent: ChartNode | undefined;
}

/** What a chart requires: of Helm's shallow copies of a chart all have this same one. */
interface Required {
  /** Undefined where Go has a nil slice of them. */
  list: Requirement[] | undefined;
}

/** A dependency that a chart declares; its name becomes its alias. */
export interface Requirement {
  readonly declared: ChartDependency;
  name: string;
  enabled: boolean;
  /** What it imports, once that was done: copies of a chart share their requirements, and only the first one imports. */
  imported: readonly ImportedPair[] | undefined;
}

/** A table of a dependency's values, and where it is laid in the parent's. */
export interface ImportedPair {
  readonly child: string;
  readonly parent: string;
}

/** A fresh tree of nodes for one rendering of the chart. */
export function chartTreeOf(chart: Chart): ChartNode {
  const { dependencies, declaresDependencies } = chart.metadata;
  const node: ChartNode = {
    chart,
    name: chart.metadata.name,
    values: chart.values as GoMap,
    required: { list: declaresDependencies ? dependencies.map(requirementOf) : undefined },
    dependencies: [],
    parent: undefined,
  };
  setDependencies(node, chart.dependencies.map(chartTreeOf));
  return node;
}

function requirementOf(declared: ChartDependency): Requirement {
  return { declared, name: declared.name, enabled: declared.enabled, imported: undefined };
}

/** Makes the nodes the dependencies of another. */
export function setDependencies(parent: ChartNode, dependencies: ChartNode[]): void {
  parent.dependencies = dependencies;
  for (const dependency of dependencies) dependency.parent = parent;
}

/**
 * A copy of the node under a name. In Helm 3 the copies of a chart with several aliases share its dependencies and each of what it
 * requires, and so what is done to those for one alias; in Helm 4 each has its own, but those of the dependencies share what they
 * require.
 */
export function copyAs(name: string, node: ChartNode): ChartNode {
  const { list } = node.required;
  if (node.chart.helmVersion === 'v3') return { ...node, name, required: { list } };
  const copy = { ...node, name, required: { list: list?.map((requirement) => ({ ...requirement })) } };
  setDependencies(
    copy,
    node.dependencies.map((dependency) => ({ ...dependency })),
  );
  return copy;
}

/** Where the chart's templates stand, such as `app/charts/database`. */
export function fullPathOf(node: ChartNode): string {
  return node.parent === undefined ? node.name : `${fullPathOf(node.parent)}/charts/${node.name}`;
}
