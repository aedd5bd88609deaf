import { beforeEach, expect, test } from '@jest/globals';
import { loadAll } from 'js-yaml';
import type { KubeObject } from '../../../../resources/index.ts';
import { configMap, hookJob } from '../../../support/charts/hook-charts.ts';
import { webChart } from '../../../support/charts/web-chart.ts';
import { countedWhenQuiet, describeRequest, markAudit } from '../../../support/cluster/audit.ts';
import { conditionOf } from '../../../support/cluster/installation.ts';
import { story } from '../../../support/cluster/story.ts';
import type { Tenant } from '../../../support/cluster/tenant.ts';

// spec.patches and spec.commonMetadata: content that changes what the chart renders.

const coxswain = story();
let tenant: Tenant;

beforeEach(async () => {
  tenant = await coxswain.tenant();
});

const SIDECAR = {
  target: { kind: 'Deployment' },
  patch: 'spec: {template: {spec: {containers: [{name: sidecar, image: example.com/sidecar:1}]}}}',
};
const PORT = {
  target: { kind: 'Service', name: 'web' },
  patch: '[{op: replace, path: /spec/ports/0/port, value: 8080}]',
};
const HOOK = { target: { kind: 'Job' }, patch: 'spec: {backoffLimit: 3}' };

async function get(kind: string, name: string): Promise<KubeObject> {
  return tenant.kubectl.json<KubeObject>('get', kind, name);
}

interface Containers {
  spec: { template: { metadata: { labels: unknown }; spec: { containers: { name: string }[] } } };
}

async function containers(): Promise<string[]> {
  const { spec } = (await get('deployment', 'web')) as unknown as Containers;
  return spec.template.spec.containers.map(({ name }) => name);
}

test('objects and hooks are patched, in new versions that are recorded, rolled back to and rolled back from', async () => {
  const parts = webChart();
  const templates = { ...parts.templates, 'hook.yaml': hookJob({ name: 'before', events: 'pre-install,pre-upgrade' }) };
  const web = await tenant.apply('web', await coxswain.push({ ...parts, name: 'patched', templates }));
  await web.inForce(1);
  expect(await containers()).toEqual(['app']);

  const commonMetadata = { labels: { team: 'shop', app: 'common' }, annotations: { 'example.com/by': 'us' } };
  await web.patch({ patches: [SIDECAR, PORT, HOOK], commonMetadata });
  await web.inForce(2);
  expect(await containers()).toEqual(['sidecar', 'app']);
  expect(await get('service', 'web')).toHaveProperty('spec.ports.0.port', 8080);
  expect(await get('job', 'before')).toHaveProperty('spec.backoffLimit', 3);
  for (const [kind, name] of [
    ['deployment', 'web'],
    ['service', 'web'],
    ['configmap', 'web'],
    ['job', 'before'],
  ] as const) {
    const { labels, annotations } = (await get(kind, name)).metadata;
    expect(labels).toMatchObject({ team: 'shop', app: 'common' });
    expect(annotations).toMatchObject({ 'example.com/by': 'us' });
    if (kind !== 'job') expect(labels).toMatchObject({ 'coxswain.dev/release': 'web' });
  }
  const deployment = await get('deployment', 'web');
  expect(deployment).toHaveProperty('spec.selector', { matchLabels: { app: 'web' } });
  expect((deployment as unknown as Containers).spec.template.metadata.labels).toEqual({ app: 'web' });
  const [, second] = await web.histories();
  expect(second?.spec.description).toContain('patches and commonMetadata changed');
  expect(second?.spec.changes?.map(({ object, path }) => `${object}${path}`)).toEqual(
    expect.arrayContaining(['Service/web/spec/ports/0', 'Deployment/web/spec/template/spec/containers/0']),
  );

  await web.patch({ version: 1 });
  const first = await web.inForce(1);
  expect(first.spec).not.toHaveProperty('patches');
  expect(first.spec).not.toHaveProperty('commonMetadata');
  expect(await containers()).toEqual(['app']);
  expect((await get('configmap', 'web')).metadata.labels).not.toHaveProperty('team');

  await web.patch({ version: 2 });
  const again = await web.inForce(2);
  expect(again.spec).toMatchObject({ patches: [SIDECAR, PORT, HOOK], commonMetadata });
  expect(await containers()).toEqual(['sidecar', 'app']);
  expect(await web.histories()).toHaveLength(2);

  // A container that somebody adds to the patched ones is drift like any other.
  await tenant.kubectl('label', 'service', 'web', 'team=other', '--overwrite');
  await web.ready();
  await tenant.kubectl('wait', '--for=jsonpath={.metadata.labels.team}=shop', 'service/web', '--timeout=90s');
});

