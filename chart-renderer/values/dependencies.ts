import type { GoMap } from '../../golang/reflect/index.ts';
import { isCompatibleRange } from '../../golang/semver/index.ts';
import { COALESCING, coalesceValues } from './coalesce.ts';
import { importValues } from './import-values.ts';
import type { ChartNode, Requirement } from './node.ts';
import { copyAs, setDependencies } from './node.ts';
import type { Warn } from './tables.ts';
import { tableAt, valueAt } from './tables.ts';

/**
 * Settles, in place, which dependencies of the tree take part under the user's values: aliases are applied, those that a tag or
 * condition switches off removed, and the values of dependencies imported into their parents.
 */
export function processDependencies(root: ChartNode, values: GoMap, warn: Warn): void {
  selectDependencies(root, values, '', warn);
  importValues(root, warn);
}

/** The same without the import of values: a dependency that takes no part is gone from the tree. `path` is that of the node's values. */
export function selectDependencies(node: ChartNode, values: GoMap, path: string, warn: Warn): void {
  const { list: requirements } = node.required;
  if (requirements === undefined) return;
  setDependencies(node, namedDependencies(node, requirements));
  for (const requirement of requirements) requirement.enabled = true;
  const coalesced = coalesceValues(node, values, COALESCING[node.chart.helmVersion], warn);
  applyTags(requirements, coalesced, warn);
  applyConditions(requirements, coalesced, path, warn);
  const removed = new Set(requirements.filter(({ enabled }) => !enabled).map(({ name }) => name));
  const kept = node.dependencies.filter(({ name }) => !removed.has(name));
  for (const dependency of kept) selectDependencies(dependency, coalesced, `${path}${dependency.name}.`, warn);
  const left = requirements.filter(({ name }) => !removed.has(name));
  node.required.list = left.length === 0 ? undefined : left;
  setDependencies(node, kept);
}

/** The charts that no requirement names, then for each requirement a copy of the chart that answers to it under its alias. */
function namedDependencies({ dependencies }: ChartNode, requirements: readonly Requirement[]): ChartNode[] {
  const answers = (chart: ChartNode, { name, declared }: Requirement): boolean =>
    chart.name === name && isCompatibleRange(declared.version, chart.chart.metadata.version);
  const named = dependencies.filter((chart) => !requirements.some((requirement) => answers(chart, requirement)));
  for (const requirement of requirements) {
    const { alias } = requirement.declared;
    const chart = dependencies.find((candidate) => answers(candidate, requirement));
    if (chart !== undefined) named.push(copyAs(alias === '' ? chart.name : alias, chart));
    if (alias !== '') requirement.name = alias;
  }
  return named;
}

function applyTags(requirements: readonly Requirement[], values: GoMap, warn: Warn): void {
  const tags = tableAt(values, 'tags');
  if (tags === undefined) return;
  for (const requirement of requirements) {
    const settings = requirement.declared.tags.filter((tag) => tags.has(tag)).map((tag) => tags.get(tag));
    if (settings.some((setting) => typeof setting !== 'boolean')) {
      warn(`a tag of ${requirement.name} has a value that is neither true nor false`);
    }
    requirement.enabled = settings.includes(true) || !settings.includes(false);
  }
}

function applyConditions(requirements: readonly Requirement[], values: GoMap, path: string, warn: Warn): void {
  for (const requirement of requirements) {
    for (const condition of requirement.declared.condition.trim().split(',')) {
      const value = condition === '' ? undefined : valueAt(values, path + condition);
      if (typeof value === 'boolean') {
        requirement.enabled = value;
        break;
      }
      if (value !== undefined)
        warn(`Condition path '${condition}' for chart ${requirement.name} returned non-bool value`);
    }
  }
}
