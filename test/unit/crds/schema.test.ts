import { describe, expect, test } from '@jest/globals';
import { load } from 'js-yaml';
import { readFile } from 'node:fs/promises';
import { API_GROUP, API_VERSION } from '../../../crds/index.ts';
import type { Release, ReleaseHistory } from '../../../crds/index.ts';

interface Schema {
  type?: string;
  properties?: Record<string, Schema>;
  items?: Schema;
}

interface Definition {
  metadata: { name: string };
  spec: {
    group: string;
    names: { kind: string; plural: string };
    versions: { name: string; schema: { openAPIV3Schema: Schema } }[];
  };
}

/** T with every field present, however deep. */
type Whole<T> = T extends (infer Item)[] ? Whole<Item>[] : T extends object ? { [Key in keyof T]-?: Whole<T[Key]> } : T;

const chart: Whole<Release['spec']['chart']> = {
  registry: '',
  name: '',
  version: '',
  digest: '',
  secretRef: { name: '' },
  inline: '',
  verify: { provider: 'Cosign', secretRef: { name: '' }, configMapRef: { name: '' } },
};
const valuesFrom: Whole<NonNullable<Release['spec']['valuesFrom']>> = [
  { kind: 'Secret', name: '', key: '', targetPath: '', optional: true },
];
const entry = { group: '', version: '', kind: '', namespace: '', name: '' };
const verified = { provider: 'Helm', key: '', fingerprint: '', signer: '', signedAt: '' } as const;
const resolved = { name: '', version: '', appVersion: '', digest: '', verified };

/** One of each field that the types know; the compiler sees to it that none is missing. */
const release: Pick<Whole<Release>, 'spec' | 'status'> = {
  spec: {
    chart,
    values: {},
    valuesFrom,
    generatedValues: { time: 'Kept', renew: [{ path: '', policy: 'OnNewToken', token: '' }] },
    version: 1,
    serviceAccountName: '',
    suspend: false,
    hooks: 'Run',
    interval: '',
    timeout: '',
    historyLimit: 1,
  },
  status: {
    observedGeneration: 1,
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
    operation: {
      type: 'Install',
      version: 2,
      from: 1,
      phase: 'Done',
      startedAt: '',
      failure: { at: '', generation: 1, times: 1 },
    },
    hooks: [{ run: '', kind: '', name: '', phase: 'Running', message: '' }],
    resources: [{ ...entry, health: 'Green', message: '', finished: 'Unknown' }],
    history: [{ version: 1, chart: '', appVersion: '', time: '', description: '' }],
  },
};

const { inline: _, verify: __, ...recordedChart } = chart;
const history: { spec: Omit<Whole<ReleaseHistory['spec']>, 'chart'> & { chart: typeof recordedChart } } = {
  spec: {
    release: '',
    version: 1,
    chart: recordedChart,
    valuesFrom,
    resolved,
    digests: { content: '', inputs: '', record: '' },
    chunks: [{ name: '', digest: '' }],
    description: '',
    cause: 'Edit',
    streak: 1,
    changedBy: '',
    recordedAt: '',
    comparedWith: 1,
    changes: [{ object: '', path: '', change: 'Added', from: '', to: '', alsoIn: [''] }],
    changesTotal: 1,
  },
};

async function definition(plural: string): Promise<Definition> {
  return load(await readFile(new URL(`../../../crds/${plural}.yaml`, import.meta.url), 'utf8')) as Definition;
}

/** The paths of all fields with their JSON types. */
function fieldsOfSchema(schema: Schema, path = ''): string[] {
  if (schema.items) return fieldsOfSchema(schema.items, `${path}[]`);
  const below = Object.entries(schema.properties ?? {}).flatMap(([name, child]) =>
    fieldsOfSchema(child, `${path}.${name}`),
  );
  return [`${path} ${schema.type}`, ...below];
}

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
])('the schema of %s', (plural, kind, sample) => {
  test('has the names that the code uses', async () => {
    const { metadata, spec } = await definition(plural);
    expect(metadata.name).toBe(`${plural}.${API_GROUP}`);
    expect(spec).toMatchObject({ group: API_GROUP, names: { kind, plural }, versions: [{ name: API_VERSION }] });
  });

  test('has the fields that the types have, and no others', async () => {
    const { spec } = await definition(plural);
    const {
      apiVersion: _apiVersion,
      kind: _kind,
      metadata: _metadata,
      ...own
    } = spec.versions[0]?.schema.openAPIV3Schema.properties ?? {};
    const declared = Object.entries(own).flatMap(([name, schema]) => fieldsOfSchema(schema, name));
    const typed = Object.entries(sample).flatMap(([name, value]) => fieldsOf(value, name));
    expect(declared.toSorted()).toEqual(typed.toSorted());
  });
});
