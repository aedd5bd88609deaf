import { describe, expect, test } from '@jest/globals';
import { API_GROUP, API_VERSION } from '../../../crds/index.ts';
import type { PreviewedObject, Release, ReleaseHistory, ReleasePreview } from '../../../crds/index.ts';
import { definitionOf, ownFieldsOf, type Schema } from './definitions.ts';

/** T with every field present, however deep. */
type Whole<T> = T extends (infer Item)[] ? Whole<Item>[] : T extends object ? { [Key in keyof T]-?: Whole<T[Key]> } : T;

const chart: Whole<Release['spec']['chart']> = {
  registry: '',
  name: '',
  version: '',
  digest: '',
  valuesFiles: [''],
  ignoreMissingValuesFiles: true,
  secretRef: { name: '' },
  inline: '',
  verify: { provider: 'Cosign', secretRef: { name: '' }, configMapRef: { name: '' } },
};
const valuesFrom: Whole<NonNullable<Release['spec']['valuesFrom']>> = [
  { kind: 'Secret', name: '', key: '', targetPath: '', optional: true },
];
const target = { group: '', version: '', kind: '', name: '', labelSelector: '', annotationSelector: '' };
const entry = { group: '', version: '', kind: '', namespace: '', name: '' };
const verified = { provider: 'Helm', key: '', fingerprint: '', signer: '', signedAt: '' } as const;
const answers = { kubeVersion: '', served: [''], absent: [''], list: '' };
const resolved = { name: '', version: '', appVersion: '', digest: '', verified };

const counts = { create: 1, update: 1, recreate: 1, delete: 1, unchanged: 1, unknown: 1, hooks: 1, refused: 1 };
const previewedObject: Whole<PreviewedObject> = { action: 'Create', class: 'Recreate', fields: [''], ...entry };
const changes: Whole<ReleaseHistory['spec']['changes']> = [
  { object: '', path: '', change: 'Added', from: '', to: '', alsoIn: [''] },
];
const hooks = [{ event: '', weight: 1, kind: '', name: '' }];
const refusals: Whole<NonNullable<ReleasePreview['status']>['refusals']> = [
  { object: '', reason: 'Refused', message: '' },
];

/** One of each field that the types know; the compiler sees to it that none is missing. */
const release: Pick<Whole<Release>, 'spec' | 'status'> = {
  spec: {
    chart,
    helmVersion: 'v3',
    values: {},
    valuesFrom,
    generatedValues: { time: 'Kept', renew: [{ path: '', policy: 'OnNewToken', token: '' }] },
    patches: [{ target, patch: '', optional: true }],
    commonMetadata: { labels: {}, annotations: {} },
    strategy: {
      type: 'Apply',
      service: '',
      preview: '',
      keepFor: '',
      checks: [{ tests: true, http: { path: '', port: 1, expectedStatus: 200, timeout: '', image: '' } }],
    },
    version: 1,
    serviceAccountName: '',
    suspend: false,
    approval: 'Manual',
    approvedPlan: '',
    hooks: 'Run',
    adopt: 'Never',
    drift: 'Repair',
    dependsOn: [{ apiVersion: '', kind: '', name: '', condition: '', ready: '' }],
    onFailure: { strategy: 'Stop', retries: 1, delay: '', redTimeout: '' },
    uninstall: { hooks: 'Run', propagation: 'Background', keepHistory: true, orphan: true },
    healthChecks: [{ apiVersion: '', kind: '', name: '', red: '', green: '', yellow: '', message: '' }],
    tests: { enable: true, timeout: '', ignoreFailures: true, filters: [{ name: '', exclude: true }] },
    ignore: [{ target, paths: [''] }],
    crds: 'Create',
    recreate: 'Safe',
    clusterChanges: 'Follow',
    allowRecreate: [{ kind: '', name: '' }],
    schemaValidation: 'Run',
    interval: '',
    timeout: '',
    redAfter: '',
    historyLimit: 1,
  },
  status: {
    observedGeneration: 1,
    lastHandledReconcile: '',
    version: 1,
    chart: resolved,
    health: 'Green',
    message: '',
    conditions: [
      {
        type: 'Ready',
        status: 'True',
        reason: 'Progressing',
        message: '',
        observedGeneration: 1,
        lastTransitionTime: '',
      },
    ],
    inputs: '',
    followed: { range: '', digest: '' },
    observedContent: { digest: '', besideVersion: 1 },
    cluster: '',
    leftContent: '',
    plan: {
      digest: '',
      madeAt: '',
      operation: 'Install',
      version: 1,
      from: 1,
      chart: resolved,
      cluster: answers,
      counts,
      objects: [{ ...previewedObject, state: '' }],
      changes,
      changesTotal: 1,
      hooks,
      refusals,
      warnings: [''],
      digests: { content: '', inputs: '', control: '' },
      replaces: '',
      moved: [''],
    },
    lastGreen: 1,
    rolledBack: { version: 2, to: 1, reason: 'HookFailed', message: '', at: '', generation: 1 },
    notices: {
      trouble: '',
      operation: '',
      rolledBack: '',
      plan: '',
      pending: [{ occasion: 'Red', at: '', version: 1, chart: '', health: 'Red', reason: 'Unhealthy', message: '' }],
    },
    operation: {
      type: 'Install',
      version: 2,
      from: 1,
      phase: 'Done',
      startedAt: '',
      appliedAt: '',
      standby: 1,
      control: '',
      failure: { at: '', generation: 1, times: 1 },
    },
    hooks: [{ run: '', kind: '', name: '', phase: 'Running', message: '', log: '' }],
    tests: {
      version: 1,
      phase: 'Running',
      startedAt: '',
      completedAt: '',
      request: '',
      filters: [{ name: '', exclude: true }],
      checks: '',
      message: '',
      results: [
        { run: '', kind: '', name: '', phase: 'Running', message: '', log: '', startedAt: '', completedAt: '' },
      ],
    },
    resources: [{ ...entry, health: 'Green', message: '', finished: 'Unknown', standby: true }],
    history: [{ version: 1, chart: '', appVersion: '', time: '', description: '', unfinished: true, tests: 'Failed' }],
  },
};

