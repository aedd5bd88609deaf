import { GoObject, type GoType } from '../../golang/reflect/index.ts';
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

/** The version of Helm whose behaviour is followed, which templates may ask for. */
const HELM_VERSION = 'v3.22.0';

const VERSION_SET: GoType = {
  name: 'chartutil.VersionSet',
  kind: 'slice',
  methods: new Map([
    ['Has', { params: ['string'], run: (set: GoObject, version: string) => (set as VersionSet).versions.has(version) }],
  ]),
};

const KUBE_VERSION: GoType = {
  name: 'chartutil.KubeVersion',
  kind: 'struct',
  methods: new Map([
    ['String', { params: [], run: versionText }],
    ['GitVersion', { params: [], run: versionText }],
  ]),
  toTextInPlace: versionText,
};

const CAPABILITIES: GoType = {
  name: '*chartutil.Capabilities',
  kind: 'struct',
  methods: new Map([['Copy', { params: [], run: (capabilities: GoObject) => capabilities }]]),
};
const BUILD_INFO: GoType = { name: 'version.BuildInfo', kind: 'struct' };
const BUILD_INFO_JSON = omittedWhenEmpty(
  'Version version',
  'GitCommit git_commit',
  'GitTreeState git_tree_state',
  'GoVersion go_version',
);

class VersionSet extends GoObject {
  readonly versions: ReadonlySet<string>;

  constructor(versions: readonly string[]) {
    super(VERSION_SET, [...versions]);
    this.versions = new Set(versions);
  }
}

/** The version as Helm shows it and checks a chart's kubeVersion against: of one in a text, as `--kube-version` takes it, the numbers. */
export function kubeVersionOf({ kubeVersion }: Capabilities): string {
  if (typeof kubeVersion !== 'string') return kubeVersion.gitVersion;
  const [numbers = ''] = /\d+(\.\d+)*/.exec(kubeVersion) ?? [];
  return `v${numbers}`;
}

/** What templates see as `.Capabilities`. */
export function capabilitiesValue(capabilities: Capabilities): GoObject {
  const version = kubeVersionOf(capabilities);
  const [, major = '', minor = ''] = /^v(\d+)\.(\d+)/.exec(version) ?? [];
  const told = typeof capabilities.kubeVersion === 'string' ? { major, minor } : capabilities.kubeVersion;
  const helm = { Version: HELM_VERSION, GitCommit: '', GitTreeState: '', GoVersion: 'go1.26' };
  return new Struct(CAPABILITIES, {
    KubeVersion: new Struct(KUBE_VERSION, { Version: version, Major: told.major, Minor: told.minor }),
    APIVersions: new VersionSet(capabilities.apiVersions),
    HelmVersion: new Struct(BUILD_INFO, helm, BUILD_INFO_JSON),
  });
}

function versionText(version: GoObject): string {
  const text = version.fields instanceof Map ? version.fields.get('Version') : '';
  return typeof text === 'string' ? text : '';
}
