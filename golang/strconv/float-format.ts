/** The digits of a finite, positive number: 0.d1d2d3... times ten to the power of `point`. */
interface Decimal {
  readonly digits: string;
  readonly point: number;
}

/** Writes a finite, positive number. */
type FloatWriter = (value: number, precision: number | undefined, format: string) => string;

const WRITERS: Readonly<Record<string, FloatWriter>> = {
  f: fixed,
  e: scientific,
  E: scientific,
  g: general,
  G: general,
  x: hexadecimal,
  X: hexadecimal,
  b: binary,
};

/**
 * A number as Go's `strconv.FormatFloat` writes it; `precision` undefined means as many digits as are needed to read the same
 * number back. Formats are b, e, E, f, g, G, x and X.
 */
export function formatFloat(value: number, format: string, precision: number | undefined): string {
  if (Number.isNaN(value)) return 'NaN';
  const negative = value < 0 || Object.is(value, -0);
  if (!Number.isFinite(value)) return negative ? '-Inf' : '+Inf';
  const write = WRITERS[format] ?? general;
  return (negative ? '-' : '') + write(Math.abs(value), precision, format);
}

/** A number as `fmt.Print` writes it. */
export function printFloat(value: number): string {
  if (Number.isInteger(value) && Math.abs(value) < 1_000_000 && !Object.is(value, -0)) return String(value);
  return formatFloat(value, 'g', undefined);
}

/** The shortest digits, or that many significant ones, rounded half to even. */
function decimalOf(value: number, significant: number | undefined): Decimal {
  if (value === 0) return { digits: '0', point: 1 };
  const [mantissa = '', exponent = '0'] = value.toExponential().split('e');
  const point = Number(exponent) + 1;
  if (significant === undefined) return { digits: mantissa.replace('.', ''), point };
  const digits = String(scaled(value, significant - point));
  if (digits.length <= significant) return { digits: digits.padStart(significant, '0'), point };
  return { digits: digits.slice(0, significant), point: point + 1 };
}

const FLOAT_BITS = new DataView(new ArrayBuffer(8));

function bitsOf(value: number): { readonly mantissa: bigint; readonly exponent: number } {
  FLOAT_BITS.setFloat64(0, value);
  const bits = FLOAT_BITS.getBigUint64(0);
  const biased = Number((bits >> 52n) & 0x7ffn);
  const fraction = bits & 0xfffffffffffffn;
  return biased === 0
    ? { mantissa: fraction, exponent: -1074 }
    : { mantissa: fraction | 0x10000000000000n, exponent: biased - 1075 };
}

/** The value times ten to the power of `power`, rounded half to even, exactly. */
function scaled(value: number, power: number): bigint {
  const { mantissa, exponent } = bitsOf(value);
  const numerator = mantissa * 10n ** BigInt(Math.max(power, 0)) * 2n ** BigInt(Math.max(exponent, 0));
  const denominator = 10n ** BigInt(Math.max(-power, 0)) * 2n ** BigInt(Math.max(-exponent, 0));
  return divideHalfEven(numerator, denominator);
}

function divideHalfEven(numerator: bigint, denominator: bigint): bigint {
  const quotient = numerator / denominator;
  const twice = (numerator % denominator) * 2n;
  const up = twice > denominator || (twice === denominator && quotient % 2n === 1n);
  return up ? quotient + 1n : quotient;
}

function fixed(value: number, precision: number | undefined): string {
  if (precision === undefined) return positional(decimalOf(value, undefined));
  const digits = String(scaled(value, precision)).padStart(precision + 1, '0');
  return precision === 0 ? digits : `${digits.slice(0, -precision)}.${digits.slice(-precision)}`;
}

function positional({ digits, point }: Decimal): string {
  const whole = point > 0 ? digits.slice(0, point).padEnd(point, '0') : '0';
  const rest = point > 0 ? digits.slice(point) : '0'.repeat(-point) + digits;
  return rest === '' ? whole : `${whole}.${rest}`;
}

function exponential({ digits, point }: Decimal, precision: number | undefined, format: string): string {
  const fraction = digits.slice(1).padEnd(precision ?? 0, '0');
  return `${digits[0]}${fraction === '' ? '' : `.${fraction}`}${format}${power(point - 1)}`;
}

/** An exponent with its sign and at least two digits. */
function power(exponent: number): string {
  return (exponent < 0 ? '-' : '+') + String(Math.abs(exponent)).padStart(2, '0');
}

function scientific(value: number, precision: number | undefined, format: string): string {
  return exponential(decimalOf(value, precision === undefined ? undefined : precision + 1), precision, format);
}

function general(value: number, precision: number | undefined, format: string): string {
  const decimal = generalDecimal(value, precision === 0 ? 1 : precision);
  const { digits, point } = decimal;
  const wanted = precision === 0 ? 1 : (precision ?? 6);
  const threshold =
    precision !== undefined && wanted > digits.length && digits.length >= point ? digits.length : wanted;
  const usesExponent = point - 1 < -4 || point - 1 >= threshold;
  return usesExponent ? exponential(decimal, undefined, format === 'G' ? 'E' : 'e') : positional(decimal);
}

function generalDecimal(value: number, significant: number | undefined): Decimal {
  const { digits, point } = decimalOf(value, significant);
  return { digits: digits.replace(/(?<=.)0+$/, ''), point };
}

function binary(value: number): string {
  const { mantissa, exponent } = bitsOf(value);
  return `${mantissa}p${exponent < 0 ? '' : '+'}${exponent}`;
}

function hexadecimal(value: number, precision: number | undefined, format: string): string {
  const { mantissa, exponent } = hexBits(value, precision ?? 13);
  const fraction = (mantissa & (HEX_UNIT - 1n)).toString(16).padStart(13, '0');
  const shown =
    precision === undefined ? fraction.replace(/0+$/, '') : fraction.padEnd(precision, '0').slice(0, precision);
  const text = `0x${mantissa / HEX_UNIT}${shown === '' ? '' : `.${shown}`}p${power(exponent)}`;
  return format === 'X' ? text.toUpperCase() : text;
}

const HEX_UNIT = 2n ** 52n;

/** The number as 1.fraction in units of `HEX_UNIT`, rounded to so many hexadecimal digits of the fraction. */
function hexBits(value: number, precision: number): { readonly mantissa: bigint; readonly exponent: number } {
  const bits = bitsOf(value);
  if (bits.mantissa === 0n) return { mantissa: 0n, exponent: 0 };
  const shift = 53 - bits.mantissa.toString(2).length;
  const unit = 16n ** BigInt(Math.max(13 - precision, 0));
  const mantissa = divideHalfEven(bits.mantissa << BigInt(shift), unit) * unit;
  const exponent = bits.exponent + 52 - shift;
  return mantissa < HEX_UNIT * 2n ? { mantissa, exponent } : { mantissa: mantissa / 2n, exponent: exponent + 1 };
}
