import { parse, TomlDate, TomlError } from 'smol-toml';
import { GoInt, type Value, withGoType } from '../go-template/index.ts';

/** Reads TOML into template values: integers are int64, dates their text in RFC 3339. Throws an `Error` that names the line. */
export function readToml(text: string): Value {
  try {
    return valueOf(parse(text, { integersAsBigInt: true, maxDepth: 1000 }));
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    throw new Error(`toml: line ${error.line} (column ${error.column}): ${firstLine(error.message)}`, { cause: error });
  }
}

function firstLine(message: string): string {
  return (message.split('\n', 1)[0] ?? '').replace(/^Invalid TOML document: /, '');
}

function valueOf(data: unknown): Value {
  if (typeof data === 'bigint') return new GoInt('int64', data);
  if (Array.isArray(data)) return listOf(data);
  if (data instanceof TomlDate) return dateText(data);
  if (typeof data !== 'object' || data === null) return data as Value;
  return new Map(Object.entries(data).map(([key, value]) => [key, valueOf(value)]));
}

function listOf(items: readonly unknown[]): Value {
  const values = items.map(valueOf);
  const tables = values.length > 0 && values.every((value) => value instanceof Map);
  return tables ? withGoType(values, '[]map[string]interface {}') : values;
}

/** As Go's encoding/json writes the time.Time that a date becomes. */
function dateText(date: TomlDate): string {
  const text = date
    .toISOString()
    .replace(/\.(\d*?)0+(?=\D|$)/, (_all, kept: string) => (kept === '' ? '' : `.${kept}`));
  if (date.isTime()) return `0000-01-01T${text}Z`;
  if (date.isDate()) return `${text}T00:00:00Z`;
  return date.isLocal() ? `${text}Z` : text;
}
