import { asVersion, comparePrereleases, compareVersions, type Version } from './version.ts';

/** A range as Masterminds/semver reads it: alternatives, each of comparisons that all must hold. */
export type VersionRange = readonly Alternative[];

interface Alternative {
  readonly comparisons: readonly Comparison[];
  /** Whether a comparison names a prerelease, which lets prereleases match. */
  readonly namesPrerelease: boolean;
}

/** Which segment of the version is the first that the range leaves open, if any. */
type Wildcard = 'none' | 'patch' | 'minor' | 'major';

interface Comparison {
  readonly operator: string;
  readonly version: Version;
  readonly wildcard: Wildcard;
}

const MAX_LENGTH = 512;
const MAX_ALTERNATIVES = 32;
const SEGMENT = '[0-9|xX*]+';
const IDENTIFIERS = '[0-9A-Za-z-]+(?:\\.[0-9A-Za-z-]+)*';
// Segments are nested: were they optional one by one, a patch could be read as a minor in a second way, and a range in 2^n.
const VERSION = `v?(${SEGMENT})(?:\\.(${SEGMENT})(?:\\.(${SEGMENT}))?)?(-${IDENTIFIERS})?(\\+${IDENTIFIERS})?`;
const UNCAPTURED = VERSION.replaceAll(/\((?!\?)/g, '(?:');
const OPERATOR = '=|!=|>=|=>|<=|=<|~>|>|<|~|\\^|';
const COMPARISON = new RegExp(`(${OPERATOR})\\s*${VERSION}`, 'g');
const VALID = new RegExp(
  `^\\s*(?:${OPERATOR})\\s*${UNCAPTURED}(?:(?:\\s*,\\s*|\\s+)(?:${OPERATOR})\\s*${UNCAPTURED})*\\s*$`,
);
const HYPHEN = new RegExp(`\\s*(${UNCAPTURED})\\s+-\\s+(${UNCAPTURED})\\s*`, 'g');

/** Reads a range such as `>=1.2, <2 || ^3.1`; throws an `Error` in the words of Masterminds' NewConstraint. */
export function parseRange(text: string): VersionRange {
  if (text.length > MAX_LENGTH) throw new Error(`constraint string is too long (max ${MAX_LENGTH} bytes)`);
  const alternatives = text.replace(HYPHEN, '>= $1, <= $2 ').split('||');
  if (alternatives.length > MAX_ALTERNATIVES) throw new Error(`too many constraint groups (max ${MAX_ALTERNATIVES})`);
  return alternatives.map(parseAlternative);
}

/** As `parseRange`, but undefined for what is not a range. */
export function asRange(text: string): VersionRange | undefined {
  try {
    return parseRange(text);
  } catch {
    return undefined;
  }
}

/** Whether the version is in the range. */
export function inRange(version: Version, range: VersionRange): boolean {
  return range.some(({ comparisons, namesPrerelease }) => {
    if (version.prerelease !== '' && !namesPrerelease) return false;
    return comparisons.every((comparison) => holds(version, comparison));
  });
}

/** Whether a version's text is in a range's; false where either does not parse, as Helm reads dependencies and kubeVersion. */
export function isCompatibleRange(range: string, version: string): boolean {
  const parsedVersion = asVersion(version);
  const parsedRange = asRange(range);
  return parsedVersion !== undefined && parsedRange !== undefined && inRange(parsedVersion, parsedRange);
}

function parseAlternative(text: string): Alternative {
  if (!VALID.test(text)) throw new Error(`improper constraint: ${JSON.stringify(text)}`);
  const comparisons = [...text.matchAll(COMPARISON)].map(parseComparison);
  return { comparisons, namesPrerelease: comparisons.some(({ version }) => version.prerelease !== '') };
}

function parseComparison(match: RegExpMatchArray): Comparison {
  const [, operator = '', major = '', minor, patch, prerelease = ''] = match;
  const wildcard = wildcardOf(major, minor, patch);
  const open: Record<Wildcard, string> = {
    major: `0.0.0${prerelease}`,
    minor: `${major}.0.0${prerelease}`,
    patch: `${major}.${minor}.0${prerelease}`,
    none: match[0].slice(operator.length).trim(),
  };
  const version = asVersion(open[wildcard]);
  if (version === undefined) throw new Error('constraint parser error');
  return { operator, version, wildcard };
}

function wildcardOf(major: string, minor: string | undefined, patch: string | undefined): Wildcard {
  if (isOpen(major)) return 'major';
  if (isOpen(minor)) return 'minor';
  return isOpen(patch) ? 'patch' : 'none';
}

function isOpen(segment: string | undefined): boolean {
  return segment === undefined || /^[xX*]$/.test(segment);
}

type Test = (version: Version, comparison: Comparison, order: number) => boolean;

const isAtLeast: Test = (_version, _comparison, order) => order >= 0;
const isCaretOf: Test = (version, comparison, order) => order >= 0 && isCompatible(version, comparison);
const isEqual: Test = (version, comparison, order) =>
  comparison.wildcard === 'none' ? order === 0 : isNear(version, comparison, order);

/** What each operator asks of a version that is compared with the range's. */
const TESTS: Readonly<Record<string, Test>> = {
  '': isEqual,
  '=': isEqual,
  '!=': differs,
  '>': isAbove,
  '<': (_version, _comparison, order) => order < 0,
  '>=': isAtLeast,
  '=>': isAtLeast,
  '<=': isAtMost,
  '=<': isAtMost,
  '~': isNear,
  '~>': isNear,
  '^': isCaretOf,
};

function holds(version: Version, comparison: Comparison): boolean {
  const order = compareVersions(version, comparison.version);
  return TESTS[comparison.operator]?.(version, comparison, order) ?? false;
}

function differs(version: Version, { version: wanted, wildcard }: Comparison, order: number): boolean {
  if (wildcard === 'none') return order !== 0;
  if (version.major !== wanted.major) return true;
  if (wildcard === 'minor') return false;
  if (version.minor !== wanted.minor) return true;
  if (wildcard === 'patch') return comparePrereleases(version.prerelease, wanted.prerelease) !== 0;
  return version.patch !== wanted.patch || order !== 0;
}

function isAbove(version: Version, { version: bound, wildcard }: Comparison, order: number): boolean {
  if (wildcard === 'none') return order > 0;
  if (version.major !== bound.major) return version.major > bound.major;
  if (wildcard === 'minor') return false;
  return wildcard === 'patch' ? version.minor > bound.minor : order > 0;
}

function isAtMost(version: Version, { version: bound, wildcard }: Comparison, order: number): boolean {
  if (wildcard === 'none') return order <= 0;
  if (version.major !== bound.major) return version.major < bound.major;
  return wildcard === 'minor' || version.minor <= bound.minor;
}

function isNear(version: Version, { version: wanted, wildcard }: Comparison, order: number): boolean {
  if (order < 0) return false;
  const isZero = wanted.major === 0n && wanted.minor === 0n && wanted.patch === 0n;
  if (isZero && wildcard !== 'minor' && wildcard !== 'patch') return true;
  return version.major === wanted.major && (wildcard === 'minor' || version.minor === wanted.minor);
}

function isCompatible(version: Version, { version: wanted, wildcard }: Comparison): boolean {
  if (version.major !== wanted.major) return false;
  if (wanted.major > 0n || wildcard === 'minor') return true;
  if (version.minor !== wanted.minor) return false;
  return wanted.minor > 0n || wildcard === 'patch' || version.patch === wanted.patch;
}
