const NANOS: ReadonlyMap<string, bigint> = new Map([
  ['ns', 1n],
  ['us', 1_000n],
  ['µs', 1_000n],
  ['μs', 1_000n],
  ['ms', 1_000_000n],
  ['s', 1_000_000_000n],
  ['m', 60_000_000_000n],
  ['h', 3_600_000_000_000n],
]);

/** Nanoseconds in a second. */
export const SECOND = 1_000_000_000n;

/** A number and what follows it up to the next one. */
const TERM = /(?=.)(\d*)(?:\.(\d*))?([^.\d]*)/gs;
const MAX = 2n ** 63n - 1n;

type Quote = (text: string) => string;

/** `time.ParseDuration`: the nanoseconds of a text such as `1h30m`, or undefined where Go returns an error. */
export function parseDuration(text: string): bigint | undefined {
  const read = readDuration(text, String);
  return typeof read === 'bigint' ? read : undefined;
}

/** `time.ParseDuration`: the nanoseconds, or the words of Go's error, which quote the text. */
export function readDuration(text: string, quote: Quote): bigint | string {
  const failed = (problem: string): string => `time: ${problem} ${quote(text)}`;
  const isNegative = text.startsWith('-');
  const limit = isNegative ? MAX + 1n : MAX;
  const body = text.replace(/^[-+]/, '');
  if (body === '0') return 0n;
  if (body === '') return failed(INVALID);
  let nanos = 0n;
  for (const term of body.matchAll(TERM)) {
    const read = termNanos(term, quote);
    if (typeof read === 'string') return failed(read);
    nanos += read;
    if (nanos > limit) return failed(INVALID);
  }
  return isNegative ? -nanos : nanos;
}

const INVALID = 'invalid duration';

/** The nanoseconds of a term, or what is wrong with it. */
function termNanos([, whole = '', fraction = '', unit = '']: RegExpMatchArray, quote: Quote): bigint | string {
  const units = BigInt(whole);
  if (whole + fraction === '' || units > MAX + 1n) return INVALID;
  if (unit === '') return 'missing unit in duration';
  const size = NANOS.get(unit);
  if (size === undefined) return `unknown unit ${quote(unit)} in duration`;
  return units * size + (BigInt(fraction) * size) / 10n ** BigInt(fraction.length);
}

/** `Duration.Hours` and the like: how many times a unit goes into nanoseconds, added up from whole units and the rest, as in Go. */
export function unitsIn(nanos: bigint, unit: bigint): number {
  return Number(nanos / unit) + Number(nanos % unit) / Number(unit);
}

/** `Duration.Truncate`: nanoseconds towards zero to a multiple; one that is not above zero leaves them as they are. */
export function truncateDuration(nanos: bigint, multiple: bigint): bigint {
  return multiple <= 0n ? nanos : nanos - (nanos % multiple);
}

/** `Duration.Round`: nanoseconds to the nearest multiple, halves away from zero, and within 64 bits. */
export function roundDuration(nanos: bigint, multiple: bigint): bigint {
  if (multiple <= 0n) return nanos;
  const size = nanos < 0n ? -nanos : nanos;
  const below = size - (size % multiple);
  const nearest = (size - below) * 2n < multiple ? below : below + multiple;
  if (nearest > MAX) return nanos < 0n ? -MAX - 1n : MAX;
  return nanos < 0n ? -nearest : nearest;
}

/** `Duration.String` of nanoseconds, such as `1h30m0s`. */
export function formatDuration(nanos: bigint): string {
  if (nanos === 0n) return '0s';
  const sign = nanos < 0n ? '-' : '';
  const size = nanos < 0n ? -nanos : nanos;
  if (size < SECOND) return sign + subSecond(size);
  const hours = size / (3600n * SECOND);
  const minutes = (size / (60n * SECOND)) % 60n;
  const seconds = withFraction(size % (60n * SECOND), SECOND);
  if (hours > 0n) return `${sign}${hours}h${minutes}m${seconds}s`;
  return minutes > 0n ? `${sign}${minutes}m${seconds}s` : `${sign}${seconds}s`;
}

function subSecond(size: bigint): string {
  if (size < 1_000n) return `${size}ns`;
  return size < 1_000_000n ? `${withFraction(size, 1_000n)}µs` : `${withFraction(size, 1_000_000n)}ms`;
}

function withFraction(size: bigint, unit: bigint): string {
  const digits = String(unit).length - 1;
  const fraction = String(size % unit)
    .padStart(digits, '0')
    .replace(/0+$/, '');
  return fraction === '' ? String(size / unit) : `${size / unit}.${fraction}`;
}
