import type { GoMap } from '../go-template/index.ts';
import type { Json } from '../json.ts';
import { getKey, isJsonObject } from '../json.ts';
import { coalesceValues } from './coalesce.ts';
import type { ChartNode, Requirement } from './node.ts';
import type { Warn } from './tables.ts';
import { coalesceTables, deepCopy, tableAt } from './tables.ts';

/** Lays the values that charts import from their dependencies under their own, in place, innermost charts first. */
export function importValues(node: ChartNode, warn: Warn): void {
  for (const dependency of node.dependencies) importValues(dependency, warn);
  // Without an import too, a chart with requirements takes its dependencies' defaults as its own here, as in Helm.
  if (node.requirements.length === 0) return;
  const values = coalesceValues(node, new Map(), 'merge', warn);
  const imported: GoMap = new Map();
  for (const requirement of node.requirements) {
    for (const item of requirement.declared['import-values']) importItem(imported, values, requirement, item, warn);
  }
  node.values = coalesceTables(deepCopy(values), imported, 'merge', '', warn);
}

function importItem(imported: GoMap, values: GoMap, requirement: Requirement, item: Json, warn: Warn): void {
  const isPair = isJsonObject(item);
  if (!isPair && typeof item !== 'string') return;
  const child = isPair ? pathOf(getKey(item, 'child')) : `exports.${item}`;
  const parent = isPair ? pathOf(getKey(item, 'parent')) : '.';
  const table = tableAt(values, `${requirement.name}.${child}`);
  if (table === undefined) return warn(`ImportValues missing table from chart ${requirement.name}: ${child}`);
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
