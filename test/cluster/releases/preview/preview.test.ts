import { beforeEach, expect, test } from '@jest/globals';
import type { Release, ReleasePreview } from '../../../../crds/index.ts';
import { countedWhenQuiet, describeRequest, markAudit } from '../../../support/cluster/audit.ts';
import type { ChartParts } from '../../../support/charts/chart-builder.ts';
import { webChart } from '../../../support/charts/web-chart.ts';
import type { ReleaseView } from '../../../support/cluster/installation.ts';
import { eventually } from '../../../support/eventually.ts';
import { actionsOf, previewed } from './previewed.ts';
import { story } from '../../../support/cluster/story.ts';
import type { Tenant } from '../../../support/cluster/tenant.ts';

// What a change would do, told before it is made.

const coxswain = story();
let tenant: Tenant;

beforeEach(async () => {
  tenant = await coxswain.tenant();
});

const CONFIG = `apiVersion: v1
kind: ConfigMap
metadata: {name: {{ .Release.Name }}}
`;
const LIMITS = `apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ .Release.Name }}-limited
spec:
  replicas: 0
  selector:
    matchLabels: {app: {{ .Values.app | default "limited" }}}
  template:
    metadata:
      labels: {app: {{ .Values.app | default "limited" }}}
    spec:
      containers:
        - name: app
          image: example.com/app:1
          resources:
            requests: {cpu: {{ .Values.cpu | default "1000m" }}}
`;

async function installed(values: object = {}, more: Partial<ChartParts> = {}): Promise<ReleaseView> {
  const web = await tenant.apply('web', await coxswain.push(webChart('1.0.0', more)), { values });
  await web.inForce(1);
  return web;
}

/** A preview of the Release with other fields in its spec. */
async function withSpec(web: ReleaseView, changed: Record<string, unknown>): Promise<ReleasePreview> {
  const { spec } = await web.get();
  return previewed(tenant, { release: 'web', template: { spec: { ...spec, ...changed } } });
}

/** All that a write would touch: the Release, its children, its versions and their pieces. */
async function states(): Promise<string[]> {
  const kinds = 'release,relhist,deployment,service,configmap,secret,replicaset';
  const { items } = await tenant.kubectl.json<{ items: Release[] }>('get', kinds);
  return items.map(({ kind, metadata }) => `${kind}/${metadata.name} ${metadata.resourceVersion}`);
}

function changesOf({ status }: ReleasePreview): string[] {
  return (status?.changes ?? []).map(({ object, path, from, to }) => `${object}${path}: ${from} -> ${to}`);
}

test('a change of values shows what is created, updated and deleted, and nothing is written', async () => {
  const web = await installed({ extra: 'one' });
  const before = await states();
  const mark = await markAudit(coxswain.controlPlane, tenant);
  const templates = { ...webChart().templates, 'more.yaml': LIMITS };
  const chart = await coxswain.push(webChart('1.1.0', { templates }));
  const preview = await withSpec(web, {
    chart: { registry: chart.registry, name: chart.name, version: '1.1.0' },
    values: { tag: '2' },
  });
  expect(actionsOf(preview)).toEqual([
    'Update ConfigMap/web',
    'Update Deployment/web',
    'Create Deployment/web-limited',
    'Delete ConfigMap/web-extra',
  ]);
  expect(changesOf(preview)).toEqual([
    'Deployment/web/spec/template/spec/containers/0/image: example.com/app:1 -> example.com/app:2',
    'Deployment/web-limited: undefined -> undefined',
    'ConfigMap/web-extra: undefined -> undefined',
    'ConfigMap/web/data/revision: 1.0.0 -> 1.1.0',
  ]);
  expect(preview.status).toMatchObject({
    operation: 'Upgrade',
    version: 2,
    from: 1,
    chart: { name: 'web', version: '1.1.0' },
    counts: { create: 1, update: 2, delete: 1, unchanged: 1, unknown: 0, hooks: 0, refused: 0 },
    changesTotal: 4,
    conditions: [{ type: 'Complete', status: 'True', reason: 'Previewed' }],
  });
  const sent = await countedWhenQuiet('coxswain', mark);
  const stored = sent.filter(
    ({ verb, requestURI }) => !['get', 'list'].includes(verb) && !requestURI.includes('dryRun=All'),
  );
  expect(stored.map(describeRequest)).toEqual([
    'create selfsubjectrulesreviews',
    `patch releasepreviews/${preview.metadata.name}/status`,
  ]);
  expect(await states()).toEqual(before);
});

test('neither a value that the API server writes differently nor an unchanged spec is a change', async () => {
  const web = await installed({}, { templates: { 'more.yaml': LIMITS } });
  const preview = await withSpec(web, { values: { cpu: '1' } });
  expect(preview.status).toMatchObject({ version: 2, counts: { update: 0, unchanged: 1 }, changesTotal: 0 });
  const same = await withSpec(web, {});
  expect(same.status).toMatchObject({ version: 1, counts: { update: 0, unchanged: 1, hooks: 0 }, changesTotal: 0 });
  expect(same.status?.operation).toBeUndefined();
});

