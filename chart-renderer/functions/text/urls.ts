import { type GoMap, kindOf, type Value } from '../../../golang/reflect/index.ts';
import { define } from '../../../golang/template/index.ts';
import { parseUrl, unparseUrl, type UrlParts } from '../../../golang/url/index.ts';
import type { FunctionEntries } from '../entries.ts';

const NIL_POINTER = 'runtime error: invalid memory address or nil pointer dereference';

function parse(text: string): Value {
  try {
    const parts = parseUrl(text);
    return new Map<string, Value>(Object.entries(parts));
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    throw new Error(`unable to parse url: ${message}`, { cause: error });
  }
}

function textAt(map: GoMap, key: string): string {
  const value = map.get(key);
  if (value === undefined && !map.has(key)) return '';
  if (typeof value === 'string') return value;
  if (value === null || value === undefined) throw new Error(NIL_POINTER);
  throw new Error(`unable to parse ${key} key, must be of type string, but ${kindOf(value)} found`);
}

function join(map: GoMap): string {
  const parts: Omit<UrlParts, 'hostname'> = {
    scheme: textAt(map, 'scheme'),
    host: textAt(map, 'host'),
    path: textAt(map, 'path'),
    query: textAt(map, 'query'),
    opaque: textAt(map, 'opaque'),
    fragment: textAt(map, 'fragment'),
    userinfo: textAt(map, 'userinfo'),
  };
  const userinfo = parts.userinfo === '' ? '' : parseUrl(`proto://${parts.userinfo}@host`).userinfo;
  return unparseUrl({ ...parts, userinfo });
}

/** Sprig's functions on URLs. */
export const urlFunctions: FunctionEntries = [
  ['urlParse', define(['string'], parse)],
  ['urlJoin', define(['map'], join)],
];
