import type { GoMap, Value } from '../../golang/reflect/index.ts';

/** Hears what Helm would log as a warning. */
export type Warn = (message: string) => void;

/** A copy of a table that shares no map or list with it. */
export function deepCopy(values: GoMap): GoMap {
  const copy: GoMap = new Map();
  for (const [key, value] of values) copy.set(key, copyOf(value));
  return copy;
}

/** A copy of a value that shares no map or list with it. */
function copyOf(value: Value): Value {
  if (value instanceof Map) return deepCopy(value);
  return Array.isArray(value) ? value.map(copyOf) : value;
}

/** The table at a dotted path, or undefined where a step is missing or not a table. */
export function tableAt(values: GoMap, path: string): GoMap | undefined {
  let table: Value = values;
  for (const step of path.split('.')) {
    if (!(table instanceof Map)) return undefined;
    table = table.get(step);
  }
  return table instanceof Map ? table : undefined;
}

/** The value at a dotted path that is not a table, or undefined where there is none; a value may be null. */
export function valueAt(values: GoMap, path: string): Value {
  const end = path.lastIndexOf('.');
  const table = end < 0 ? values : tableAt(values, path.slice(0, end));
  const value = table?.get(path.slice(end + 1));
  return value instanceof Map ? undefined : value;
}

/**
 * How nulls are read. In the values that win: `merge` keeps them, the others delete the default of that name. In the defaults:
 * `coalesce-set` leaves them out, the others keep them.
 */
export type NullRule = 'merge' | 'coalesce' | 'coalesce-set';

/**
 * Lays `source` under `target` in place, table by table, and returns `target`: what the target has wins. `prefix` names the place in
 * warnings. Like Helm, leaves in `source` the nulls that the target has.
 */
export function coalesceTables(target: GoMap, source: GoMap, rule: NullRule, prefix: string, warn: Warn): GoMap {
  const hadValue = new Set<string>();
  for (const [key, value] of source) if (!isNull(value)) hadValue.add(key);
  for (const [key, value] of target) if (isNull(value)) source.set(key, null);
  for (const [key, value] of source) {
    const own = target.get(key);
    if (!target.has(key)) target.set(key, value);
    else if (rule !== 'merge' && isNull(own) && hadValue.has(key)) target.delete(key);
    else coalesceValue(own, value, rule, dotted(prefix, key), warn);
  }
  return target;
}

function coalesceValue(own: Value, value: Value, rule: NullRule, path: string, warn: Warn): void {
  if (value instanceof Map) {
    if (own instanceof Map) coalesceTables(own, value, rule, path, warn);
    else warn(`cannot overwrite table with non table for ${path}`);
  } else if (own instanceof Map && !isNull(value)) {
    warn(`destination for ${path} is a table. Ignoring non-table value`);
  }
}

/** As `coalesceTables`, of a source that stays as it is: the target gets copies of what it takes. */
export function coalesceCopies(target: GoMap, source: GoMap, rule: NullRule, prefix: string, warn: Warn): void {
  for (const [key, value] of source) {
    const own = target.get(key);
    if (!target.has(key)) copyDefault(target, key, value, rule);
    else if (isNull(own)) {
      if (rule !== 'merge' && !isNull(value)) target.delete(key);
    } else if (own instanceof Map && value instanceof Map) coalesceCopies(own, value, rule, dotted(prefix, key), warn);
    else coalesceValue(own, value, rule, dotted(prefix, key), warn);
  }
}

/** Gives the target a copy of a default that it lacks. */
export function copyDefault(target: GoMap, key: string, value: Value, rule: NullRule): void {
  if (rule !== 'coalesce-set') target.set(key, copyOf(value));
  else if (!isNull(value)) target.set(key, value instanceof Map ? copyWithoutNulls(value) : copyOf(value));
}

/** Nulls within lists stay. */
function copyWithoutNulls(values: GoMap): GoMap {
  const copy: GoMap = new Map();
  for (const [key, value] of values) copyDefault(copy, key, value, 'coalesce-set');
  return copy;
}

/** The path extended by one key. */
export function dotted(prefix: string, key: string): string {
  return prefix === '' ? key : `${prefix}.${key}`;
}

/** Whether it is null or not there. */
export function isNull(value: Value): boolean {
  return value === null || value === undefined;
}
