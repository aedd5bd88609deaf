import { createHash } from 'node:crypto';
import { inJson } from './json-text.ts';
import { isMap, type JsonMap } from './json.ts';

/** JSON in the form of RFC 8785: no white space, keys sorted; except that whole numbers of 64 bits keep all their digits. */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return canonicalList(value);
  if (isMap(value)) return canonicalMap(value);
  return JSON.stringify(inJson(value)) ?? 'null';
}

/** `sha256:…` of the canonical JSON of `value`: equal values have equal digests, however they were written down. */
export function digestOfJson(value: unknown): string {
  return `sha256:${createHash('sha256').update(canonicalJson(value)).digest('hex')}`;
}

function canonicalList(list: readonly unknown[]): string {
  let text = '';
  for (const item of list) text += `${text === '' ? '' : ','}${canonicalJson(item)}`;
  return `[${text}]`;
}

/** Written key by key: an object would have keys such as `10` before all others, whatever the order in which they were set. */
function canonicalMap(map: JsonMap): string {
  let text = '';
  for (const key of Object.keys(map).toSorted()) {
    const value = map[key];
    if (value !== undefined) text += `${text === '' ? '' : ','}${JSON.stringify(key)}:${canonicalJson(value)}`;
  }
  return `{${text}}`;
}
