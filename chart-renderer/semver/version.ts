/** A version as Masterminds/semver reads it; minor and patch are 0 where the text left them out. */
export interface Version {
  readonly major: bigint;
  readonly minor: bigint;
  readonly patch: bigint;
  /** Without the leading dash; empty for a release. */
  readonly prerelease: string;
  /** Without the leading plus. */
  readonly metadata: string;
  /** The text as it was given. */
  readonly original: string;
}

const MAX_LENGTH = 256;
const MAX_SEGMENT = 2n ** 64n - 1n;
const IDENTIFIERS = '[0-9A-Za-z-]+(?:\\.[0-9A-Za-z-]+)*';
const LOOSE = new RegExp(`^v?(\\d+)(?:\\.(\\d+))?(?:\\.(\\d+))?(?:-(${IDENTIFIERS}))?(?:\\+(${IDENTIFIERS}))?$`);

/** Reads a version as Masterminds' NewVersion does: a leading `v` and missing segments are accepted. Throws an `Error` in its words. */
export function parseVersion(text: string): Version {
  if (text.length > MAX_LENGTH) throw new Error(`version string is too long (max ${MAX_LENGTH} bytes)`);
  const [, major, minor = '0', patch = '0', prerelease = '', metadata = ''] = LOOSE.exec(text) ?? [];
  if (major === undefined) throw new Error('invalid semantic version');
  if (prerelease.split('.').some((part) => /^0\d+$/.test(part))) throw new Error('version segment starts with 0');
  return { major: segment(major), minor: segment(minor), patch: segment(patch), prerelease, metadata, original: text };
}

/** Whether `parseVersion` accepts the text. */
export function isValidVersion(text: string): boolean {
  try {
    parseVersion(text);
    return true;
  } catch {
    return false;
  }
}

/** The version in its full form, such as `1.2.0-rc.1+build`. */
export function formatVersion({ major, minor, patch, prerelease, metadata }: Version): string {
  const suffix = (prerelease === '' ? '' : `-${prerelease}`) + (metadata === '' ? '' : `+${metadata}`);
  return `${major}.${minor}.${patch}${suffix}`;
}

/** Negative, zero or positive as `a` is older than, equal to or newer than `b`; metadata does not count. */
export function compareVersions(a: Version, b: Version): number {
  const bySegment = compare(a.major, b.major) || compare(a.minor, b.minor) || compare(a.patch, b.patch);
  if (bySegment !== 0) return bySegment;
  if (a.prerelease === b.prerelease) return 0;
  if (a.prerelease === '') return 1;
  if (b.prerelease === '') return -1;
  return comparePrereleases(a.prerelease, b.prerelease);
}

/** The same for prerelease parts alone. */
export function comparePrereleases(a: string, b: string): number {
  const left = a.split('.');
  const right = b.split('.');
  for (let i = 0; i < Math.max(left.length, right.length); i++) {
    const order = comparePart(left[i] ?? '', right[i] ?? '');
    if (order !== 0) return order;
  }
  return 0;
}

function comparePart(a: string, b: string): number {
  if (a === b) return 0;
  if (a === '' || b === '') return a === '' ? -1 : 1;
  const numbers = [a, b].map((part) => /^\d+$/.test(part));
  if (numbers[0] && numbers[1]) return compare(BigInt(a), BigInt(b));
  if (numbers[0] !== numbers[1]) return numbers[0] ? -1 : 1;
  return a > b ? 1 : -1;
}

function compare(a: bigint, b: bigint): number {
  return a < b ? -1 : Number(a > b);
}

function segment(digits: string): bigint {
  const value = BigInt(digits);
  if (value > MAX_SEGMENT) {
    throw new Error(`error parsing version segment: strconv.ParseUint: parsing "${digits}": value out of range`);
  }
  return value;
}
