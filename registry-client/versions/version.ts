/** A parsed semantic version; `original` is the text it was parsed from. */
export type Version = {
  readonly original: string;
  /** Major, minor and patch as decimal digits, since they may exceed what a number holds exactly. */
  readonly core: readonly [string, string, string];
  readonly prerelease: string;
};

const MAX_LENGTH = 256;
const IDENTIFIERS = '[0-9A-Za-z-]+(?:\\.[0-9A-Za-z-]+)*';
const SUFFIX = `(?:-(${IDENTIFIERS}))?(?:\\+${IDENTIFIERS})?`;
const STRICT = new RegExp(`^(0|[1-9]\\d*)\\.(0|[1-9]\\d*)\\.(0|[1-9]\\d*)${SUFFIX}$`);
const LOOSE = new RegExp(`^v?(\\d+)(?:\\.(\\d+))?(?:\\.(\\d+))?${SUFFIX}$`);
const MAX_NUMBER = '18446744073709551615';

/** Parses a version exactly as semver.org's version 2 writes it; undefined where it is not one. */
export function parseStrictVersion(text: string): Version | undefined {
  return parse(text, STRICT);
}

/** Parses a version as Helm reads those in charts and indexes (`v1.2`, `1`); undefined where it is not one. */
export function parseVersion(text: string): Version | undefined {
  return parse(text, LOOSE);
}

/** Orders versions by precedence, lowest first; build metadata does not count. */
export function compareVersions(left: Version, right: Version): number {
  return compareCores(left.core, right.core) || comparePrereleases(left.prerelease, right.prerelease);
}

/** Orders strings of decimal digits by their value. */
export function compareNumbers(left: string, right: string): number {
  return left.length - right.length || compareText(left, right);
}

/** Orders prerelease suffixes as semver.org says: no suffix is the highest, numbers are below words. */
export function comparePrereleases(left: string, right: string): number {
  if (left === right) return 0;
  if (left === '' || right === '') return left === '' ? 1 : -1;
  const lefts = left.split('.');
  const rights = right.split('.');
  for (const [index, identifier] of lefts.entries()) {
    const other = rights[index];
    if (other === undefined) return 1;
    const order = compareIdentifiers(identifier, other);
    if (order !== 0) return order;
  }
  return lefts.length - rights.length;
}

function parse(text: string, pattern: RegExp): Version | undefined {
  const match = text.length <= MAX_LENGTH ? pattern.exec(text) : null;
  if (match === null) return undefined;
  const [, major = '0', minor = '0', patch = '0', prerelease = ''] = match;
  if (prerelease.split('.').some((identifier) => /^0\d+$/.test(identifier))) return undefined;
  const core = [withoutZeros(major), withoutZeros(minor), withoutZeros(patch)] as const;
  if (core.some((number) => compareNumbers(number, MAX_NUMBER) > 0)) return undefined;
  return { original: text, core, prerelease };
}

function compareCores(left: Version['core'], right: Version['core']): number {
  return compareNumbers(left[0], right[0]) || compareNumbers(left[1], right[1]) || compareNumbers(left[2], right[2]);
}

function compareIdentifiers(left: string, right: string): number {
  const leftIsNumber = /^\d+$/.test(left);
  const rightIsNumber = /^\d+$/.test(right);
  if (leftIsNumber && rightIsNumber) return compareNumbers(withoutZeros(left), withoutZeros(right));
  if (leftIsNumber !== rightIsNumber) return leftIsNumber ? -1 : 1;
  return compareText(left, right);
}

function compareText(left: string, right: string): number {
  return left === right ? 0 : left < right ? -1 : 1;
}

function withoutZeros(digits: string): string {
  return digits.replace(/^0+(?=\d)/, '');
}
