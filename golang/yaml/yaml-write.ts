import { encodable, type Encodable, encodableInGo, entriesOf, FieldMap, Verbatim, writeJson } from '../json/index.ts';
import { formatFloat } from '../strconv/index.ts';
import { readYaml } from './read.ts';
import { integerIn } from './scalar.ts';
import { writeNode, type YamlNode } from './write/write.ts';
import { YamlError } from './yaml-error.ts';

/**
 * YAML as sigs.k8s.io/yaml writes it (Helm's `toYaml`), ending with a line break: keys sorted, lists flush with their key, lines broken
 * after column 80. Takes plain data and template values. Throws where Go refuses the value.
 */
export function writeYaml(value: unknown): string {
  return writeNode(value, { dialect: 'v2', nodeOf: nodeOfJson });
}

/**
 * YAML for people to read and edit: as `writeYaml`, or as JSON, which is YAML too, where that refuses a value or would read another one. Only
 * keys of more than 1,024 characters are not read as YAML then.
 */
export function writeReadableYaml(value: unknown): string {
  const json = writeJson(value, { raw: true, indent: '  ' });
  try {
    if (!INEXACT.test(json)) return writeYaml(value);
  } catch (error) {
    if (!(error instanceof YamlError)) throw error;
  }
  return `${json.replaceAll(OTHER_IN_YAML, escaped)}\n`;
}

function escaped(char: string): string {
  return `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

/** YAML as go-yaml v3 writes it (Helm's `toYamlPretty`): lists are indented and long lines not broken. */
export function writeYamlPretty(value: unknown): string {
  return writeNode(value, { dialect: 'v3', nodeOf: nodeOfGo });
}

const OTHER_IN_YAML = /[\x7f-\x9f\ufffe\uffff]/g;
/** Characters that JSON may hold as they are and YAML may not. */
const NOT_YAML = /[\x7f-\x84\x86-\x9f\ufffe\uffff]/;
/** In JSON: characters that go-yaml refuses or reads as others, and the key by which it merges maps. */
const INEXACT = /[\x7f-\x9f\ufffe\uffff]|"<<":/;
const NEXT_LINE = '\x85';
const MAX_KEY_CHARS = 1024;

function nodeOfJson(value: unknown): YamlNode {
  const data = encodable(value);
  if (typeof data === 'number') return { kind: 'raw', text: numberText(data) };
  if (typeof data === 'string') return { kind: 'text', text: asReadFromJson(data) };
  const node = nodeOf(data);
  if (node.kind === 'map') node.keys.forEach(checkKey);
  return node;
}

/** sigs.k8s.io/yaml goes by way of JSON that go-yaml reads, which refuses some characters and takes one for the end of a line. */
function asReadFromJson(text: string): string {
  if (text.search(OTHER_IN_YAML) < 0) return text;
  if (NOT_YAML.test(text)) throw new YamlError('Unsupported', 'yaml: control characters are not allowed');
  return readYaml(writeJson(text)) as string;
}

/** As JSON, a key has to be on one line and no longer than YAML allows. */
function checkKey(key: string): void {
  asReadFromJson(key);
  const isLong = key.length > MAX_KEY_CHARS / 6 && Array.from(writeJson(key)).length > MAX_KEY_CHARS;
  if (isLong || key.includes(NEXT_LINE)) {
    throw new YamlError('Unsupported', "yaml: did not find expected ',' or '}'");
  }
}

function nodeOfGo(value: unknown): YamlNode {
  // Nil ones too: go-yaml writes them as empty.
  if (Array.isArray(value) || value instanceof Map) return nodeOf(value as Encodable);
  if (typeof value !== 'number') {
    const data = encodableInGo(value, 'toPrettyYaml');
    if (data instanceof Verbatim) return { kind: 'raw', text: data.text };
    return data instanceof FieldMap ? { kind: 'fields', ...entriesOf(data) } : nodeOf(data);
  }
  if (Number.isFinite(value)) return { kind: 'raw', text: formatFloat(value, 'g', undefined) };
  return { kind: 'raw', text: Number.isNaN(value) ? '.nan' : value > 0 ? '.inf' : '-.inf' };
}

function nodeOf(data: Exclude<Encodable, number> | number): YamlNode {
  if (typeof data === 'string') return { kind: 'text', text: data };
  if (typeof data !== 'object' || data === null) return { kind: 'raw', text: String(data) };
  if (Array.isArray(data)) return { kind: 'list', items: data };
  return { kind: 'map', ...entriesOf(data as Readonly<Record<string, unknown>>) };
}

function numberText(value: number): string {
  if (Number.isSafeInteger(value)) return String(value);
  const text = String(value);
  return (integerIn(text) ?? formatFloat(value, 'g', undefined)).toString();
}