test('all refusals are reported at once: an immutable field, a quota, an object of somebody else', async () => {
  const web = await installed({}, { templates: { 'more.yaml': LIMITS } });
  await tenant.kubectl.apply({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'web' }, data: { a: 'theirs' } });
  await tenant.kubectl('create', 'quota', 'none', '--hard=count/services=0');
  await tenant.kubectl('wait', 'quota/none', '--for=jsonpath={.status.used}', '--timeout=90s');
  const chart = await coxswain.push(webChart('1.2.0', { templates: { ...webChart().templates, 'more.yaml': LIMITS } }));
  const preview = await withSpec(web, {
    chart: { registry: chart.registry, name: chart.name, version: '1.2.0' },
    values: { app: 'other' },
    recreate: 'Never',
  });
  expect(preview.status?.refusals).toEqual([
    { object: 'ConfigMap/web', reason: 'AlreadyExists', message: expect.stringContaining('was not created by this') },
    { object: 'Service/web', reason: 'ApplyFailed', message: expect.stringContaining('exceeded quota') },
    { object: 'Deployment/web-limited', reason: 'ApplyFailed', message: expect.stringContaining('field is immutable') },
  ]);
  expect(actionsOf(preview)).toEqual(['Create Deployment/web']);
  expect(preview.status?.counts).toMatchObject({ refused: 3, create: 1 });
});

test('an object with a change to an immutable field is shown as recreated, and stays', async () => {
  const web = await installed({}, { templates: { 'more.yaml': LIMITS } });
  const before = await states();
  const preview = await withSpec(web, { values: { app: 'other' } });
  expect(preview.status).toMatchObject({
    counts: { recreate: 1, update: 0, refused: 0 },
    objects: [{ action: 'Recreate', class: 'Recreate', fields: ['spec.selector'], name: 'web-limited' }],
  });
  // What only the deployment controller has written is gone with the object.
  expect(changesOf(preview).filter((change) => !change.includes('/annotations'))).toEqual([
    'Deployment/web-limited/spec/selector/matchLabels/app: limited -> other',
    'Deployment/web-limited/spec/template/metadata/labels/app: limited -> other',
  ]);
  expect(await states()).toEqual(before);
});

test('a Release that does not exist yet is previewed with its hooks, and objects that a chart may not have are refused', async () => {
  const hook = `apiVersion: v1
kind: ConfigMap
metadata:
  name: {{ .Release.Name }}-hook
  annotations: {helm.sh/hook: pre-install, helm.sh/hook-weight: "-5"}
`;
  const templates = { ...webChart().templates, 'hook.yaml': hook };
  const { registry, name, version } = await coxswain.push(webChart('1.3.0', { templates }));
  const chart = { registry, name, version };
  const preview = await previewed(tenant, { release: 'new', template: { spec: { chart } } });
  expect(actionsOf(preview)).toEqual(['Create ConfigMap/new', 'Create Service/new', 'Create Deployment/new']);
  expect(preview.status).toMatchObject({
    operation: 'Install',
    version: 1,
    hooks: [{ event: 'pre-install', weight: -5, kind: 'ConfigMap', name: 'new-hook' }],
    counts: { hooks: 1, refused: 0 },
  });
  const cluster =
    'apiVersion: v1\nkind: Namespace\nmetadata: {name: x}\n---\napiVersion: a.example/v1\nkind: None\nmetadata: {name: other}\n';
  const refused = await coxswain.push({ name: 'refused', templates: { 'x.yaml': cluster } });
  const other = { registry: refused.registry, name: refused.name };
  const told = await previewed(tenant, { release: 'new', template: { spec: { chart: other } } });
  expect(told.status?.conditions).toMatchObject([{ status: 'False', reason: 'Refused' }]);
  expect(told.status?.refusals?.map(({ object }) => object)).toEqual(['Namespace/x', 'None/other']);
  expect(await states()).toEqual([expect.stringContaining('kube-root-ca.crt')]);
});

test('without a template, what the controller would correct is shown, also where drift is left alone', async () => {
  const web = await installed();
  await web.patch({ drift: 'Ignore' });
  await web.ready();
  await tenant.kubectl('patch', 'configmap', 'web', '--type=merge', '--patch={"data":{"greeting":"hacked"}}');
  await tenant.kubectl('delete', 'service', 'web');
  const preview = await previewed(tenant, { release: 'web' });
  expect(actionsOf(preview)).toEqual(['Update ConfigMap/web', 'Create Service/web']);
  expect(changesOf(preview)).toEqual([
    'Service/web: undefined -> undefined',
    'ConfigMap/web/data/greeting: hacked -> hello',
  ]);
  expect(await tenant.configMap('web')).toMatchObject({ greeting: 'hacked' });
});

