import { getKey, isJsonObject, type Json } from '../../golang/json/index.ts';
import type { GoMap } from '../../golang/reflect/index.ts';
import { coalesceValues } from './coalesce.ts';
import type { ChartNode, ImportedPair, Requirement } from './node.ts';
import type { Warn } from './tables.ts';
import { coalesceTables, deepCopy, tableAt } from './tables.ts';

/** Lays the values that charts import from their dependencies under their own, in place, innermost charts first. */
export function importValues(node: ChartNode, warn: Warn): void {
  for (const dependency of node.dependencies) importValues(dependency, warn);
  const { list: requirements } = node.required;
  // Without an import too, a chart with requirements takes its dependencies' defaults as its own here, as in Helm.
  if (requirements === undefined) return;
  const values = coalesceValues(node, new Map(), 'merge', warn);
  const imported: GoMap = new Map();
  for (const requirement of requirements) {
    const items = requirement.imported === undefined ? requirement.declared['import-values'] : [];
    requirement.imported = items.map(pairOf).filter((pair) => pair !== undefined);
    for (const pair of requirement.imported) importPair(imported, values, requirement, pair, warn);
  }
  node.values = imported.size === 0 ? values : coalesceTables(deepCopy(values), imported, 'merge', '', warn);
}

function pairOf(item: Json): ImportedPair | undefined {
  if (typeof item === 'string') return { child: `exports.${item}`, parent: '.' };
  return isJsonObject(item)
    ? { child: pathOf(getKey(item, 'child')), parent: pathOf(getKey(item, 'parent')) }
    : undefined;
}

function importPair(
  imported: GoMap,
  values: GoMap,
  { name }: Requirement,
  { child, parent }: ImportedPair,
  warn: Warn,
): void {
  const table = tableAt(values, `${name}.${child}`);
  if (table === undefined) return warn(`ImportValues missing table from chart ${name}: ${child}`);
  coalesceTables(imported, nest(parent, table), 'merge', '', warn);
}

/** The path as Go prints it, whatever stands there. */
function pathOf(value: Json | undefined): string {
  if (value === undefined || value === null) return '<nil>';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

function nest(path: string, table: GoMap): GoMap {
  if (path === '.') return table;
  return path.split('.').reduceRight<GoMap>((inner, step) => new Map([[step, inner]]), table);
}
