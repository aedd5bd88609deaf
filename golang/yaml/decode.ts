import { setKey } from '../json/index.ts';
import { numberInText } from './key-text.ts';
import { readTypedYaml, readYamlMaps, type TypedYaml, type YamlMapValue } from './read.ts';
import { YamlError } from './yaml-error.ts';

/** The Go type of a field that a YAML document is decoded into; a struct type stands for a pointer to it, `list` for a slice of those. */
export type FieldKind =
  | 'string'
  | 'bool'
  | 'strings'
  | 'string-map'
  | 'any-list'
  | StructType
  | { readonly list: StructType }
  | { readonly check: (value: DecodedValue) => string | undefined };

/** A Go struct with its fields by their names in JSON. */
export interface StructType {
  /** As errors call it, such as `chart.Metadata`. */
  readonly goType: string;
  /** Empty for a struct without a name. */
  readonly name: string;
  readonly fields: Readonly<Record<string, FieldKind>>;
}

/** What decoding leaves in a field. */
export type DecodedValue = null | boolean | number | string | DecodedValue[] | DecodedObject;

/** A struct or map that was decoded. */
export interface DecodedObject {
  [name: string]: DecodedValue;
}

/** The struct with Go's zero value in every field. */
export function zeroOf({ fields }: StructType): DecodedObject {
  return Object.fromEntries(Object.entries(fields).map(([name, kind]) => [name, zeroOfField(kind)]));
}

function zeroOfField(kind: FieldKind): DecodedValue {
  if (kind === 'string') return '';
  if (kind === 'bool') return false;
  if (kind === 'string-map') return {};
  return typeof kind === 'string' || 'list' in kind ? [] : null;
}

/**
 * Decodes a YAML document over the fields of `base` as sigs.k8s.io/yaml does into a Go struct: names match without regard to case,
 * numbers and booleans become text where text is wanted, null leaves a field as it is, unknown fields are dropped. Throws `YamlError`
 * in the words of that package.
 */
export function decodeYaml(input: string | Uint8Array, type: StructType, base: DecodedObject): DecodedObject {
  return decodeStruct(
    converted(() => readTypedYaml(input)),
    type,
    base,
    ROOT,
  );
}

/** As `decodeYaml`, of a value that `readExactYaml` returned. */
export function decodeRead(value: TypedYaml, type: StructType): DecodedObject {
  return decodeStruct(value, type, zeroOf(type), { ...ROOT, textOfNumber: readNumberInText });
}

function readNumberInText(value: number): string {
  return Number.isInteger(value) ? String(BigInt(value)) : numberInText(value);
}

/** The mapping that a YAML document is, empty where it is null. Throws `YamlError` as `decodeYaml` does. */
export function decodeYamlTable(input: string | Uint8Array): Map<string, YamlMapValue> {
  const value = converted(() => readYamlMaps(input));
  if (value === null) return new Map();
  if (value instanceof Map) return value;
  throw mismatch(value, ROOT, 'map[string]interface {}');
}

function converted<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof YamlError)) throw error;
    const { code, message, line } = error;
    throw new YamlError(code, `error converting YAML to JSON: ${message}`, line, { cause: error });
  }
}

/** The way to a value as Go reports it: the innermost struct and all fields down to the value. */
interface Path {
  readonly struct: string;
  readonly fields: readonly string[];
  /** How a number is to be written as text: whole numbers are those of `readYaml` only where they are not `bigint`s. */
  readonly textOfNumber: (value: number) => string;
}

const ROOT: Path = { struct: '', fields: [], textOfNumber: numberInText };

