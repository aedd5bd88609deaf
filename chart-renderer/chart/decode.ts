import { ChartError } from '../errors.ts';
import type { Json, JsonObject } from '../json.ts';
import { isJsonObject, setKey } from '../json.ts';

/** The Go type of a field that a YAML document is decoded into; a struct type is a list of those. */
export type FieldKind = 'string' | 'bool' | 'strings' | 'string-map' | 'any-list' | StructType;

/** A Go struct by its name in package chart. */
export interface StructType {
  readonly of: string;
  readonly fields: Fields;
}

/** The fields of a Go struct by their names in JSON. */
export type Fields = Readonly<Record<string, FieldKind>>;

/** The struct with Go's zero value in every field. */
export function zeroOf({ fields }: StructType): JsonObject {
  return Object.fromEntries(Object.entries(fields).map(([name, kind]) => [name, zeroOfField(kind)]));
}

function zeroOfField(kind: FieldKind): Json {
  if (kind === 'string') return '';
  if (kind === 'bool') return false;
  return kind === 'string-map' ? {} : [];
}

/**
 * Decodes a parsed YAML document over the fields of `base` as sigs.k8s.io/yaml does into a Go struct: names match without regard to
 * case, numbers and booleans become text where text is wanted, null leaves a field as it is, unknown fields are dropped. Throws
 * `invalid-chart` with Go's words where a type does not fit.
 */
export function decodeStruct(document: Json, type: StructType & { readonly base: JsonObject }): JsonObject {
  const { of, fields } = type;
  const decoded: JsonObject = { ...type.base };
  if (document === null) return decoded;
  if (!isJsonObject(document)) throw mismatch(document, `Go value of type chart.${of}`);
  // Go's decoder takes keys in the order of the JSON text, which is sorted: of two spellings the last one counts.
  for (const key of Object.keys(document).sort()) {
    const name = Object.hasOwn(fields, key) ? key : Object.keys(fields).find((field) => sameFolded(field, key));
    const kind = name === undefined ? undefined : fields[name];
    const value = document[key] ?? null;
    if (name === undefined || kind === undefined || value === null) continue;
    decoded[name] = decodeField(value, kind, `Go struct field ${of}.${name} of type`);
  }
  return decoded;
}

function sameFolded(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}

function decodeField(value: Json, kind: FieldKind, target: string): Json {
  if (kind === 'string') return decodeText(value, `${target} string`);
  if (kind === 'bool') {
    if (typeof value !== 'boolean') throw mismatch(value, `${target} bool`);
    return value;
  }
  if (kind === 'string-map') return decodeTextMap(value, target);
  const elementType = kind === 'strings' ? '[]string' : kind === 'any-list' ? '[]interface {}' : `[]*chart.${kind.of}`;
  if (!Array.isArray(value)) throw mismatch(value, `${target} ${elementType}`);
  if (kind === 'any-list') return value;
  if (kind === 'strings') return value.map((item) => (item === null ? '' : decodeText(item, `${target} string`)));
  return value.map((item) => (item === null ? null : decodeStruct(item, { ...kind, base: zeroOf(kind) })));
}

function decodeTextMap(value: Json, target: string): JsonObject {
  if (!isJsonObject(value)) throw mismatch(value, `${target} map[string]string`);
  const decoded: JsonObject = {};
  for (const [key, item] of Object.entries(value)) {
    setKey(decoded, key, item === null ? '' : decodeText(item, `${target} string`));
  }
  return decoded;
}

function decodeText(value: Json, target: string): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number') return Number.isInteger(value) ? String(value) : shortestFloat32(value);
  if (typeof value === 'boolean') return String(value);
  throw mismatch(value, target);
}

/** The shortest text that reads back as the same 32-bit float, which is how Helm turns `appVersion: 1.10` into `1.1`. */
function shortestFloat32(value: number): string {
  const wanted = Math.fround(value);
  for (let digits = 1; digits <= 9; digits++) {
    const text = value.toPrecision(digits);
    if (Math.fround(Number(text)) === wanted) return withGoExponent(Number(text));
  }
  return String(value);
}

function withGoExponent(value: number): string {
  const exponent = Math.floor(Math.log10(Math.abs(value)));
  if (exponent >= -4 && exponent < 21) return String(value);
  return value.toExponential().replace(/e([+-])(\d)$/, 'e$10$2');
}

function mismatch(value: Json, target: string): ChartError {
  const kind = Array.isArray(value)
    ? 'array'
    : value === null
      ? 'null'
      : typeof value === 'boolean'
        ? 'bool'
        : typeof value;
  return new ChartError('invalid-chart', `json: cannot unmarshal ${kind} into ${target}`);
}
