import { integerIn, isTimestamp, resolveScalar, type Scalar } from './scalar.ts';
import { YamlError } from './yaml-error.ts';

const PREFIX = 'tag:yaml.org,2002:';

/** The value of a scalar with an explicit tag, written out in full, as go-yaml v2 decodes it. */
export function taggedScalar(tag: string, text: string): Scalar {
  switch (tag.startsWith(PREFIX) ? tag.slice(PREFIX.length) : '') {
    case 'binary':
      return decodeBase64(text);
    case 'null':
    case 'bool':
    case 'int':
    case 'float':
    case 'timestamp':
      return checked(tag.slice(PREFIX.length), resolveScalar(text), text);
    default:
      return text;
  }
}

/** Whether the tag makes `<<` the key of a merge. */
export function isMergeTag(tag: string): boolean {
  return tag === `${PREFIX}merge`;
}

const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

function decodeBase64(text: string): string {
  const compact = text.replace(/[\r\n]/g, '');
  if (!BASE64.test(compact)) throw new YamlError('Syntax', 'yaml: !!binary value contains invalid base64 data');
  return Buffer.from(compact, 'base64').toString('utf8');
}

function checked(name: string, value: Scalar, text: string): Scalar {
  const found = nameOf(value, text);
  if (name === found || (name === 'float' && found === 'int')) return value;
  throw new YamlError('Syntax', `yaml: cannot decode !!${found} \`${text}\` as a !!${name}`);
}

function nameOf(value: Scalar, text: string): string {
  if (value === null) return 'null';
  if (typeof value === 'string') return isTimestamp(text) ? 'timestamp' : 'str';
  if (typeof value === 'boolean') return 'bool';
  return integerIn(text) === undefined ? 'float' : 'int';
}
