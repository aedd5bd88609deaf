import { isJsonObject, type Json } from '../json/index.ts';
import { printFloat } from '../strconv/index.ts';
import { quoted } from './problem.ts';

/** The name of a value's type, which for whole numbers is that of numbers. */
export function typeOf(value: Json): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'array' : typeof value;
}

export function isEqual(a: Json, b: Json): boolean {
  if (a === b) return true;
  if (Array.isArray(a)) {
    return Array.isArray(b) && a.length === b.length && a.every((item, i) => isEqual(item, b[i] ?? null));
  }
  if (!isJsonObject(a) || !isJsonObject(b)) return false;
  const names = Object.keys(a);
  if (names.length !== Object.keys(b).length) return false;
  return names.every((name) => Object.hasOwn(b, name) && isEqual(a[name] ?? null, b[name] ?? null));
}

/** A single value as messages show it. */
export function displayValue(value: Json): string {
  if (typeof value === 'string') return quoted(value);
  return value === null ? '<nil>' : JSON.stringify(value);
}

/** A number with commas between thousands, as messages show measures. */
export function withCommas(value: number): string {
  return value.toLocaleString('en', { maximumFractionDigits: 20 });
}

/** A number of the values as messages show it: with commas, or as a power of ten where Go's `%v` writes an exponent. */
export function displayNumber(value: number): string {
  const [mantissa, exponent] = printFloat(value).split('e');
  return exponent === undefined ? withCommas(value + 0) : `${mantissa}×10${superscript(exponent)}`;
}

function superscript(exponent: string): string {
  return exponent.replace(/./g, (char) => SUPERSCRIPT[char] ?? '⁰¹²³⁴⁵⁶⁷⁸⁹'.charAt(Number(char)));
}

const SUPERSCRIPT: Readonly<Record<string, string>> = { '+': '', '-': '⁻' };
