import { memoized } from '../../../golang/memo/index.ts';
import {
  GoInt,
  GoObject,
  type GoType,
  type NamedParam,
  type TemplateMethod,
  type Value,
} from '../../../golang/reflect/index.ts';
import {
  compareVersions,
  formatVersion,
  inRange,
  parseRange,
  parseVersion,
  type Version,
} from '../../../golang/semver/index.ts';
import { define } from '../../../golang/template/index.ts';
import type { FunctionEntries } from '../entries.ts';

/** What `semver` returns: a version whose fields are methods. */
class VersionObject extends GoObject {
  readonly version: Version;

  constructor(version: Version, type: GoType = POINTER) {
    super(type);
    this.version = version;
  }

  toJSON(): string {
    return formatVersion(this.version);
  }
}

function versionIn(object: GoObject): Version {
  return (object as VersionObject).version;
}

function part(read: (version: Version) => Value): TemplateMethod {
  return { params: [], run: (object: GoObject) => read(versionIn(object)) };
}

const VERSION_PARAM: NamedParam = { name: '*semver.Version', accepts: (value) => value instanceof VersionObject };

function comparison(answer: (order: number) => Value): TemplateMethod {
  return {
    params: [VERSION_PARAM],
    run: (object: GoObject, other: GoObject) => answer(compareVersions(versionIn(object), versionIn(other))),
  };
}

type Segment = 'major' | 'minor' | 'patch';

function incremented(segment: Segment): TemplateMethod {
  return part((version) => {
    const keepsPatch = segment === 'patch' && version.prerelease !== '';
    const next = {
      major: version.major + (segment === 'major' ? 1n : 0n),
      minor: segment === 'major' ? 0n : version.minor + (segment === 'minor' ? 1n : 0n),
      patch: segment === 'patch' ? version.patch + (keepsPatch ? 0n : 1n) : 0n,
      prerelease: '',
      metadata: '',
    };
    const prefix = version.original.startsWith('v') ? 'v' : '';
    return new VersionObject({ ...next, original: prefix + formatVersion({ ...next, original: '' }) }, VALUE);
  });
}

const VALUE_METHODS: readonly (readonly [string, TemplateMethod])[] = [
  ['Major', part((version) => new GoInt('uint64', version.major))],
  ['Minor', part((version) => new GoInt('uint64', version.minor))],
  ['Patch', part((version) => new GoInt('uint64', version.patch))],
  ['Prerelease', part((version) => version.prerelease)],
  ['Metadata', part((version) => version.metadata)],
  ['String', part(formatVersion)],
  ['IncMajor', incremented('major')],
  ['IncMinor', incremented('minor')],
  ['IncPatch', incremented('patch')],
];

/** In Go these take a pointer; what IncMajor and the like return is not one. */
const POINTER_METHODS: readonly (readonly [string, TemplateMethod])[] = [
  ['Original', part((version) => version.original)],
  ['Compare', comparison((order) => BigInt(order))],
  ['Equal', comparison((order) => order === 0)],
  ['LessThan', comparison((order) => order < 0)],
  ['LessThanEqual', comparison((order) => order <= 0)],
  ['GreaterThan', comparison((order) => order > 0)],
  ['GreaterThanEqual', comparison((order) => order >= 0)],
];

const toText = (object: GoObject): string => formatVersion(versionIn(object));
const POINTER: GoType = {
  name: '*semver.Version',
  kind: 'struct',
  methods: new Map([...VALUE_METHODS, ...POINTER_METHODS]),
  toText,
};
const VALUE: GoType = { name: 'semver.Version', kind: 'struct', methods: new Map(VALUE_METHODS), toText };

const rangeOf = memoized(parseRange);

/** Sprig's functions on semantic versions, as Masterminds/semver reads them. */
export const semverFunctions: FunctionEntries = [
  ['semver', define(['string'], (text) => new VersionObject(parseVersion(text)))],
  [
    'semverCompare',
    define(['string', 'string'], (range, text) => {
      const parsed = rangeOf(range);
      return inRange(parseVersion(text), parsed);
    }),
  ],
];
