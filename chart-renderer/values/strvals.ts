import type { Json, JsonObject } from '../../golang/json/index.ts';
import { ChartError } from '../errors.ts';
import { setPath } from './set-path.ts';

/** How the right side of an assignment is read: with Helm's guesses at its type, as text, or as JSON. */
export type AssignmentKind = 'typed' | 'text' | 'json';

/**
 * A copy of the values with the assignments of one `--set`, `--set-string` or `--set-json` made: `a.b=1,c={x,y}`. Throws
 * `invalid-values` where the text does not parse.
 */
export function setValues(values: JsonObject, assignments: string, kind: AssignmentKind = 'typed'): JsonObject {
  let result = values;
  for (const { path, value } of parseAssignments(assignments, kind)) result = setPath(result, path, value);
  return result;
}

interface Assignment {
  readonly path: string;
  readonly value: Json;
}

function parseAssignments(text: string, kind: AssignmentKind): Assignment[] {
  const assignments: Assignment[] = [];
  let at = 0;
  while (at < text.length) {
    const equals = findPlain(text, '=,', at);
    if (text[equals] !== '=') throw invalid(text, `key ${JSON.stringify(text.slice(at, equals))} has no value`);
    const path = text.slice(at, equals);
    if (kind === 'json') {
      // One JSON value to an argument: otherwise the commas in it would be read as Helm's.
      assignments.push({ path, value: parseJson(text.slice(equals + 1), text) });
      break;
    }
    const isList = text[equals + 1] === '{';
    const end = isList ? findPlain(text, '}', equals + 2) : findPlain(text, ',', equals + 1);
    if (isList && text[end] !== '}') throw invalid(text, "list must terminate with '}'");
    assignments.push({
      path,
      value: isList ? listValue(text.slice(equals + 2, end), kind) : scalarValue(text.slice(equals + 1, end), kind),
    });
    at = end + 1;
    if (isList && text[at] === ',') at += 1;
  }
  return assignments;
}

/** The place of the first of the characters that is not escaped, or the text's length. */
function findPlain(text: string, chars: string, from: number): number {
  let at = from;
  while (at < text.length && !chars.includes(text[at] ?? '')) at += text[at] === '\\' ? 2 : 1;
  return Math.min(at, text.length);
}

function listValue(text: string, kind: AssignmentKind): Json[] {
  const items: Json[] = [];
  for (let at = 0; at <= text.length;) {
    const end = findPlain(text, ',', at);
    items.push(scalarValue(text.slice(at, end), kind));
    at = end + 1;
  }
  return items;
}

function scalarValue(raw: string, kind: AssignmentKind): Json {
  const text = raw.replace(/\\(.)/gsu, '$1');
  if (kind === 'text') return text;
  switch (text.toLowerCase()) {
    case 'true':
      return true;
    case 'false':
      return false;
    case 'null':
      return null;
    default:
      return isWholeNumber(text) ? Number(text) : text;
  }
}

/** What Helm reads as an int64: no leading zero, and exact as a number here. */
function isWholeNumber(text: string): boolean {
  return /^(0|[+-]?[1-9]\d*)$/.test(text) && Number.isSafeInteger(Number(text));
}

function parseJson(json: string, text: string): Json {
  if (json.trim() === '') return null;
  try {
    return JSON.parse(json) as Json;
  } catch (error) {
    throw invalid(text, error instanceof Error ? error.message : 'it is not JSON');
  }
}

function invalid(text: string, why: string): ChartError {
  return new ChartError('InvalidValues', `cannot set ${JSON.stringify(text.slice(0, 200))}: ${why}`);
}
