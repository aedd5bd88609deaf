import { sprintf } from '../../golang/fmt/index.ts';
import type { GoMap, Value } from '../../golang/reflect/index.ts';
import { ChartError } from '../errors.ts';
import type { HelmVersion } from '../helm-version.ts';
import type { ChartNode } from './node.ts';
import type { NullRule, Warn } from './tables.ts';
import { coalesceTables, deepCopy, dotted, isNull, coalesceCopies, copyDefault } from './tables.ts';

const GLOBAL = 'global';

/** How the values that a chart renders with are coalesced: Helm 4 takes no nulls from defaults. */
export const COALESCING: Readonly<Record<HelmVersion, NullRule>> = { v3: 'coalesce', v4: 'coalesce-set' };

/**
 * The values that a chart renders with: the user's over the chart's own, each dependency's below its name with its own defaults
 * and the globals, in Helm's order. Shares nothing with the arguments. Throws `invalid-values` where a dependency's name holds no
 * table.
 */
export function coalesceValues(node: ChartNode, values: GoMap, rule: NullRule, warn: Warn): GoMap {
  return coalesceChart(node, deepCopy(values), '', rule, warn);
}

function coalesceChart(node: ChartNode, target: GoMap, prefix: string, rule: NullRule, warn: Warn): GoMap {
  const path = dotted(prefix, node.name);
  layDefaults(node, target, path, rule, warn);
  for (const dependency of node.dependencies) {
    const { name } = dependency;
    if (!target.has(name)) target.set(name, new Map());
    const table = target.get(name);
    if (!(table instanceof Map)) {
      // Helm prints the value with the verb for booleans.
      throw new ChartError('InvalidValues', sprintf('type mismatch on %s: %t', [name, table]));
    }
    layGlobals(table, target, path, warn);
    coalesceChart(dependency, table, path, rule, warn);
  }
  return target;
}

function layDefaults(node: ChartNode, target: GoMap, path: string, rule: NullRule, warn: Warn): void {
  for (const [key, fallback] of node.values) {
    const own = target.get(key);
    if (!target.has(key)) copyDefault(target, key, fallback, rule);
    else if (isNull(own) && rule !== 'merge') target.delete(key);
    else if (own instanceof Map) {
      if (fallback instanceof Map) {
        const isDependency = node.dependencies.some((dependency) => dependency.name === key);
        // A null below a dependency's name must stay to delete the default of that dependency.
        coalesceCopies(own, fallback, isDependency ? 'merge' : rule, dotted(path, key), warn);
      } else if (fallback !== null) warn(`skipped value for ${path}.${key}: Not a table.`);
    }
  }
}

/** Hands the globals of a chart down to a dependency's table, over its own. */
function layGlobals(table: GoMap, parent: GoMap, path: string, warn: Warn): void {
  const own = table.has(GLOBAL) ? table.get(GLOBAL) : new Map<string, Value>();
  const given = parent.has(GLOBAL) ? parent.get(GLOBAL) : new Map<string, Value>();
  if (!(own instanceof Map)) return warn(`skipping globals because destination ${GLOBAL} is not a table.`);
  if (!(given instanceof Map)) return warn(`skipping globals because source ${GLOBAL} is not a table.`);
  for (const [key, value] of given) layGlobal(own, key, value, path, warn);
  table.set(GLOBAL, own);
}

function layGlobal(own: GoMap, key: string, value: Value, path: string, warn: Warn): void {
  const present = own.get(key);
  if (!(value instanceof Map)) {
    if (present instanceof Map) warn(`key ${key} is table. Skipping`);
    else own.set(key, value);
    return;
  }
  const copy = new Map(value);
  if (!own.has(key)) own.set(key, copy);
  else if (present instanceof Map) own.set(key, coalesceTables(copy, present, 'merge', dotted(path, key), warn));
  else warn(`Conflict: cannot merge map onto non-map for ${JSON.stringify(key)}. Skipping.`);
}