test('patches and labels that change nothing make no version, nor do optional patches without a target', async () => {
  const patches = [
    { ...SIDECAR, optional: true },
    { target: { name: 'none' }, patch: 'a: b', optional: true },
  ];
  const chart = await coxswain.push(webChart());
  const web = await tenant.apply('web', chart, { patches });
  const plain = await tenant.apply('plain', chart);
  await web.ready();
  await plain.ready();
  const mark = await markAudit(coxswain.controlPlane, tenant);
  await plain.patch({ patches: [], commonMetadata: { labels: {} } });
  await plain.ready();
  expect(await plain.histories()).toHaveLength(1);
  const requests = (await countedWhenQuiet('coxswain', mark)).map(describeRequest);
  expect(requests.filter((request) => !request.includes('/status'))).toEqual([]);
  await web.patch({ patches: [{ ...SIDECAR, optional: false }, patches[1]] });
  await web.inForce(2);
});

test('a patch that cannot be applied stalls the Release, which says why, and the version in force stays as it is', async () => {
  const web = await tenant.apply('web', await coxswain.push(webChart()), { patches: [SIDECAR] });
  await web.ready();
  const tested = { target: { kind: 'Deployment' }, patch: '[{op: test, path: /spec/replicas, value: 5}]' };
  const cases: [unknown[], string, string][] = [
    [[SIDECAR, { target: { kind: 'Deploiment' }, patch: 'spec: {}' }], 'PatchFailed', 'patches[1] matches no object'],
    [
      [tested],
      'PatchFailed',
      'patches[0], applied to Deployment/web of web/templates/deployment.yaml: operation 1 of 1',
    ],
    [[{ ...SIDECAR, patch: 'spec: {template: {spec: {containers: [{image: x}]}}}' }], 'PatchFailed', 'has no name'],
    [[{ ...SIDECAR, patch: 'a: b: c' }], 'PatchFailed', 'patches[0]: it is not YAML'],
    [[{ ...PORT, patch: '[{op: remove, path: /kind}]' }], 'PatchFailed', 'makes it invalid'],
    [[{ ...PORT, patch: '[{op: add, path: /metadata/namespace, value: other}]' }], 'Refused', 'is in namespace other'],
    [
      [
        {
          ...PORT,
          patch: '[{op: replace, path: /kind, value: Namespace}, {op: replace, path: /apiVersion, value: v1}]',
        },
      ],
      'Refused',
      'cluster-scoped',
    ],
    [
      [{ target: { name: 'web', kind: 'ConfigMap' }, patch: '[{op: replace, path: /kind, value: Gadget}]' }],
      'KindNotFound',
      'Gadget',
    ],
  ];
  for (const [patches, reason, words] of cases) {
    await web.patch({ patches });
    expect((await web.failed(reason)).message).toContain(words);
    await tenant.kubectl('wait', '--for=jsonpath={.spec.ports[0].port}=80', 'service/web', '--timeout=60s');
  }
  const stalled = await web.get();
  expect(conditionOf(stalled, 'Stalled')?.status).toBe('True');
  expect(stalled.status?.version).toBe(1);
  await web.patch({ patches: [SIDECAR] });
  await web.inForce(1);
  expect(await web.histories()).toHaveLength(1);
});

