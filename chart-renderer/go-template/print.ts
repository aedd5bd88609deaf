import { printFloat } from './float-format.ts';
import { formatValue } from './format-value.ts';
import { GoObject, isNil, type Value } from './values.ts';

/** The value as an action writes it to the output; nil is `<no value>`. */
export function printValue(value: Value): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number') return printFloat(value);
  if (isNil(value)) return '<no value>';
  return typeof value === 'object' ? printObject(value) : String(value);
}

/** Actions look through pointers. */
function printObject(value: Value): string {
  if (value instanceof GoObject && value.type.toTextInPlace !== undefined) return value.type.toTextInPlace(value);
  const text = formatValue(value, 'v');
  return value instanceof GoObject && text.startsWith('&{') && value.type.toText === undefined ? text.slice(1) : text;
}

/** The value as `fmt.Sprint` writes it on its own; nil is `<nil>`. */
export function printAny(value: Value): string {
  return typeof value === 'string' ? value : formatValue(value, 'v');
}

/** `fmt.Sprint`: a space goes between two values where neither is a string. */
export function sprint(values: readonly Value[]): string {
  let text = '';
  for (const [i, value] of values.entries()) {
    const spaced = i > 0 && typeof value !== 'string' && typeof values[i - 1] !== 'string';
    text += (spaced ? ' ' : '') + printAny(value);
  }
  return text;
}

/** `fmt.Sprintln`: a space goes between all values, a line end behind them. */
export function sprintln(values: readonly Value[]): string {
  return `${values.map(printAny).join(' ')}\n`;
}