function decodeStruct(document: TypedYaml, type: StructType, base: DecodedObject, path: Path): DecodedObject {
  const decoded: DecodedObject = { ...base };
  if (document === null) return decoded;
  if (!isObject(document)) throw mismatch(document, path, type.goType);
  const names = Object.keys(type.fields);
  // Go's decoder takes keys in the order of the JSON text, which is sorted: of two spellings the last one counts.
  for (const key of Object.keys(document).sort()) {
    const name = names.includes(key) ? key : names.find((field) => field.toLowerCase() === key.toLowerCase());
    const value = document[key] ?? null;
    if (name === undefined || value === null) continue;
    const inner = { ...path, struct: type.name, fields: [...path.fields, name] };
    decoded[name] = decodeField(value, type.fields[name] ?? 'string', decoded[name] ?? null, inner);
  }
  return decoded;
}

function decodeField(value: TypedYaml, kind: FieldKind, base: DecodedValue, path: Path): DecodedValue {
  if (kind === 'string-map') return decodeTextMap(value, isObject(base) ? base : {}, path);
  if (typeof kind === 'string') return decodeSimple(value, kind, path);
  if ('check' in kind) return checked(plain(value), kind.check);
  if ('fields' in kind) return decodeStruct(value, kind, isObject(base) ? base : zeroOf(kind), path);
  if (!Array.isArray(value)) throw mismatch(value, path, `[]*${kind.list.goType}`);
  return value.map((item) => (item === null ? null : decodeStruct(item, kind.list, zeroOf(kind.list), path)));
}

function checked(value: DecodedValue, check: (value: DecodedValue) => string | undefined): DecodedValue {
  const problem = check(value);
  if (problem === undefined) return value;
  throw unmarshalError(problem);
}

function decodeSimple(value: TypedYaml, kind: Exclude<FieldKind & string, 'string-map'>, path: Path): DecodedValue {
  if (kind === 'string') return decodeText(value, path);
  if (kind === 'bool') {
    if (typeof value === 'boolean') return value;
    throw mismatch(value, path, 'bool');
  }
  if (!Array.isArray(value)) throw mismatch(value, path, kind === 'strings' ? '[]string' : '[]interface {}');
  if (kind === 'any-list') return plain(value);
  return value.map((item) => (item === null ? '' : decodeText(item, path)));
}

/** Go adds to a map that is there, as another spelling of the field's name leaves one. */
function decodeTextMap(value: TypedYaml, base: DecodedObject, path: Path): DecodedObject {
  if (!isObject(value)) throw mismatch(value, path, 'map[string]string');
  const decoded: DecodedObject = { ...base };
  for (const [key, item] of Object.entries(value)) setKey(decoded, key, item === null ? '' : decodeText(item, path));
  return decoded;
}

function decodeText(value: TypedYaml, path: Path): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number') return path.textOfNumber(value);
  if (typeof value === 'boolean' || typeof value === 'bigint') return String(value);
  throw mismatch(value, path, 'string');
}

/** The value with float64 for every number, as it is where no text is wanted. */
function plain(value: TypedYaml): DecodedValue {
  if (typeof value === 'bigint') return Number(value);
  if (typeof value === 'number' && !Number.isFinite(value)) {
    throw new YamlError(
      'Unsupported',
      `error converting YAML to JSON: json: unsupported value: ${numberInText(value)}`,
    );
  }
  if (Array.isArray(value)) return value.map(plain);
  if (!isObject(value)) return value;
  const object: DecodedObject = {};
  for (const [key, item] of Object.entries(value)) setKey(object, key, plain(item));
  return object;
}

function isObject<T>(value: T | { [key: string]: T }): value is { [key: string]: T } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function mismatch(value: unknown, { struct, fields }: Path, type: string): YamlError {
  const place = fields.length === 0 ? 'Go value' : `Go struct field ${struct}.${fields.join('.')}`;
  return unmarshalError(`json: cannot unmarshal ${kindOf(value)} into ${place} of type ${type}`);
}

function unmarshalError(problem: string): YamlError {
  return new YamlError('Unsupported', `error unmarshaling JSON: while decoding JSON: ${problem}`);
}

function kindOf(value: unknown): string {
  if (Array.isArray(value)) return 'array';
  if (typeof value === 'boolean') return 'bool';
  return typeof value === 'bigint' ? 'number' : typeof value;
}
