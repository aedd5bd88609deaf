import type { Value } from '../reflect/index.ts';
import { formatValue } from './format-value.ts';

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

/** `fmt.Sprintln`: a space goes between all values, a line end after them. */
export function sprintln(values: readonly Value[]): string {
  return `${values.map(printAny).join(' ')}\n`;
}
