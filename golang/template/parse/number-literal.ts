import { Complex } from '../../reflect/index.ts';
import { LiteralError, quote, unquoteChar } from '../../strconv/index.ts';

/** A numeric constant under each Go type that can hold it exactly; a constant has no type before it is used. */
export interface NumberLiteral {
  readonly int: bigint | undefined;
  readonly float: number | undefined;
  readonly complex?: Complex;
  /** What it is where nothing asks for a type. */
  readonly natural: 'int' | 'float64' | 'complex128' | 'overflow';
}

const MIN_INT = -(2n ** 63n);
const MAX_INT = 2n ** 63n - 1n;
const MAX_UINT = 2n ** 64n - 1n;

const HEX = '0[xX]_?[0-9a-fA-F]+(?:_[0-9a-fA-F]+)*';
const OCTAL = '0[oO]_?[0-7]+(?:_[0-7]+)*|0(?:_?[0-7])*';
const BINARY = '0[bB]_?[01]+(?:_[01]+)*';
const INTEGER = new RegExp(`^([+-]?)(${HEX}|${BINARY}|${OCTAL}|[1-9][0-9]*(?:_[0-9]+)*)$`);
const DECIMAL_FLOAT = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?$/;
const HEX_FLOAT = /^([+-]?)0[xX]([0-9a-fA-F]*)(?:\.([0-9a-fA-F]*))?[pP]([+-]?\d+)$/;
const MISPLACED_UNDERSCORE = /(?<![0-9])_|_(?![0-9])/;
const MISPLACED_HEX_UNDERSCORE = /(?<![0-9a-fA-FxX])_|_(?![0-9a-fA-F])/;

/** The constant a character literal stands for; throws `LiteralError` where it is malformed. */
export function charLiteral(text: string): NumberLiteral {
  const { rune, complete } = unquoteChar(text);
  if (!complete) throw new LiteralError(`malformed character constant: ${text}`);
  return { int: BigInt(rune), float: rune, natural: 'int' };
}

const SMALL = /^(?:0|[1-9][0-9]{0,14})$/;

/** The constant a number such as `0x1F`, `1_000`, `.5e3` or `2i` stands for; throws `LiteralError` where it is malformed. */
export function numberLiteral(text: string): NumberLiteral {
  if (SMALL.test(text)) return smallLiteral(Number(text));
  if (text.endsWith('i')) return complexLiteral(text);
  const integer = parseInteger(text);
  if (integer !== undefined && integer >= MIN_INT && integer <= MAX_UINT) {
    return integer <= MAX_INT
      ? { int: integer, float: Number(integer), natural: 'int' }
      : { int: undefined, float: Number(integer), natural: 'overflow' };
  }
  const float = parseFloatText(text);
  if (float === undefined) throw new LiteralError(`illegal number syntax: ${quote(text)}`);
  if (!/[.eEpP]/.test(text)) throw new LiteralError(`integer overflow: ${quote(text)}`);
  return { int: exactInt(float), float, natural: 'float64' };
}

function smallLiteral(value: number): NumberLiteral {
  return { int: BigInt(value), float: value, natural: 'int' };
}

function exactInt(float: number): bigint | undefined {
  const whole = Number.isInteger(float) ? BigInt(float) : undefined;
  return whole !== undefined && whole >= MIN_INT && whole <= MAX_INT ? whole : undefined;
}

/** A complex constant; without an imaginary part it can be of the other types too. */
function complexLiteral(text: string): NumberLiteral {
  const split = Math.max(text.lastIndexOf('+'), text.lastIndexOf('-'));
  const real = split > 0 ? parseFloatText(text.slice(0, split)) : 0;
  const imaginary = parseFloatText(text.slice(Math.max(split, 0), -1));
  if (real === undefined || imaginary === undefined) throw new LiteralError(`illegal number syntax: ${quote(text)}`);
  const float = imaginary === 0 ? real : undefined;
  const complex = new Complex(real, imaginary);
  return { int: float === undefined ? undefined : exactInt(float), float, complex, natural: 'complex128' };
}

function parseInteger(text: string): bigint | undefined {
  const match = INTEGER.exec(text);
  if (match === null) return undefined;
  const digits = (match[2] ?? '').replaceAll('_', '').replace(/^0(?=[0-7])/, '0o');
  return match[1] === '-' ? -BigInt(digits) : BigInt(digits);
}

function parseFloatText(text: string): number | undefined {
  const misplaced = /^[+-]?0[xX]/.test(text) ? MISPLACED_HEX_UNDERSCORE : MISPLACED_UNDERSCORE;
  if (misplaced.test(text)) return undefined;
  const digits = text.replaceAll('_', '');
  const float = DECIMAL_FLOAT.test(digits) ? Number(digits) : parseHexFloat(digits);
  return float !== undefined && Number.isFinite(float) ? float : undefined;
}

function parseHexFloat(text: string): number | undefined {
  const match = HEX_FLOAT.exec(text);
  const [, sign, whole = '', fraction = '', exponent] = match ?? [];
  if (match === null || whole + fraction === '') return undefined;
  const mantissa = Number(BigInt(`0x${whole}${fraction}`)) * 2 ** (Number(exponent) - 4 * fraction.length);
  return sign === '-' ? -mantissa : mantissa;
}
