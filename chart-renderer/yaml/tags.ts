import type { ScalarEvent } from 'js-yaml';
import { integerIn, isTimestamp, resolveScalar, type Scalar } from './scalar.ts';
import { YamlError } from './yaml-error.ts';

const LONG_PREFIX = 'tag:yaml.org,2002:';

/** The scalar's tag in its short form, such as `!!str`, or `!` alone; tags of other vocabularies as they stand. */
export function tagOf(text: string, event: ScalarEvent): string {
  const raw = text.slice(event.tagStart, event.tagEnd);
  const name = raw.startsWith('!<') ? raw.slice(2, -1) : raw;
  return name.startsWith(LONG_PREFIX) ? `!!${name.slice(LONG_PREFIX.length)}` : name;
}

/** The value of a scalar with an explicit tag, as go-yaml v2 decodes it. */
export function taggedScalar(tag: string, text: string): Scalar {
  switch (tag) {
    case '!!binary':
      return decodeBase64(text);
    case '!!null':
    case '!!bool':
    case '!!int':
    case '!!float':
    case '!!timestamp':
      return checked(tag, resolveScalar(text), text);
    default:
      return text;
  }
}

const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

function decodeBase64(text: string): string {
  const compact = text.replace(/[\r\n]/g, '');
  if (!BASE64.test(compact)) throw new YamlError('syntax', 'yaml: !!binary value contains invalid base64 data');
  return Buffer.from(compact, 'base64').toString('utf8');
}

function checked(tag: string, value: Scalar, text: string): Scalar {
  const found = shortTagOf(value, text);
  if (tag === found || (tag === '!!float' && found === '!!int')) return value;
  throw new YamlError('syntax', `yaml: cannot decode ${found} \`${text}\` as a ${tag}`);
}

function shortTagOf(value: Scalar, text: string): string {
  if (value === null) return '!!null';
  if (typeof value === 'string') return isTimestamp(text) ? '!!timestamp' : '!!str';
  if (typeof value === 'boolean') return '!!bool';
  return integerIn(text) === undefined ? '!!float' : '!!int';
}
