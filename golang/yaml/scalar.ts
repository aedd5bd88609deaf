/** What a plain scalar stands for. */
export type Scalar = null | boolean | number | string;

const NAMED: ReadonlyMap<string, Scalar> = new Map<string, Scalar>([
  ...['y', 'Y', 'yes', 'Yes', 'YES', 'true', 'True', 'TRUE', 'on', 'On', 'ON'].map((word) => [word, true] as const),
  ...['n', 'N', 'no', 'No', 'NO', 'false', 'False', 'FALSE', 'off', 'Off', 'OFF'].map((word) => [word, false] as const),
  ...['', '~', 'null', 'Null', 'NULL'].map((word) => [word, null] as const),
  ...['.nan', '.NaN', '.NAN'].map((word) => [word, NaN] as const),
  ...['.inf', '.Inf', '.INF', '+.inf', '+.Inf', '+.INF'].map((word) => [word, Infinity] as const),
  ...['-.inf', '-.Inf', '-.INF'].map((word) => [word, -Infinity] as const),
]);

const MAX_NAMED_CHARS = 5;
const INTEGER = /^[-+]?(?:0[xX][0-9a-fA-F]+|0[bB][01]+|0[oO]?[0-7]+|0|[1-9][0-9]*)$/;
const FLOAT = /^[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?$/;
const POINT_FLOAT = /^\.[0-9]+(?:_[0-9]+)*(?:[eE][-+]?[0-9]+(?:_[0-9]+)*)?$/;
const SAFE_DECIMAL = /^-?(?:0|[1-9][0-9]{0,14})$/;
const MIN_INT64 = -(2n ** 63n);
const MAX_INT64 = 2n ** 63n - 1n;
const MAX_UINT64 = 2n ** 64n - 1n;

/** The value of a plain scalar as go-yaml v2 resolves it; dates are text. */
export function resolveScalar(text: string): Scalar {
  const named = text.length <= MAX_NAMED_CHARS ? NAMED.get(text) : undefined;
  if (named !== undefined) return named;
  const first = text.charCodeAt(0);
  // Only a digit, a sign or a point can begin a number.
  if (first > 57 || first < 43) return text;
  if (first === 46) return POINT_FLOAT.test(text) ? finiteOr(Number(text.replaceAll('_', '')), text) : text;
  return first === 44 || first === 47 ? text : numberOr(text);
}

function numberOr(text: string): number | string {
  if (SAFE_DECIMAL.test(text)) return Number(text);
  const integer = integerIn(text);
  if (integer !== undefined) return Number(integer);
  const plain = text.replaceAll('_', '');
  return FLOAT.test(plain) ? finiteOr(Number(plain), text) : text;
}

function finiteOr(value: number, text: string): number | string {
  return Number.isFinite(value) ? value : text;
}

/** The integer of 64 bits, signed or not, that the text is in Go's syntax (0x, 0b, 0o or 0 before it, _ anywhere), or undefined. */
export function integerIn(text: string): bigint | undefined {
  const plain = text.replaceAll('_', '');
  if (!INTEGER.test(plain)) return undefined;
  const negative = plain.startsWith('-');
  const signed = negative || plain.startsWith('+');
  const digits = signed ? plain.slice(1) : plain;
  const magnitude = BigInt(/^0[0-7]/.test(digits) ? `0o${digits.slice(1)}` : digits.toLowerCase());
  const value = negative ? -magnitude : magnitude;
  return value >= MIN_INT64 && value <= (signed ? MAX_INT64 : MAX_UINT64) ? value : undefined;
}

const DATE = /^([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})/;
const CLOCK = /^[Tt ]([0-9]{1,2}):([0-9]{1,2}):([0-9]{1,2})(?:[.,][0-9]+)?/;
const OFFSET = /^(?:Z|[-+]([0-9]{2}):([0-9]{2}))$/;

/** Whether go-yaml takes the plain scalar for a timestamp, and so quotes the string when it writes it. */
export function isTimestamp(text: string): boolean {
  const date = DATE.exec(text);
  if (date === null || !inCalendar(date)) return false;
  const rest = text.slice(date[0].length);
  if (rest === '') return true;
  const clock = CLOCK.exec(rest);
  if (clock === null || !isBelow(clock, [24, 60, 60])) return false;
  const zone = rest.slice(clock[0].length);
  if (rest.startsWith(' ')) return zone === '';
  const offset = OFFSET.exec(zone);
  return offset !== null && isBelow(offset, [25, 61]);
}

function inCalendar([, year, month, day]: RegExpExecArray): boolean {
  const lastDay = new Date(Date.UTC(Number(year) || 2000, Number(month), 0)).getUTCDate();
  return Number(month) >= 1 && Number(month) <= 12 && Number(day) >= 1 && Number(day) <= lastDay;
}

function isBelow(match: RegExpExecArray, bounds: readonly number[]): boolean {
  return bounds.every((bound, i) => Number(match[i + 1] ?? 0) < bound);
}

const BASE_60 = /^[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?$/;
const NEVER_AMBIGUOUS = /^[A-EG-MP-SU-XZa-eg-mp-su-xz_/]/;

/** Whether a string can be written without quotes and still be read as that string, its punctuation apart. */
export function isUnambiguous(text: string): boolean {
  if (NEVER_AMBIGUOUS.test(text)) return true;
  return typeof resolveScalar(text) === 'string' && !BASE_60.test(text) && !isTimestamp(text);
}
