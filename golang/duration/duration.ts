const NANOS: Readonly<Record<string, bigint>> = {
  ns: 1n,
  us: 1_000n,
  µs: 1_000n,
  μs: 1_000n,
  ms: 1_000_000n,
  s: 1_000_000_000n,
  m: 60_000_000_000n,
  h: 3_600_000_000_000n,
};

/** Nanoseconds in a second. */
export const SECOND = 1_000_000_000n;

const TERM = /(\d*)(?:\.(\d*))?(ns|us|µs|μs|ms|s|m|h)/g;
const MAX = 2n ** 63n - 1n;

/** `time.ParseDuration`: the nanoseconds of a text such as `1h30m`, or undefined where Go returns an error. */
export function parseDuration(text: string): bigint | undefined {
  const body = text.replace(/^[-+]/, '');
  if (body === '0') return 0n;
  if (!/^(?:(?:\d+\.?\d*|\.\d+)(?:ns|us|µs|μs|ms|s|m|h))+$/.test(body)) return undefined;
  const terms = Array.from(body.matchAll(TERM), termNanos);
  const nanos = terms.reduce((sum, term) => sum + term, 0n);
  if (nanos > MAX) return undefined;
  return text.startsWith('-') ? -nanos : nanos;
}

function termNanos([, whole = '', fraction = '', unit = '']: RegExpMatchArray): bigint {
  const size = NANOS[unit] ?? 0n;
  return BigInt(whole || '0') * size + (BigInt(fraction || '0') * size) / 10n ** BigInt(fraction.length);
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
