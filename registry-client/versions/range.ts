import { compareNumbers, comparePrereleases, compareVersions, parseVersion } from './version.ts';
import type { Version } from './version.ts';

/** A parsed range: a version satisfies it when every comparison of at least one group holds. */
export type VersionRange = readonly Group[];

type Group = { readonly comparisons: readonly Comparison[]; readonly allowsPrereleases: boolean };
type Comparison = { readonly operator: Operator; readonly bound: Version; readonly given: Given };
type Operator = '=' | '!=' | '>' | '<' | '>=' | '<=' | '~' | '^';
/** How much of the bound was written out: `*` is none, `1.x` major, `1.2` minor, `1.2.3` patch. */
type Given = 'none' | 'major' | 'minor' | 'patch';

const MAX_LENGTH = 512;
const MAX_GROUPS = 32;
const BOUND =
  'v?([0-9|xX*]+)(\\.[0-9|xX*]+)?(\\.[0-9|xX*]+)?(-[0-9A-Za-z-]+(?:\\.[0-9A-Za-z-]+)*)?(?:\\+[0-9A-Za-z-]+(?:\\.[0-9A-Za-z-]+)*)?';
const BOUND_UNGROUPED = BOUND.replaceAll(/\((?!\?)/g, '(?:');
const OPERATORS = '!=|>=|=>|<=|=<|~>|=|>|<|~|\\^|';
const COMPARISON = new RegExp(`(${OPERATORS})\\s*${BOUND}`, 'g');
const HYPHEN_RANGE = new RegExp(`\\s*(${BOUND_UNGROUPED})\\s+-\\s+(${BOUND_UNGROUPED})\\s*`, 'g');
const ONE = `(?:${OPERATORS})\\s*${BOUND_UNGROUPED}`;
const GROUP = new RegExp(`^\\s*${ONE}\\s*(?:(?:\\s+|,\\s*)${ONE}\\s*)*$`);
const SPELLINGS: Record<string, Operator> = { '': '=', '=>': '>=', '=<': '<=', '~>': '~' };

/**
 * Parses a range by the rules of Masterminds/semver, which Helm uses: comparisons joined by space or comma, groups by `||`, hyphen
 * ranges, `~`, `^` and `x` wildcards. A prerelease in a group lets that group match prereleases. Undefined where it is not a range.
 */
export function parseRange(text: string): VersionRange | undefined {
  if (text.length > MAX_LENGTH) return undefined;
  const groups = text.replaceAll(HYPHEN_RANGE, '>= $1, <= $2 ').split('||');
  if (groups.length > MAX_GROUPS) return undefined;
  const parsed = groups.map(parseGroup);
  return parsed.every((group) => group !== undefined) ? parsed : undefined;
}

/** Tells whether `version` is in `range`. */
export function satisfies(version: Version, range: VersionRange): boolean {
  return range.some(({ comparisons, allowsPrereleases }) => {
    if (version.prerelease !== '' && !allowsPrereleases) return false;
    return comparisons.every((comparison) => holds(version, comparison));
  });
}

function parseGroup(text: string): Group | undefined {
  if (!GROUP.test(text)) return undefined;
  const comparisons: Comparison[] = [];
  for (const match of text.matchAll(COMPARISON)) {
    const comparison = parseComparison(match);
    if (comparison === undefined) return undefined;
    comparisons.push(comparison);
  }
  return { comparisons, allowsPrereleases: comparisons.some(({ bound }) => bound.prerelease !== '') };
}

function parseComparison(match: RegExpMatchArray): Comparison | undefined {
  const [, spelling = '', ...parts] = match;
  const [major, minor, patch] = [parts[0], parts[1]?.slice(1), parts[2]?.slice(1)];
  const given = isWild(major) ? 'none' : isWild(minor) ? 'major' : isWild(patch) ? 'minor' : 'patch';
  const numbers = {
    none: '0.0.0',
    major: `${major}.0.0`,
    minor: `${major}.${minor}.0`,
    patch: `${major}.${minor}.${patch}`,
  };
  const bound = parseVersion(`${numbers[given]}${parts[3] ?? ''}`);
  if (bound === undefined) return undefined;
  return { operator: SPELLINGS[spelling] ?? (spelling as Operator), bound, given };
}

function isWild(part: string | undefined): boolean {
  return part === undefined || part === 'x' || part === 'X' || part === '*';
}

function holds(version: Version, comparison: Comparison): boolean {
  const order = compareVersions(version, comparison.bound);
  switch (comparison.operator) {
    case '=':
      return comparison.given === 'patch' ? order === 0 : isInTilde(version, comparison);
    case '!=':
      return isOther(version, comparison);
    case '>':
      return isAbove(version, comparison);
    case '<':
      return order < 0;
    case '>=':
      return order >= 0;
    case '<=':
      return isAtMost(version, comparison);
    case '~':
      return isInTilde(version, comparison);
    case '^':
      return isInCaret(version, comparison);
  }
}

/** `~1.2.3` is 1.2.x from 1.2.3 on; `~0.0.0` and `~*` are everything, as Masterminds has it. */
function isInTilde(version: Version, { bound, given }: Comparison): boolean {
  if (compareVersions(version, bound) < 0) return false;
  const isZero = bound.core.every((number) => number === '0');
  if (isZero && (given === 'none' || given === 'patch')) return true;
  return sameMajor(version, bound) && (given === 'major' || sameMinor(version, bound));
}

/** `^` keeps the leftmost number that is not zero: ^1.2.3 is below 2.0.0, ^0.2.3 below 0.3.0, ^0.0.3 below 0.0.4. */
function isInCaret(version: Version, { bound, given }: Comparison): boolean {
  if (compareVersions(version, bound) < 0) return false;
  if (bound.core[0] !== '0' || given === 'major') return sameMajor(version, bound);
  if (version.core[0] !== '0') return false;
  if (bound.core[1] !== '0' || given === 'minor') return sameMinor(version, bound);
  return version.core[1] === '0' && samePatch(version, bound);
}

/** `>11` starts at 12.0.0 and `>11.1` at 11.2.0. */
function isAbove(version: Version, { bound, given }: Comparison): boolean {
  const byMajor = compareNumbers(version.core[0], bound.core[0]);
  if (given === 'major') return byMajor > 0;
  if (given === 'minor') return byMajor > 0 || (byMajor === 0 && compareNumbers(version.core[1], bound.core[1]) > 0);
  return compareVersions(version, bound) > 0;
}

/** `<=11` includes 11.9.9 and `<=11.1` includes 11.1.9. */
function isAtMost(version: Version, { bound, given }: Comparison): boolean {
  if (given === 'patch') return compareVersions(version, bound) <= 0;
  const byMajor = compareNumbers(version.core[0], bound.core[0]);
  if (byMajor !== 0) return byMajor < 0;
  return given === 'major' || compareNumbers(version.core[1], bound.core[1]) <= 0;
}

function isOther(version: Version, { bound, given }: Comparison): boolean {
  if (given === 'patch' || given === 'none') return compareVersions(version, bound) !== 0;
  if (!sameMajor(version, bound)) return true;
  if (given === 'major') return false;
  return !sameMinor(version, bound) || comparePrereleases(version.prerelease, bound.prerelease) !== 0;
}

function sameMajor(left: Version, right: Version): boolean {
  return left.core[0] === right.core[0];
}

function sameMinor(left: Version, right: Version): boolean {
  return left.core[1] === right.core[1];
}

function samePatch(left: Version, right: Version): boolean {
  return left.core[2] === right.core[2];
}