test('what a patch puts into a Secret is masked in the recorded changes, like what comes from values', async () => {
  const secret = 'apiVersion: v1\nkind: Secret\nmetadata: {name: login}\nstringData: {password: from-the-chart}\n';
  const templates = { 'all.yaml': `${secret}---\n${configMap('shown', 'shown')}` };
  const chart = await coxswain.push({ name: 'masked', values: 'shown: x\n', templates });
  const web = await tenant.apply('web', chart);
  await web.ready();
  const patches = [
    { target: { kind: 'Secret' }, patch: 'stringData: {password: correct-horse}' },
    { target: { kind: 'ConfigMap' }, patch: 'data: {copied: the correct-horse itself}' },
  ];
  await web.patch({ patches });
  await web.inForce(2);
  const [, history] = await web.histories();
  expect(history?.spec.changes).toEqual(
    expect.arrayContaining([
      expect.objectContaining({ object: 'Secret/login', path: '/stringData/password', to: '***' }),
      expect.objectContaining({ object: 'ConfigMap/shown', path: '/data/copied', to: 'the *** itself' }),
    ]),
  );
  expect(JSON.stringify(history)).not.toContain('correct-horse');
});

const LABELLED = `apiVersion: v1
kind: ConfigMap
metadata: {name: web, labels: {app: web}}
data: {greeting: hello, revision: "1"}
---
apiVersion: v1
kind: Service
metadata: {name: web}
spec: {selector: {app: web}, ports: [{port: 80, targetPort: 8080}]}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec: {containers: [{name: app, image: example.com/app:1, resources: {requests: {cpu: "1"}}}]}
`;

test('patches have the same result as in a kustomization', async () => {
  const merge = (fields: object, kind = 'Any'): string =>
    JSON.stringify({ apiVersion: 'example.com/v1', kind, metadata: { name: 'any' }, ...fields });
  const containers = [
    {
      name: 'app',
      ports: [{ containerPort: 8080, name: 'http' }],
      resources: { $patch: 'replace', limits: { cpu: '1' } },
    },
    { name: 'sidecar', image: 'example.com/sidecar:1' },
  ];
  const patches = [
    { target: { kind: 'Deployment' }, patch: merge({ spec: { template: { spec: { containers } } } }) },
    { ...PORT, patch: JSON.stringify([{ op: 'replace', path: '/spec/ports/0/port', value: 8080 }]) },
    { target: { kind: 'ConfigMap|Service' }, patch: '- {op: add, path: /metadata/labels, value: {both: "yes"}}' },
    {
      target: { name: 'w.b', labelSelector: 'both=yes' },
      patch: '- {op: add, path: /metadata/labels/second, value: "2"}',
    },
    { target: { kind: 'Config' }, patch: merge({ data: { never: '1' } }), optional: true },
    { target: { version: 'v1', kind: 'Deployment' }, patch: merge({ spec: { paused: true } }) },
    { patch: 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: web}\ndata: {greeting: null, more: "1"}' },
  ];
  const forKustomize = patches.map(({ target, patch }) => ({ target, patch }));
  await coxswain.file('all.yaml', LABELLED);
  await coxswain.file('kustomization.yaml', JSON.stringify({ resources: ['all.yaml'], patches: forKustomize }));
  const expected = loadAll(await coxswain.kubectl('kustomize', coxswain.controlPlane.directory)) as KubeObject[];

  const chart = await coxswain.push({ name: 'kustomized', templates: { 'all.yaml': LABELLED } });
  const web = await tenant.apply('web', chart, { patches });
  await web.until((release) => release.status?.version === 1);
  expect(expected.map(({ kind }) => kind).toSorted()).toEqual(['ConfigMap', 'Deployment', 'Service']);
  for (const { kind, metadata, ...fields } of expected) {
    expect(await get(kind, metadata.name)).toMatchObject({ metadata, ...fields });
  }
  expect(await tenant.configMap('web')).toEqual(expected.find(({ kind }) => kind === 'ConfigMap')?.['data']);
});
