/** A decimal number, exact: `units` times ten to the power of `exponent`. */
export interface Decimal {
  readonly units: bigint;
  readonly exponent: number;
}

const DIVISION_DIGITS = 16;

/** The shortest decimal that reads back as the number, as shopspring/decimal's NewFromFloat; throws for NaN and infinities. */
export function decimalOf(value: number): Decimal {
  if (!Number.isFinite(value)) throw new Error(`Cannot create a Decimal from ${goName(value)}`);
  const [mantissa = '0', power = '0'] = value.toExponential().split('e');
  const fraction = mantissa.split('.')[1] ?? '';
  return { units: BigInt(mantissa.replace('.', '')), exponent: Number(power) - fraction.length };
}

function goName(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  return value > 0 ? '+Inf' : '-Inf';
}

/** The float64 nearest to the decimal. */
export function floatOf({ units, exponent }: Decimal): number {
  return Number(`${units}e${exponent}`);
}

export function addDecimals(a: Decimal, b: Decimal): Decimal {
  const exponent = Math.min(a.exponent, b.exponent);
  return { units: unitsAt(a, exponent) + unitsAt(b, exponent), exponent };
}

export function subtractDecimals(a: Decimal, b: Decimal): Decimal {
  return addDecimals(a, { units: -b.units, exponent: b.exponent });
}

export function multiplyDecimals(a: Decimal, b: Decimal): Decimal {
  return { units: a.units * b.units, exponent: a.exponent + b.exponent };
}

/** The quotient to 16 decimal places, rounded half away from zero. Throws for a divisor of 0. */
export function divideDecimals(a: Decimal, b: Decimal): Decimal {
  if (b.units === 0n) throw new Error('decimal division by 0');
  const shift = DIVISION_DIGITS + a.exponent - b.exponent;
  const numerator = a.units * tenTo(Math.max(shift, 0));
  const denominator = b.units * tenTo(Math.max(-shift, 0));
  const quotient = numerator / denominator;
  const twice = magnitude((numerator % denominator) * 2n);
  const away = numerator < 0n === denominator < 0n ? 1n : -1n;
  return { units: twice >= magnitude(denominator) ? quotient + away : quotient, exponent: -DIVISION_DIGITS };
}

function unitsAt({ units, exponent }: Decimal, wanted: number): bigint {
  return units * tenTo(exponent - wanted);
}

function tenTo(power: number): bigint {
  return 10n ** BigInt(power);
}

function magnitude(value: bigint): bigint {
  return value < 0n ? -value : value;
}
