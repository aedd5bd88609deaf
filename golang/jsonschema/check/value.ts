import type { Json } from '../../json/index.ts';
import { FORMATS } from './formats.ts';
import { displayValue, isEqual, typeOf } from '../json-values.ts';
import type { Schema } from '../schema.ts';

const TYPES = ['null', 'boolean', 'number', 'integer', 'string', 'array', 'object'];

/** What the keywords say of a value after which nothing else is looked at where they fail; undefined where they hold. */
export function valueProblem(schema: Schema, value: Json): string | undefined {
  return typeProblem(schema, value) ?? choiceProblem(schema, value) ?? formatProblem(schema, value);
}

function typeProblem(schema: Schema, value: Json): string | undefined {
  const declared = schema.keyword('type');
  if (declared === undefined) return undefined;
  const type = typeOf(value);
  if (declared === type) return undefined;
  const names = [declared].flat();
  const wanted = TYPES.filter((name) => names.includes(name));
  if (wanted.length === 0 || wanted.includes(type) || (wanted.includes('integer') && Number.isInteger(value)))
    return undefined;
  return `got ${type}, want ${wanted.join(' or ')}`;
}

function choiceProblem(schema: Schema, value: Json): string | undefined {
  const only = schema.draft < 6 ? undefined : schema.keyword('const');
  if (only !== undefined && !isEqual(only, value)) return choiceText('const', [only]);
  const choices = schema.keyword('enum');
  if (!Array.isArray(choices) || choices.some((choice) => isEqual(choice, value))) return undefined;
  return choiceText('enum', choices);
}

function choiceText(keyword: string, wanted: readonly Json[]): string {
  if (wanted.some((item) => typeof item === 'object' && item !== null)) return `'${keyword}' failed`;
  return `value must be ${wanted.length === 1 ? '' : 'one of '}${wanted.map(displayValue).join(', ')}`;
}

function formatProblem(schema: Schema, value: Json): string | undefined {
  const format = schema.resource.assertsFormats ? schema.text('format') : undefined;
  const why = format === undefined || typeof value !== 'string' ? undefined : FORMATS.get(format)?.(value);
  return why === undefined ? undefined : `${displayValue(value)} is not valid ${format}: ${why}`;
}
