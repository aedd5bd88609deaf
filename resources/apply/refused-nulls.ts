import { isMap } from '../json/json.ts';
import type { KubeObject } from '../types.ts';

const REFUSED_NULL = /(?<![^\s[])([^\s[]\S*): Invalid value: "null": \S+ in body must be of type/g;
const DUPLICATE_ITEM = /(?<![^\s[])([^\s[]\S*)\[\d+\]: Duplicate value: /g;

/**
 * `desired` without the nulls that the API server refuses in an apply of a custom resource, and that a create drops: nulls in fields that
 * may not be null, and null keys of list items, which an apply does not take for the default that a create fills in. Undefined if the
 * refusal is about something else. The digest stays that of the whole object, so that it counts as applied.
 */
export function withoutRefusedNulls(desired: KubeObject, refusal: string): KubeObject | undefined {
  const fields = pathsIn(refusal, REFUSED_NULL);
  const lists = pathsIn(refusal, DUPLICATE_ITEM);
  let isChanged = false;
  const left = (value: unknown, path: string, isItem: boolean): unknown => {
    if (Array.isArray(value)) return value.map((item, index) => left(item, `${path}[${index}]`, lists.has(path)));
    if (!isMap(value)) return value;
    const kept = Object.entries(value).flatMap(([key, field]) => {
      const here = path === '' ? key : `${path}.${key}`;
      if (field !== null || !(isItem || fields.has(here))) return [[key, left(field, here, false)] as const];
      isChanged = true;
      return [];
    });
    return Object.fromEntries(kept);
  };
  const object = left(desired, '', false) as KubeObject;
  return isChanged ? object : undefined;
}

function pathsIn(refusal: string, pattern: RegExp): Set<string> {
  return new Set(Array.from(refusal.matchAll(pattern), ([, path = '']) => path));
}
