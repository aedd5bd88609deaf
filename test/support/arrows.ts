/** The packages of golang/, which are folders of their own to all others, and which of each other they may import. */
const GOLANG: Record<string, readonly string[]> = {
  'golang/duration': [],
  'golang/memo': [],
  'golang/gzip': [],
  'golang/strings': [],
  'golang/semver': [],
  'golang/reflect': ['golang/memo'],
  'golang/tar': ['golang/gzip'],
  'golang/regexp': ['golang/memo'],
  'golang/strconv': ['golang/strings'],
  'golang/url': ['golang/strconv'],
  'golang/fmt': ['golang/reflect', 'golang/strconv', 'golang/strings'],
  'golang/json': ['golang/memo', 'golang/reflect', 'golang/strconv'],
  'golang/yaml': ['golang/json', 'golang/strconv'],
  'golang/time': ['golang/duration', 'golang/json', 'golang/memo', 'golang/reflect', 'golang/strings'],
  'golang/cel': ['golang/memo', 'golang/regexp'],
  'golang/toml': ['golang/json', 'golang/reflect', 'golang/strconv', 'golang/strings', 'golang/time'],
  'golang/template': ['golang/fmt', 'golang/memo', 'golang/reflect', 'golang/strconv', 'golang/strings'],
  'golang/jsonschema': ['golang/json', 'golang/regexp', 'golang/strconv', 'golang/time', 'golang/url'],
};

const BELOW_PROGRAMS = ['crds', 'resources', 'kube', 'golang/semver', 'registry-client', 'chart-renderer', 'records'];

/** The packages of client/, which are folders of their own: who needs the first is not to load what the others need. */
const CLIENT: Record<string, readonly string[]> = {
  'client/messages': [],
  'client/releases': ['client/messages', 'crds', 'resources', 'kube'],
  'client/recorded': ['client/releases', 'client/messages', 'crds', 'resources', 'kube', 'chart-renderer', 'records'],
  'client/pods': ['client/releases', 'crds', 'resources', 'kube'],
  'client/edits': ['client/recorded', 'client/releases', 'client/messages', 'crds', 'resources', 'kube', 'records'],
};

/** Which folder may import which; a folder always may import itself. */
export const MAY_IMPORT: Record<string, readonly string[]> = {
  crds: [],
  resources: [],
  turns: [],
  kube: ['resources'],
  ...GOLANG,
  'registry-client': ['golang/json', 'golang/semver'],
  'chart-renderer': ['resources', ...Object.keys(GOLANG)],
  records: ['crds', 'resources', 'golang/semver', 'chart-renderer'],
  controller: [...BELOW_PROGRAMS, 'golang/cel', 'golang/time', 'turns'],
  ...CLIENT,
  cli: [...BELOW_PROGRAMS, ...Object.keys(CLIENT), 'dashboard/server', 'golang/duration', 'golang/yaml'],
  'dashboard/api': ['crds'],
  'dashboard/page': ['dashboard/api'],
  'dashboard/server': ['dashboard/api', ...Object.keys(CLIENT), ...BELOW_PROGRAMS, 'golang/yaml', 'turns'],
};

const BELOW_VERSIONS = ['charts', 'history', 'masking', 'pass', 'plan', 'status'];

/** The rooms of the larger folders, and which others of its folder each may import; files beside the rooms may import all, and all them. */
export const ROOMS: Record<string, Record<string, readonly string[]>> = {
  resources: {
    json: [],
    health: ['json'],
    fields: ['json'],
    patch: ['json'],
    apply: ['fields', 'json'],
    plan: ['fields', 'health', 'json'],
    recreate: ['fields', 'json'],
    definitions: ['json'],
    masking: ['json'],
    strategies: ['json'],
  },
  kube: {
    access: [],
    http: ['access'],
    discovery: [],
    events: [],
  },
  'registry-client': {
    auth: [],
    verify: [],
    http: ['auth'],
    oci: ['http', 'verify'],
    classic: ['http', 'oci', 'verify'],
  },
  'chart-renderer': {
    archive: [],
    functions: [],
    manifest: [],
    patches: ['manifest'],
    chart: ['archive'],
    values: ['chart'],
    environment: ['archive', 'chart', 'values'],
    handlebars: ['environment'],
    sandbox: ['archive', 'chart'],
  },
  controller: {
    pass: [],
    history: ['pass'],
    notices: ['pass'],
    watches: ['pass'],
    webhook: ['pass', 'process'],
    charts: ['history', 'pass'],
    masking: ['history', 'pass'],
    traces: ['pass'],
    process: ['charts', 'pass', 'traces'],
    plan: ['history', 'pass', 'watches'],
    status: ['history', 'masking', 'notices', 'pass', 'plan', 'watches'],
    versions: BELOW_VERSIONS,
    deploy: ['history', 'pass', 'plan', 'status', 'versions'],
    preview: ['deploy', 'history', 'pass', 'plan', 'status', 'versions'],
    approval: ['pass', 'plan', 'preview', 'status', 'versions'],
    metrics: ['pass'],
    loop: [...BELOW_VERSIONS, 'approval', 'deploy', 'metrics', 'notices', 'preview', 'traces', 'versions', 'watches'],
  },
};

/** The one folder, or file, in which a third-party package may be imported. */
export const HOMES: Record<string, readonly string[]> = {
  '@kubernetes/client-node': ['kube/'],
  undici: ['kube/', 'registry-client/', 'dashboard/server/sign-in/oidc/'],
  'openid-client': ['dashboard/server/sign-in/oidc/'],
  'js-yaml': [
    'registry-client/classic/index-file.ts',
    'registry-client/verify/provenance.ts',
    'dashboard/page/charts/yaml.ts',
  ],
  openpgp: ['registry-client/verify/'],
  handlebars: ['chart-renderer/handlebars/'],
  re2js: ['golang/regexp/', 'chart-renderer/functions/text/regex.ts'],
  ajv: ['golang/jsonschema/metaschemas.ts'],
  bcryptjs: ['chart-renderer/functions/'],
  'lru-cache': ['controller/', 'kube/', 'chart-renderer/sandbox/', 'dashboard/server/sign-in/oidc/'],
  'fast-json-patch': ['resources/patch/json-patch.ts'],
  fflate: ['chart-renderer/archive/'],
  '@prometheus-io/client': ['controller/metrics/'],
  preact: ['dashboard/page/'],
  '@preact/signals': ['dashboard/page/'],
};

/** Folders of which each folder is one of its own. */
export const IN_PACKAGES: ReadonlySet<string> = new Set(['client', 'dashboard', 'golang']);
