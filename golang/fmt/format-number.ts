import type { Complex } from '../reflect/index.ts';
import { formatFloat, isPrintable, printFloat, quoteRune } from '../strconv/index.ts';
import { type Flags, pad, PLAIN } from './format-flags.ts';

const INTEGER_BASES: Readonly<Record<string, number>> = { v: 10, d: 10, b: 2, o: 8, O: 8, x: 16, X: 16 };
const MAX_RUNE = 0x10ffffn;

/** What a verb makes of a float: the format and the precision it has by default. */
interface FloatVerb {
  readonly format: string;
  readonly precision: number | undefined;
}

const FLOAT_VERBS: Readonly<Record<string, FloatVerb>> = {
  v: { format: 'g', precision: undefined },
  g: { format: 'g', precision: undefined },
  G: { format: 'G', precision: undefined },
  b: { format: 'b', precision: undefined },
  x: { format: 'x', precision: undefined },
  X: { format: 'X', precision: undefined },
  e: { format: 'e', precision: 6 },
  E: { format: 'E', precision: 6 },
  f: { format: 'f', precision: 6 },
  F: { format: 'f', precision: 6 },
};

/** An integer under a verb, or undefined where the verb is not one for integers. */
export function formatInteger(value: bigint, verb: string, flags: Flags): string | undefined {
  const base = INTEGER_BASES[verb];
  if (base !== undefined) return formatDigits(value, base, verb, flags);
  if (verb === 'c') return pad(runeOf(value), flags);
  if (verb === 'q') return pad(quoteRune(runeOf(value), flags.plus ? 'ascii' : 'unicode'), flags);
  return verb === 'U' ? formatCodePoint(value, flags) : undefined;
}

function runeOf(value: bigint): string {
  const isSurrogate = value >= 0xd800n && value < 0xe000n;
  return value < 0n || value > MAX_RUNE || isSurrogate ? '\ufffd' : String.fromCodePoint(Number(value));
}

function formatCodePoint(value: bigint, flags: Flags): string {
  const code = BigInt.asUintN(64, value);
  const digits = code
    .toString(16)
    .toUpperCase()
    .padStart(Math.max(4, flags.precision ?? 4), '0');
  const shown = flags.sharp && code <= MAX_RUNE && isPrintable(runeOf(value)) ? ` '${runeOf(value)}'` : '';
  return pad(`U+${digits}${shown}`, flags, 'spaces');
}

function formatDigits(value: bigint, base: number, verb: string, flags: Flags): string {
  if (flags.precision === 0 && value === 0n) return ' '.repeat(flags.width ?? 0);
  const sign = signOf(value < 0n, flags);
  const digits = (value < 0n ? -value : value).toString(base).padStart(flags.precision ?? zerosWidth(sign, flags), '0');
  const text = sign + prefixed(digits, base, verb, flags.sharp);
  return pad(verb === 'X' ? text.toUpperCase() : text, flags, 'spaces');
}

/** How wide the digits must be where zeros fill the width. */
function zerosWidth(sign: string, flags: Flags): number {
  return flags.zero && !flags.minus ? (flags.width ?? 0) - sign.length : 0;
}

function signOf(negative: boolean, flags: Flags): string {
  if (negative) return '-';
  if (flags.plus) return '+';
  return flags.space ? ' ' : '';
}

const SHARP_PREFIXES: Readonly<Record<number, string>> = { 2: '0b', 16: '0x' };

function prefixed(digits: string, base: number, verb: string, sharp: boolean): string {
  const octal = sharp && base === 8 && !digits.startsWith('0') ? '0' : '';
  const prefix = sharp ? (SHARP_PREFIXES[base] ?? octal) : '';
  return `${verb === 'O' ? '0o' : ''}${prefix}${digits}`;
}

/** A float under a verb, or undefined where the verb is not one for floats. */
export function formatFloatValue(value: number, verb: string, flags: Flags): string | undefined {
  if (flags === PLAIN && verb === 'v') return printFloat(value);
  const known = FLOAT_VERBS[verb];
  if (known === undefined) return undefined;
  const precision = flags.precision ?? known.precision;
  const text = formatFloat(value, known.format, precision);
  if (!Number.isFinite(value)) return pad(infiniteText(text, flags), flags, 'spaces');
  const sign = signOf(text.startsWith('-'), flags);
  const digits = text.replace(/^-/, '');
  const shown = flags.sharp && verb !== 'b' ? withPoint(digits, known.format, precision) : digits;
  return sign === '' ? pad(shown, flags) : pad(sign + shown.padStart(zerosWidth(sign, flags), '0'), flags);
}

/** A complex number under a verb, or undefined where the verb is not one for floats. */
export function formatComplex({ real, imaginary }: Complex, verb: string, flags: Flags): string | undefined {
  const first = formatFloatValue(real, verb, flags);
  const second = formatFloatValue(imaginary, verb, { ...flags, plus: true });
  return first === undefined ? undefined : `(${first}${second ?? ''}i)`;
}

function infiniteText(text: string, flags: Flags): string {
  const sign = text.startsWith('-') ? '-' : signOf(false, flags);
  return sign + text.replace(/^[+-]/, '');
}

/** The `#` flag keeps the decimal point and, for g, the trailing zeros. */
function withPoint(text: string, format: string, precision: number | undefined): string {
  const at = text.search(format === 'x' || format === 'X' ? /[pP]/ : /[eE]|$/);
  const [number, tail] = [text.slice(0, at), text.slice(at)];
  const pointed = number.includes('.') ? number : `${number}.`;
  if (!'gGxX'.includes(format)) return pointed + tail;
  const significant = number.replace('.', '').replace(/^0+(?=.)/, '').length;
  return pointed + '0'.repeat(Math.max(0, (precision ?? 6) - significant)) + tail;
}
