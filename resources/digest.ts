import { createHash } from 'node:crypto';
import { inJson } from './json-text.ts';
import { isMap } from './json.ts';

/** JSON in which the order of keys plays no part; lists keep theirs. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, item: unknown) => (isMap(item) ? withSortedKeys(item) : inJson(item)));
}

/** `sha256:…` of the canonical JSON of `value`: equal values have equal digests, however they were written down. */
export function digestOf(value: unknown): string {
  return `sha256:${createHash('sha256').update(canonicalJson(value)).digest('hex')}`;
}

function withSortedKeys(map: Record<string, unknown>): Record<string, unknown> {
  if (areSorted(Object.keys(map))) return map;
  return Object.fromEntries(Object.entries(map).sort(([a], [b]) => (a < b ? -1 : 1)));
}

function areSorted(keys: readonly string[]): boolean {
  return keys.every((key, index) => index === 0 || (keys[index - 1] ?? '') < key);
}