const { inline: _, verify: __, ...recordedChart } = chart;
const history: { spec: Omit<Whole<ReleaseHistory['spec']>, 'chart'> & { chart: typeof recordedChart } } = {
  spec: {
    release: '',
    version: 1,
    chart: recordedChart,
    colour: '',
    helmVersion: 'v3',
    valuesFrom,
    resolved,
    digests: { content: '', inputs: '', record: '' },
    chunks: [{ name: '', digest: '' }],
    base: { digest: '', chunks: [{ name: '', digest: '' }] },
    cluster: answers,
    description: '',
    cause: 'Edit',
    streak: 1,
    changedBy: '',
    editedBy: '',
    recordedAt: '',
    comparedWith: 1,
    changes,
    changesTotal: 1,
  },
};

const preview: Pick<Whole<ReleasePreview>, 'spec' | 'status'> = {
  spec: { release: '', template: { spec: release.spec } },
  status: {
    observedGeneration: 1,
    operation: 'Install',
    version: 1,
    from: 1,
    chart: resolved,
    counts,
    objects: [previewedObject],
    changes,
    changesTotal: 1,
    hooks,
    refusals,
    missingPermissions: [{ verbs: [''], group: '', resource: '', name: '', namespace: '' }],
    grant: '',
    warnings: [''],
    conditions: [
      {
        type: 'Complete',
        status: 'True',
        reason: 'Previewed',
        message: '',
        observedGeneration: 1,
        lastTransitionTime: '',
      },
    ],
  },
};

function fieldsOf(value: unknown, path = ''): string[] {
  if (Array.isArray(value)) return fieldsOf(value[0], `${path}[]`);
  if (typeof value !== 'object' || value === null) {
    return [`${path} ${typeof value === 'number' ? 'integer' : typeof value}`];
  }
  return [`${path} object`, ...Object.entries(value).flatMap(([name, child]) => fieldsOf(child, `${path}.${name}`))];
}

describe.each([
  ['releases', 'Release', release],
  ['releasehistories', 'ReleaseHistory', history],
  ['releasepreviews', 'ReleasePreview', preview],
])('the schema of %s', (plural, kind, sample) => {
  test('has the names that the code uses', () => {
    const { metadata, spec } = definitionOf(plural);
    expect(metadata.name).toBe(`${plural}.${API_GROUP}`);
    expect(spec).toMatchObject({ group: API_GROUP, names: { kind, plural }, versions: [{ name: API_VERSION }] });
  });

  test('has the fields that the types have, and no others', () => {
    const fields = ownFieldsOf(definitionOf(plural)).filter(([, { items }]) => items === undefined);
    const declared = fields.map(([path, { type }]) => `${path} ${type}`);
    const typed = Object.entries(sample).flatMap(([name, value]) => fieldsOf(value, name));
    expect(declared.toSorted()).toEqual(typed.toSorted());
  });

  test('explains every field', () => {
    const fields = ownFieldsOf(definitionOf(plural)).filter(([path]) => !path.endsWith('[]'));
    expect(fields.filter(([, { description = '' }]) => description === '').map(([path]) => path)).toEqual([]);
  });
});

test('a preview takes the same spec as a Release: `make definitions` copies its schema', () => {
  const specOf = (plural: string): Schema | undefined =>
    definitionOf(plural).spec.versions[0]?.schema.openAPIV3Schema.properties?.['spec'];
  const template = specOf('releasepreviews')?.properties?.['template'];
  expect(template?.properties?.['spec']).toEqual(specOf('releases'));
});
