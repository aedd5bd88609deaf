import { formatValue } from '../../fmt/index.ts';
import { GoObject, isNil, type Value } from '../../reflect/index.ts';
import { printFloat } from '../../strconv/index.ts';

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