test('a rollback is previewed by the version that it would restore', async () => {
  const web = await installed();
  await web.patch({ values: { greeting: 'two' } });
  await web.inForce(2);
  const before = await states();
  const preview = await withSpec(web, { version: 1 });
  expect(preview.status).toMatchObject({ operation: 'Rollback', version: 1, from: 2 });
  expect(changesOf(preview)).toEqual(['ConfigMap/web/data/greeting: two -> hello']);
  const unknown = await withSpec(web, { version: 7 });
  expect(unknown.status?.conditions).toMatchObject([{ status: 'False', reason: 'VersionNotFound' }]);
  expect(await states()).toEqual(before);
});

test('a failing webhook is reported and the preview stays unanswered until it works', async () => {
  const { namespace, kubectl } = tenant;
  await installed();
  const webhook = {
    name: 'fails.example.com',
    admissionReviewVersions: ['v1'],
    sideEffects: 'None',
    timeoutSeconds: 1,
    clientConfig: { url: 'https://127.0.0.1:1/' },
    namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': namespace } },
    rules: [{ apiGroups: [''], apiVersions: ['v1'], resources: ['configmaps'], operations: ['CREATE', 'UPDATE'] }],
  };
  const kind = 'ValidatingWebhookConfiguration';
  await kubectl.apply({
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind,
    metadata: { name: namespace },
    webhooks: [webhook],
  });
  // The API server takes note of it a little later.
  await eventually(
    async () => kubectl.attempt(['create', 'configmap', 'trial', '--dry-run=server']),
    ({ stderr }) => stderr.includes('fails.example.com'),
  );
  const { registry, name } = await coxswain.push({ name: 'hooked', templates: { 'c.yaml': CONFIG } });
  const spec = { release: 'other', template: { spec: { chart: { registry, name } } } };
  await kubectl.apply({
    apiVersion: 'coxswain.dev/v1alpha1',
    kind: 'ReleasePreview',
    metadata: { name: 'asked', namespace },
    spec,
  });
  const look = async (): Promise<ReleasePreview> => kubectl.json<ReleasePreview>('get', 'relpreview', 'asked');
  const told = await eventually(look, ({ status }) => status?.conditions !== undefined);
  expect(told.status).toMatchObject({ conditions: [{ status: 'False', reason: 'ApiUnavailable' }] });
  expect(told.status?.conditions?.[0]?.message).toContain('fails.example.com');
  expect(told.status).not.toHaveProperty('observedGeneration');
  await kubectl('delete', kind, namespace);
  const answered = await eventually(look, ({ status }) => status?.observedGeneration === 1);
  expect(answered.status).toMatchObject({ conditions: [{ status: 'True', reason: 'Previewed' }] });
});

test('a change by an admission policy counts, and is no change once it has been made', async () => {
  const { namespace, kubectl } = tenant;
  const object = (kind: string, spec: object): object => ({
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind,
    metadata: { name: namespace },
    spec,
  });
  const expression = "[JSONPatch{op: 'add', path: '/data/stamped', value: object.data.greeting}]";
  const policy = object('MutatingAdmissionPolicy', {
    failurePolicy: 'Fail',
    reinvocationPolicy: 'Never',
    matchConstraints: {
      namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': namespace } },
      resourceRules: [{ apiGroups: [''], apiVersions: ['v1'], resources: ['configmaps'], operations: ['*'] }],
    },
    matchConditions: [{ name: 'greets', expression: "object.?data['greeting'].hasValue()" }],
    mutations: [{ patchType: 'JSONPatch', jsonPatch: { expression } }],
  });
  await kubectl.apply(policy, object('MutatingAdmissionPolicyBinding', { policyName: namespace }));
  const trial = ['create', 'configmap', 'trial', '--from-literal=greeting=x', '--dry-run=server', '--output=json'];
  await eventually(
    async () => kubectl(...trial),
    (made) => made.includes('"stamped"'),
  );
  const web = await installed();
  expect((await withSpec(web, {})).status).toMatchObject({ counts: { unchanged: 3 } });
  expect(changesOf(await withSpec(web, { values: { greeting: 'two' } }))).toEqual([
    'ConfigMap/web/data/greeting: hello -> two',
    'ConfigMap/web/data/stamped: hello -> two',
  ]);
  await kubectl('delete', 'mutatingadmissionpolicybinding,mutatingadmissionpolicy', namespace);
});

test('a takeover is previewed against the existing object', async () => {
  await tenant.kubectl('create', 'configmap', 'web', '--from-literal=greeting=mine');
  const { registry, name, version } = await coxswain.push(webChart('1.0.0'));
  const before = await states();
  const preview = await previewed(tenant, {
    release: 'web',
    template: { spec: { chart: { registry, name, version }, adopt: 'Any' } },
  });
  expect(preview.status).toMatchObject({ operation: 'Adopt', version: 1, counts: { refused: 0 } });
  expect(actionsOf(preview)).toContain('Update ConfigMap/web');
  expect(changesOf(preview)).toContain('ConfigMap/web/data/greeting: mine -> hello');
  expect(await states()).toEqual(before);
});
