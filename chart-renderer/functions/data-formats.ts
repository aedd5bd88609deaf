import { asNil, JsonRangeError, readJson, writeJson } from '../../golang/json/index.ts';
import type { GoMap, Value } from '../../golang/reflect/index.ts';
import { define, defineContextual } from '../../golang/template/index.ts';
import { readToml, writeToml } from '../../golang/toml/index.ts';
import { readYamlMaps, writeYaml, writeYamlPretty } from '../../golang/yaml/index.ts';
import type { FunctionEntries } from './entries.ts';
import { hostOf } from './host.ts';
import { NO_FILES } from './large-files.ts';

const YAML_TARGET = 'error unmarshaling JSON: while decoding JSON: ';

/** Helm swallows errors of writers. */
function orEmpty(write: (value: Value) => string): (value: Value) => string {
  return (value) => {
    try {
      return write(value);
    } catch (error) {
      if (error instanceof RangeError) throw error;
      return '';
    }
  };
}

function withoutLineEnd(text: string): string {
  return text.endsWith('\n') ? text.slice(0, -1) : text;
}

/** As sigs.k8s.io/yaml, which writes JSON first and says so where that fails. */
function yamlOrError(value: Value): string {
  try {
    return withoutLineEnd(writeYaml(value));
  } catch (error) {
    const message = messageOf(error);
    if (!message.startsWith('json: ')) throw error;
    throw new Error(`error marshaling into JSON: ${message}`, { cause: error });
  }
}

/** A mapping, or one that holds the error under `Error`, as Helm's readers return it. */
function mapOrError(read: () => Value, context: string): GoMap {
  try {
    return mapOf(read(), context);
  } catch (error) {
    if (!(error instanceof JsonRangeError)) return new Map([['Error', messageOf(error)]]);
    const { rest } = error;
    return rest instanceof Map ? new Map(rest).set('Error', error.message) : mapOf(rest, context);
  }
}

function mapOf(value: Value, context: string): GoMap {
  if (value instanceof Map) return value;
  return value === null ? new Map() : new Map([['Error', mismatch(value, 'map[string]interface {}', context)]]);
}

/** A list, or one of the error alone. */
function listOrError(read: () => Value, context: string): Value[] {
  try {
    return listOf(read(), context);
  } catch (error) {
    const isOtherwiseNone = error instanceof JsonRangeError && !Array.isArray(error.rest);
    return isOtherwiseNone ? listOf(error.rest, context) : [messageOf(error)];
  }
}

function listOf(value: Value, context: string): Value[] {
  if (Array.isArray(value)) return value;
  return value === null ? [] : [mismatch(value, '[]interface {}', context)];
}

function mismatch(value: Value, wanted: string, context: string): string {
  const found = Array.isArray(value) ? 'array' : value instanceof Map ? 'object' : scalarName(value);
  return `${context}json: cannot unmarshal ${found} into Go value of type ${wanted}`;
}

function scalarName(value: Value): string {
  return typeof value === 'boolean' ? 'bool' : typeof value;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function yamlOf(text: string): Value {
  try {
    return readYamlMaps(text);
  } catch (error) {
    const message = messageOf(error);
    throw new Error(`error converting YAML to JSON: ${message}`, { cause: error });
  }
}

const prettyJson = (value: Value): string => writeJson(value, { indent: '  ' });
const rawJson = (value: Value): string => writeJson(value, { raw: true });

/** Helm's and sprig's functions that read and write YAML, JSON and TOML. */
export const dataFormatFunctions: FunctionEntries = [
  [
    'toYaml',
    define(
      ['any'],
      orEmpty((value) => withoutLineEnd(writeYaml(value))),
    ),
  ],
  ['mustToYaml', define(['any'], yamlOrError)],
  [
    'toYamlPretty',
    define(
      ['any'],
      orEmpty((value) => withoutLineEnd(writeYamlPretty(value))),
    ),
  ],
  [
    'fromYaml',
    defineContextual(['string'], (context, text) =>
      mapOrError(() => (hostOf(context).largeFiles ?? NO_FILES).valueOf(text, yamlOf), YAML_TARGET),
    ),
  ],
  ['fromYamlArray', define(['string'], (text) => listOrError(() => yamlOf(text), YAML_TARGET))],
  [
    'toJson',
    define(
      ['any'],
      orEmpty((value) => writeJson(value)),
    ),
  ],
  ['toPrettyJson', define(['any'], orEmpty(prettyJson))],
  ['toRawJson', define(['any'], rawJson)],
  ['mustToJson', define(['any'], (value) => writeJson(value))],
  ['mustToPrettyJson', define(['any'], prettyJson)],
  ['mustToRawJson', define(['any'], rawJson)],
  ['fromJson', define(['string'], (text) => mapOrError(() => readJson(text) ?? asNil(new Map()), ''))],
  ['fromJsonArray', define(['string'], (text) => listOrError(() => readJson(text) ?? asNil([]), ''))],
  ['mustFromJson', define(['string'], readJson)],
  ['toToml', define(['any'], (value) => writeTomlOrMessage(value))],
  ['mustToToml', define(['any'], writeToml)],
  ['fromToml', define(['string'], (text) => mapOrError(() => readToml(text), ''))],
];

function writeTomlOrMessage(value: Value): string {
  try {
    return writeToml(value);
  } catch (error) {
    // BurntSushi/toml panics at nil, which Helm does not catch.
    if (error instanceof RangeError || value === null) throw error;
    return messageOf(error);
  }
}
