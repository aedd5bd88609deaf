import { type GoMap, GoObject, type GoType } from '../../golang/reflect/index.ts';
import type { HelmVersion } from '../helm-version.ts';
import type { ClusterQuestions } from './asked.ts';
import { omittedWhenEmpty, Struct } from './struct.ts';

/** What a chart may ask of the cluster it is rendered for. */
export interface Capabilities {
  /** Such as `v1.36.3`, where the leading v may be left out, or what an API server says of itself. */
  readonly kubeVersion: string | ServerVersion;
  /** What `.Capabilities.APIVersions.Has` answers to: `apps/v1` and `apps/v1/Deployment`. */
  readonly apiVersions: readonly string[];
}

/** A server's version as `/version` gives it; `minor` need not be a number: some say `29+`. */
export interface ServerVersion {
  readonly gitVersion: string;
  readonly major: string;
  readonly minor: string;
}

/** The Go types of a version of Helm. */
interface Types {
  readonly versionSet: GoType;
  readonly kubeVersion: GoType;
  readonly capabilities: GoType;
}

const TYPES: Readonly<Record<HelmVersion, Types>> = {
  v3: typesOf('chartutil', ['Version', 'Major', 'Minor']),
  v4: typesOf('common', ['Version', 'normalizedVersion', 'Major', 'Minor']),
};

function typesOf(goPackage: string, printed: readonly string[]): Types {
  const isEqual = (a: GoObject, b: GoObject): boolean => printed.every((name) => textIn(a, name) === textIn(b, name));
  const kubeVersion = {
    name: `${goPackage}.KubeVersion`,
    kind: 'struct',
    printed,
    areEqual: isEqual,
    deepCopied: exportedOnly,
  } as const;
  return {
    versionSet: {
      name: `${goPackage}.VersionSet`,
      kind: 'slice',
      methods: new Map([
        ['Has', { params: ['string'], run: (set: GoObject, wanted: string) => (set as VersionSet).has(wanted) }],
      ]),
    },
    kubeVersion: {
      ...kubeVersion,
      methods: new Map([
        ['String', { params: [], run: checkedText }],
        ['GitVersion', { params: [], run: (version: GoObject) => textIn(version, 'Version') }],
      ]),
      toTextInPlace: checkedText,
      withoutAddress: ({ fields }) => new Struct(kubeVersion, Object.fromEntries(fields as GoMap), KUBE_VERSION_JSON),
    },
    capabilities: {
      name: `*${goPackage}.Capabilities`,
      kind: 'struct',
      methods: new Map([['Copy', { params: [], run: (capabilities: GoObject) => capabilities }]]),
      deepCopied: ({ type, fields }) => {
        const copied = Object.fromEntries(fields as GoMap);
        return new Struct(type, { ...copied, KubeVersion: exportedOnly(copied['KubeVersion'] as GoObject) });
      },
    },
  };
}

/** A version as copies by reflection have it, which do not reach what Helm 4 keeps beside the exported fields. */
function exportedOnly({ type, fields }: GoObject): GoObject {
  const all = Object.fromEntries(fields as GoMap);
  const exported = 'normalizedVersion' in all ? { ...all, normalizedVersion: '' } : all;
  return new Struct(type, exported, KUBE_VERSION_JSON);
}

const BUILD_INFO: GoType = { name: 'version.BuildInfo', kind: 'struct' };
const BUILD_INFO_JSON = {
  ...omittedWhenEmpty('Version version', 'GitCommit git_commit', 'GitTreeState git_tree_state', 'GoVersion go_version'),
  KubeClientVersion: { name: 'kube_client_version', rule: 'always' as const },
};

/** The versions of Helm whose behaviour is followed, which templates may ask for. */
const BUILDS: Readonly<Record<HelmVersion, Readonly<Record<string, string>>>> = {
  v3: { Version: 'v3.22.0', GitCommit: '', GitTreeState: '', GoVersion: 'go1.26' },
  v4: { Version: 'v4.3.2', GitCommit: '', GitTreeState: '', GoVersion: 'go1.26', KubeClientVersion: 'v1.37' },
};

/** A field that is not exported, which shows only where Go prints the struct. */
const KUBE_VERSION_JSON = { normalizedVersion: { name: '', rule: 'embedded' as const } };

class VersionSet extends GoObject {
  readonly #versions: ReadonlySet<string>;
  readonly #asked: ClusterQuestions | undefined;

  constructor(type: GoType, versions: readonly string[], asked: ClusterQuestions | undefined) {
    super(type, [...versions]);
    this.#versions = new Set(versions);
    this.#asked = asked;
    if (asked) whenRead(this, () => asked.askedForList());
  }

  has(name: string): boolean {
    this.#asked?.askedForName(name);
    return this.#versions.has(name);
  }
}

/** Calls `tell` whenever something reads what an object is built on. */
function whenRead(object: GoObject, tell: () => void): void {
  const { fields } = object;
  const get = (): GoObject['fields'] => {
    tell();
    return fields;
  };
  Object.defineProperty(object, 'fields', { get, enumerable: true });
}

/** A cluster's version as templates see it, and as a chart's kubeVersion is compared with it. */
interface KubeVersion {
  readonly version: string;
  readonly normalizedVersion: string;
}

/**
 * What Helm makes of the version: of a server's nothing else; of one in a text, as `--kube-version` takes it, Helm 3 knows the numbers
 * only.
 */
export function kubeVersionOf({ kubeVersion }: Capabilities, helmVersion: HelmVersion): KubeVersion {
  if (typeof kubeVersion !== 'string') {
    const { gitVersion } = kubeVersion;
    return { version: gitVersion, normalizedVersion: gitVersion };
  }
  const [numbers = ''] = /\d+(\.\d+)*/.exec(kubeVersion) ?? [];
  const normalizedVersion = `v${numbers}`;
  return { normalizedVersion, version: helmVersion === 'v3' ? normalizedVersion : kubeVersion.replace(/^(?!v)/, 'v') };
}

/** What templates see as `.Capabilities`; what they ask of it is noted in `asked`. */
export function capabilitiesValue(given: Capabilities, helmVersion: HelmVersion, asked?: ClusterQuestions): GoObject {
  const { versionSet, kubeVersion, capabilities } = TYPES[helmVersion];
  const { version, normalizedVersion } = kubeVersionOf(given, helmVersion);
  const isText = typeof given.kubeVersion === 'string';
  const [, major = '', minor = ''] = /^v(\d+)\.(\d+)/.exec(normalizedVersion) ?? [];
  const numbers = typeof given.kubeVersion === 'string' ? { major, minor } : given.kubeVersion;
  const fields = {
    Version: version,
    ...(helmVersion === 'v4' && { normalizedVersion: isText ? normalizedVersion : '' }),
    Major: numbers.major,
    Minor: numbers.minor,
  };
  const versionOfCluster = new Struct(kubeVersion, fields, KUBE_VERSION_JSON);
  if (asked) whenRead(versionOfCluster, () => asked.askedForKubeVersion());
  return new Struct(capabilities, {
    KubeVersion: versionOfCluster,
    APIVersions: new VersionSet(versionSet, given.apiVersions, asked),
    HelmVersion: new Struct(BUILD_INFO, BUILDS[helmVersion], BUILD_INFO_JSON),
  });
}

function checkedText(version: GoObject): string {
  return textIn(version, 'normalizedVersion') || textIn(version, 'Version');
}

function textIn({ fields }: GoObject, name: string): string {
  const text = fields instanceof Map ? fields.get(name) : '';
  return typeof text === 'string' ? text : '';
}
