import { isMap, mapValues, type JsonMap } from '../json/json.ts';
import { mergedLists, type Keyed } from './merged-lists.ts';
import type { FieldRule, MergeRules } from './merge-keys.ts';
import { PatchError } from './patch-error.ts';

const PATCH = '$patch';
const RETAIN_KEYS = '$retainKeys';
const DELETE_FROM = '$deleteFromPrimitiveList/';
const ELEMENT_ORDER = '$setElementOrder/';

type Path = readonly string[];

/**
 * `original` with a strategic merge patch applied, as the API server and kubectl do it: maps are merged, null removes, lists are merged
 * where a rule says how and replaced otherwise; new items come before those that the patch does not name. With the directives `$patch`,
 * `$retainKeys` and `$deleteFromPrimitiveList`. Neither argument is modified. Throws PatchError.
 */
export function strategicMerge(original: JsonMap, patch: JsonMap, rules: MergeRules): JsonMap {
  return mergedMaps(original, patch, rules, []);
}

function mergedMaps(original: JsonMap, patch: JsonMap, rules: MergeRules, path: Path): JsonMap {
  const directive = directiveOf(patch, path);
  if (directive === 'delete') return {};
  if (directive === 'replace') return withoutDirectives(patch) as JsonMap;
  const merged = new Map(Object.entries(retained(original, patch, path)));
  for (const [key, value] of Object.entries(patch)) {
    if (key.startsWith(DELETE_FROM)) removeItems(merged, key.slice(DELETE_FROM.length), value, [...path, key]);
    if (key.startsWith(ELEMENT_ORDER)) throw new PatchError(`${pathText([...path, key])} is not supported`);
  }
  for (const [key, value] of Object.entries(patch)) {
    if (isDirective(key)) continue;
    if (value === null) merged.delete(key);
    else merged.set(key, mergedValue(merged.get(key), value, rules[key], [...path, key]));
  }
  return Object.fromEntries(merged);
}

function mergedValue(before: unknown, patch: unknown, rule: FieldRule = PLAIN, path: Path): unknown {
  if (isMap(before) && isMap(patch) && rule.rule !== 'replace') {
    return mergedMaps(before, patch, rule.rule === 'merge' ? rule.fields : {}, path);
  }
  return Array.isArray(before) && Array.isArray(patch)
    ? listAfter(before, patch, rule, path)
    : withoutDirectives(patch);
}

const PLAIN: FieldRule = { rule: 'merge', fields: {} };

function listAfter(before: readonly unknown[], patch: readonly unknown[], rule: FieldRule, path: Path): unknown {
  if (rule.rule === 'by-key') return mergedItems(before, patch, rule, path);
  return rule.rule === 'union' ? mergedLists(before, patch, SCALARS) : withoutDirectives(patch);
}

const SCALARS: Keyed = { keyOf: (item) => item, merge: (_before, after) => after, add: (item) => item };

function mergedItems(
  original: readonly unknown[],
  patch: readonly unknown[],
  { key, fields }: Extract<FieldRule, { rule: 'by-key' }>,
  path: Path,
): unknown[] {
  const items = patch.map((item, index) => {
    const place = [...path, String(index)];
    if (!isMap(item))
      throw new PatchError(`${pathText(place)} is not a map: the items of this list are merged by their ${key}`);
    const directive = directiveOf(item, place);
    if (directive !== 'replace' && !Object.hasOwn(item, key)) {
      throw new PatchError(`${pathText(place)} has no ${key}, by which the items of this list are merged`);
    }
    return { item, directive };
  });
  const changes = items
    .filter(({ directive }) => directive === undefined || directive === 'merge')
    .map(({ item }) => item);
  if (items.some(({ directive }) => directive === 'replace')) return changes.map(withoutDirectives);
  const deleted = new Set(items.flatMap(({ item, directive }) => (directive === 'delete' ? [item[key]] : [])));
  const keyOf = (item: unknown): unknown => (isMap(item) ? item[key] : undefined);
  const left = original.filter((item) => !deleted.has(keyOf(item)));
  const merge = (before: unknown, after: unknown): unknown =>
    isMap(before) && isMap(after) ? mergedMaps(before, after, fields, [...path, String(after[key])]) : after;
  return mergedLists(left, changes, { keyOf, merge, add: withoutDirectives });
}

function retained(original: JsonMap, patch: JsonMap, path: Path): JsonMap {
  const retain = patch[RETAIN_KEYS];
  if (retain === undefined) return original;
  if (!Array.isArray(retain)) throw new PatchError(`${pathText([...path, RETAIN_KEYS])} is not a list of keys`);
  const other = Object.entries(patch).find(
    ([key, value]) => !isDirective(key) && value !== null && !retain.includes(key),
  );
  if (other)
    throw new PatchError(`${pathText([...path, RETAIN_KEYS])} does not list ${other[0]}, which the patch sets`);
  return Object.fromEntries(Object.entries(original).filter(([key]) => retain.includes(key)));
}

function removeItems(merged: Map<string, unknown>, key: string, items: unknown, path: Path): void {
  const before = merged.get(key);
  if (!Array.isArray(items)) throw new PatchError(`${pathText(path)} is not a list`);
  if (Array.isArray(before))
    merged.set(
      key,
      before.filter((item) => !items.includes(item)),
    );
}

function directiveOf(patch: JsonMap, path: Path): 'delete' | 'replace' | 'merge' | undefined {
  const directive = patch[PATCH];
  if (directive === undefined || directive === 'delete' || directive === 'replace' || directive === 'merge')
    return directive;
  throw new PatchError(`${pathText([...path, PATCH])} is neither delete nor replace nor merge`);
}

function isDirective(key: string): boolean {
  return key === PATCH || key === RETAIN_KEYS || key.startsWith(DELETE_FROM) || key.startsWith(ELEMENT_ORDER);
}

/** What a patch adds where nothing was: without nulls, and without directives, of which there is nothing to direct. */
function withoutDirectives(value: unknown): unknown {
  if (Array.isArray(value)) return value.filter((item) => !isOnlyDirective(item)).map(withoutDirectives);
  if (!isMap(value)) return value;
  const kept = Object.entries(value).filter(([key, child]) => child !== null && !isDirective(key));
  return mapValues(Object.fromEntries(kept), withoutDirectives);
}

function isOnlyDirective(item: unknown): boolean {
  return isMap(item) && (item[PATCH] === 'delete' || (item[PATCH] === 'replace' && Object.keys(item).length === 1));
}

function pathText(path: Path): string {
  return path.join('.');
}
