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
  const version = read(text);
  if (typeof version === 'string') throw new Error(version);
  return version;
}

/** As `parseVersion`, but undefined for what is not a version. */
export function asVersion(text: string): Version | undefined {
  const version = read(text);
  return typeof version === 'string' ? undefined : version;
}

/** Reads a version exactly as semver.org's version 2 writes it, which is its full form; undefined for what is not one. */
export function asStrictVersion(text: string): Version | undefined {
  const version = asVersion(text);
  return version !== undefined && formatVersion(version) === text ? version : undefined;
}

/** Whether `parseVersion` accepts the text. */
export function isValidVersion(text: string): boolean {
  return asVersion(text) !== undefined;
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

/** The version, or what Masterminds says is wrong with it. */
function read(text: string): Version | string {
  if (text.length > MAX_LENGTH) return `version string is too long (max ${MAX_LENGTH} bytes)`;
  const [, major, minor = '0', patch = '0', prerelease = '', metadata = ''] = LOOSE.exec(text) ?? [];
  if (major === undefined) return 'invalid semantic version';
  if (prerelease.split('.').some((part) => /^0\d+$/.test(part))) return 'version segment starts with 0';
  const tooLarge = [major, minor, patch].find((digits) => BigInt(digits) > MAX_SEGMENT);
  if (tooLarge !== undefined) {
    return `error parsing version segment: strconv.ParseUint: parsing "${tooLarge}": value out of range`;
  }
  return { major: BigInt(major), minor: BigInt(minor), patch: BigInt(patch), prerelease, metadata, original: text };
}
