import jsonPatch, { type Operation } from 'fast-json-patch';
import { jsonOf } from './json-text.ts';
import { isMap, mapValues, pointerTo, textAt, valueAt } from './json.ts';
import { keyOf, refOf, titleOf } from './reference.ts';
import type { KubeObject } from './types.ts';

/** One field that differs; `path` is a JSON pointer, empty where the whole object came or went. */
export interface FieldChange {
  /** `Kind/name`. */
  object: string;
  path: string;
  change: 'added' | 'removed' | 'changed';
  from?: string;
  to?: string;
}

/** Longest value that a change shows, in characters. */
export const MAX_SHOWN = 200;

/** The keys by which list items are told apart, the first that all items of a list have wins. */
const ITEM_KEYS = ['name', 'mountPath', 'containerPort', 'port', 'key', 'topologyKey', 'ip', 'host'];

/**
 * The fields in which two states of one object differ, values shortened and those of Secrets masked. Items of a list are matched by
 * their name or key, so that one more container is one addition; paths count positions in `after`, for removals in `before`. Values
 * at the pointers in `ignored` are not compared.
 */
export function changesBetween(
  before: KubeObject | undefined,
  after: KubeObject | undefined,
  ignored: readonly string[] = [],
): FieldChange[] {
  const present = after ?? before;
  if (present === undefined) return [];
  const object = titleOf(refOf(present));
  if (before === undefined) return [{ object, path: '', change: 'added' }];
  if (after === undefined) return [{ object, path: '', change: 'removed' }];
  return jsonPatch
    .compare(keyed(before), keyed(after))
    .map((operation) => changeOf(operation, before, after))
    .filter(({ path }) => !ignored.includes(path))
    .map((change) => ({ object, ...(isSecretValue(present, change.path) ? masked(change) : change) }))
    .sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** The changes between two manifests, object by object in the order of `after`, then the objects that went. */
export function changesBetweenManifests(
  before: readonly KubeObject[],
  after: readonly KubeObject[],
  ignored: readonly string[] = [],
): FieldChange[] {
  const old = new Map(before.map((object) => [keyOf(refOf(object)), object]));
  const now = new Set(after.map((object) => keyOf(refOf(object))));
  const gone = before.filter((object) => !now.has(keyOf(refOf(object))));
  return [
    ...after.flatMap((object) => changesBetween(old.get(keyOf(refOf(object))), object, ignored)),
    ...gone.flatMap((object) => changesBetween(object, undefined)),
  ];
}

/** Lists whose items have keys become maps from key to item, so that `compare` matches items and not positions. */
function keyed(value: unknown): object {
  return keyedValue(value) as object;
}

function keyedValue(value: unknown): unknown {
  // The comparison makes JSON of what it copies.
  if (typeof value === 'bigint') return `${value}n`;
  if (isMap(value)) return mapValues(value, keyedValue);
  if (!Array.isArray(value)) return value;
  const names = itemNames(value);
  return names ? Object.fromEntries(value.map((item, i) => [names[i], keyedValue(item)])) : value.map(keyedValue);
}

/** A distinct name for every item, or undefined where the items have none. */
function itemNames(items: readonly unknown[]): string[] | undefined {
  for (const key of ITEM_KEYS) {
    const names = items.map((item) => nameOfItem(item, key));
    if (names.length > 0 && names.every((name) => name !== undefined) && new Set(names).size === names.length)
      return names;
  }
  return undefined;
}

/** Ports of one number differ by protocol. */
function nameOfItem(item: unknown, key: string): string | undefined {
  const name = valueAt(item, key);
  if (typeof name !== 'string' && typeof name !== 'number') return undefined;
  return `${key}=${name}${/port$/i.test(key) ? `/${textAt(item, 'protocol') ?? 'TCP'}` : ''}`;
}

function changeOf(operation: Operation, before: KubeObject, after: KubeObject): Omit<FieldChange, 'object'> {
  const keys = operation.path.slice(1).split('/').map(unescaped);
  const old = locate(before, keys);
  const now = locate(after, keys);
  if (old === undefined) return { path: now?.path ?? operation.path, change: 'added', to: shown(now?.value) };
  if (now === undefined) return { path: old.path, change: 'removed', from: shown(old.value) };
  return { path: now.path, change: 'changed', from: shown(old.value), to: shown(now.value) };
}

/** The place that `keys` (names of items among them) lead to, with its pointer; undefined where there is none. */
function locate(object: KubeObject, keys: readonly string[]): { value: unknown; path: string } | undefined {
  let value: unknown = object;
  const path: (string | number)[] = [];
  for (const key of keys) {
    const step = Array.isArray(value) ? positionOf(value, key) : key;
    const container: unknown = value;
    if (typeof container !== 'object' || container === null || !Object.hasOwn(container, step)) return undefined;
    value = (container as Record<string | number, unknown>)[step];
    path.push(step);
  }
  return { value, path: pointerTo(path) };
}

function positionOf(items: readonly unknown[], key: string): number {
  return itemNames(items)?.indexOf(key) ?? Number(key);
}

function unescaped(key: string): string {
  return key.replaceAll('~1', '/').replaceAll('~0', '~');
}

function shown(value: unknown): string {
  const text = typeof value === 'string' ? value : jsonOf(value);
  return text.length > MAX_SHOWN ? `${text.slice(0, MAX_SHOWN - 1)}…` : text;
}

function isSecretValue({ kind, apiVersion }: KubeObject, path: string): boolean {
  if (kind !== 'Secret' || apiVersion !== 'v1') return false;
  return /^\/(data|stringData)(\/|$)/.test(path) || path.startsWith('/metadata/annotations');
}

function masked(change: Omit<FieldChange, 'object'>): Omit<FieldChange, 'object'> {
  return {
    ...change,
    ...(change.from === undefined ? {} : { from: '***' }),
    ...(change.to === undefined ? {} : { to: '***' }),
  };
}
