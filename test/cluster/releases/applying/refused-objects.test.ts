import { expect, test } from '@jest/globals';
import type { Release } from '../../../../crds/index.ts';
import type { KubeObject } from '../../../../resources/index.ts';
import {
  countedOf,
  countedWhenQuiet,
  markAudit,
  requestsSince,
  type TimedRequest,
} from '../../../support/cluster/audit.ts';
import { eventually } from '../../../support/eventually.ts';
import { chartOf, configMap } from '../../../support/charts/hook-charts.ts';
import { conditionOf } from '../../../support/cluster/installation.ts';
import { story } from '../../../support/cluster/story.ts';
import type { Tenant } from '../../../support/cluster/tenant.ts';

const coxswain = story();

// The image of a Job may not change; in install order an Ingress stands behind it, and what goes is deleted after both.
const JOB = `apiVersion: batch/v1
kind: Job
metadata: {name: fixed}
spec:
  template:
    spec:
      restartPolicy: Never
      containers: [{name: main, image: "example.com/job:{{ .Values.tag }}"}]
`;
const INGRESS = `apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: behind}
spec:
  defaultBackend: {service: {name: {{ .Values.backend }}, port: {number: 80}}}
`;
const OLD = `{{ if eq .Values.tag "1" }}
apiVersion: v1
kind: ConfigMap
metadata: {name: old}
{{ end }}
`;
const VALUES = 'tag: "1"\nbackend: one\nvalue: one\n';

test('objects that follow a refused one are applied and repaired, and the previous version stays in force', async () => {
  const tenant = await coxswain.tenant();
  const chart = await coxswain.push(chartOf('refused', [JOB, INGRESS, configMap('app', 'value'), OLD], VALUES));
  const web = await tenant.apply('web', chart, { recreate: 'Never' });
  await web.ready();
  await web.patch({ values: { tag: '2', backend: 'two', value: 'two' } });
  const { message } = await web.failed('ApplyFailed');
  expect(message).toContain('field is immutable');
  expect(await backendIn(tenant)).toBe('two');
  expect(await tenant.configMap('app')).toEqual({ value: 'two' });
  expect(await tenant.configMap('old')).toEqual(undefined);
});

test('an object that is refused in the next version is kept as the version in force has it', async () => {
  const tenant = await coxswain.tenant();
  const keyed =
    'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: keyed}\ndata: {{ dict .Values.key "value" | toJson }}\n';
  const chart = await coxswain.push(chartOf('keyed', [keyed, configMap('app', 'value')], 'key: good\nvalue: one\n'));
  const web = await tenant.apply('web', chart);
  await web.ready();
  await web.patch({ values: { key: 'no key', value: 'two' } });
  await web.failed('ApplyFailed');
  expect(await tenant.configMap('app')).toEqual({ value: 'two' });
  await tenant.kubectl('delete', 'configmap', 'keyed');
  await eventually(
    () => tenant.configMap('keyed'),
    (data) => data?.['good'] === 'value',
  );
  const { status } = await web.get();
  expect(status).toMatchObject({ version: 1, operation: { version: 2, phase: 'Applying' } });
  expect(status?.resources?.find(({ name }) => name === 'keyed')?.health).toBe('Red');
  await web.patch({ values: { key: 'better', value: 'two' } });
  await web.inForce(3);
  expect(await tenant.configMap('keyed')).toEqual({ better: 'value' });
});

test('nothing refused is deleted or reverted further than to where the operation resumes from', async () => {
  const tenant = await coxswain.tenant();
  const keyed = (name: string): string =>
    `{{ with .Values.${name} }}\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: ${name}}\ndata: {{ dict . "value" | toJson }}\n{{ end }}\n`;
  const parts = [keyed('stuck'), keyed('moved'), keyed('added')];
  const chart = await coxswain.push(chartOf('further', parts, 'stuck: one\nmoved: one\n'));
  const web = await tenant.apply('web', chart);
  await web.ready();
  await web.patch({ values: { stuck: 'not valid', moved: 'two', added: 'two' } });
  await web.failed('ApplyFailed');
  expect(await tenant.configMap('moved')).toEqual({ two: 'value' });
  await web.patch({ values: { stuck: 'not valid', moved: 'nor this', added: 'nor that' } });
  await web.until(
    ({ status }) => /and 0 more|nor that/.test(status?.message ?? '') || status?.operation?.version === 3,
  );
  const failed = await web.failed('ApplyFailed');
  expect(failed.message).toContain('moved');
  await tenant.kubectl('patch', 'configmap', 'moved', '--type=merge', '--patch={"data":{"two":"drifted"}}');
  await eventually(
    () => tenant.configMap('moved'),
    (data) => data?.['two'] === 'value',
  );
  // Refused in both versions, it is still as the one in force has it; where it is gone, nobody knows.
  await tenant.kubectl('patch', 'configmap', 'stuck', '--type=merge', '--patch={"data":{"one":"drifted"}}');
  await eventually(
    () => tenant.configMap('stuck'),
    (data) => data?.['one'] === 'value',
  );
  expect(await tenant.configMap('added')).toEqual({ two: 'value' });
  expect(await tenant.configMap('moved')).toEqual({ two: 'value' });
});

async function backendIn(tenant: Tenant): Promise<string> {
  const path = '--output=jsonpath={.spec.defaultBackend.service.name}';
  return tenant.kubectl('get', 'ingress', 'behind', '--ignore-not-found', path);
}

test('a refused upgrade shows its object Red, deletes nothing, and completes once nothing is in its way', async () => {
  const tenant = await coxswain.tenant();
  const chart = await coxswain.push(chartOf('refused-later', [JOB, INGRESS, OLD], VALUES));
  const web = await tenant.apply('web', chart, { recreate: 'Never' });
  await web.ready();
  await web.patch({ values: { tag: '2', backend: 'two' } });
  await web.failed('ApplyFailed');
  const { status } = await web.get();
  expect(status).toMatchObject({ version: 1, health: 'Red', operation: { version: 2, phase: 'Applying' } });
  expect(status?.history?.map(({ version }) => version)).toEqual([1]);
  expect(rowOf(await web.get(), 'fixed')).toMatchObject({
    health: 'Red',
    message: expect.stringContaining('field is immutable'),
  });
  expect(await tenant.kubectl('get', 'configmap', 'old', '--output=name')).not.toBe('');

  await tenant.kubectl('delete', 'ingress', 'behind');
  await eventually(
    () => backendIn(tenant),
    (backend) => backend === 'two',
  );
  await tenant.kubectl('delete', 'job', 'fixed');
  const release = await web.ready();
  expect(release.status).toMatchObject({ version: 2, health: 'Green' });
  expect(rowOf(release, 'old')).toBeUndefined();
});

test('an install that is partly refused is Red, and is repaired by the next edit', async () => {
  const tenant = await coxswain.tenant();
  const wrong = configMap('app', 'value').replace('\ndata:', '\nimmutable: {{ .Values.wrong }}\ndata:');
  const chart = await coxswain.push(chartOf('refused-first', [wrong, INGRESS], `${VALUES}wrong: "maybe"\n`));
  const web = await tenant.apply('web', chart);
  await web.failed('ApplyFailed');
  const { status } = await web.get();
  expect(status).toMatchObject({ health: 'Red', operation: { type: 'Install' } });
  expect(status?.version).toBeUndefined();
  expect(await backendIn(tenant)).toBe('one');
  await web.patch({ values: { wrong: false } });
  const release = await web.ready();
  expect(conditionOf(release, 'Ready')?.reason).toBe('InstallSucceeded');
  expect(release.status?.version).toBe(2);
});

const MANY = `{{ range $i := until 60 }}
apiVersion: v1
kind: ConfigMap
metadata: {name: c{{ printf "%02d" $i }}}
data: { {{ if lt $i (int $.Values.wrong) }}"not a key"{{ else }}key{{ end }}: v }
---
{{ end }}`;

test('a plan ends after fifty refusals and says how many remain; with fewer it goes on', async () => {
  const { controlPlane } = coxswain;
  const tenant = await coxswain.tenant();
  const chart = await coxswain.push(chartOf('many', [MANY], 'wrong: 59\n'));
  const mark = await markAudit(controlPlane, tenant);
  const web = await tenant.apply('web', chart);
  const { message } = await web.failed('ApplyFailed');
  expect(message).toMatch(/ConfigMap "c09".*; and 40 more, after which nothing else was tried$/s);
  expect(message).not.toContain('ConfigMap "c10"');
  const sent = (await countedWhenQuiet('coxswain', mark)).filter(
    ({ objectRef }) => objectRef?.resource === 'configmaps',
  );
  const tried = new Set(sent.map(({ objectRef }) => objectRef?.name));
  expect([...tried]).toEqual(Array.from({ length: 50 }, (_, index) => `c${String(index).padStart(2, '0')}`));
  expect(await tenant.configMap('c59')).toBeUndefined();

  await web.patch({ values: { wrong: 49 } });
  await eventually(
    () => tenant.configMap('c59'),
    (data) => data !== undefined,
  );
  await web.failed('ApplyFailed');
  await web.patch({ values: { wrong: 0 } });
  await web.ready();
});

/** Makes the API server refuse another value in ConfigMaps with an entry of this name, by the first validation that fails. */
async function refuse(entry: string, validations: readonly object[]): Promise<void> {
  const { kubectl } = coxswain;
  const group = 'admissionregistration.k8s.io';
  const rule = { apiGroups: [''], apiVersions: ['v1'], operations: ['UPDATE'], resources: ['configmaps'] };
  const isChanged = `'${entry}' in object.data && object.data.value != oldObject.data.value`;
  await kubectl.apply({
    apiVersion: `${group}/v1`,
    kind: 'ValidatingAdmissionPolicy',
    metadata: { name: entry },
    spec: {
      matchConstraints: { resourceRules: [rule] },
      matchConditions: [{ name: 'changed', expression: isChanged }],
      validations,
    },
  });
  await kubectl.apply({
    apiVersion: `${group}/v1`,
    kind: 'ValidatingAdmissionPolicyBinding',
    metadata: { name: entry },
    spec: { policyName: entry, validationActions: ['Deny'] },
  });
  await kubectl.apply({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: entry },
    data: { [entry]: 'x', b0: 'x', value: 'x' },
  });
  const edit = ['patch', 'configmap', entry, '--type=merge', '--dry-run=server', '--patch={"data":{"value":"y"}}'];
  await eventually(
    async () => kubectl.attempt(edit),
    ({ code }) => code !== 0,
  );
}

test.each([
  ['refused in the same words', 'same', () => ({ expression: 'false' }), 2],
  ['refused for one after the other', 'many', (field: string) => ({ expression: `!has(object.data.${field})` }), 11],
])('an object that is %s is not sent again and again', async (_, label, validationOf, sent) => {
  const { controlPlane } = coxswain;
  const tenant = await coxswain.tenant();
  const fields = Array.from({ length: 12 }, (_, index) => `b${index}`);
  const reason = 'Invalid';
  const labelled = configMap('c', 'value').replace('\ndata: {', `\ndata: {${label}: x, `);
  const chart = await coxswain.push(chartOf(label, [labelled], VALUES));
  const web = await tenant.apply('web', chart);
  await web.ready();
  const patch = JSON.stringify({ data: Object.fromEntries(fields.map((field) => [field, 'x'])) });
  await tenant.kubectl('patch', 'configmap', 'c', '--type=merge', `--patch=${patch}`);
  await refuse(
    label,
    fields.map((field) => ({ ...validationOf(field), message: `data.${field}: Forbidden: no`, reason })),
  );
  const mark = await markAudit(controlPlane, tenant);
  await web.patch({ values: { value: 'two' } });
  await web.failed('ApplyFailed');
  const requests = countedOf('coxswain', await requestsSince(mark));
  const isRefused = ({ responseStatus }: TimedRequest): boolean => responseStatus?.code === 422;
  const first = requests.slice(requests.findIndex(isRefused));
  // The status is written when the attempt is over; another follows.
  const over = first.findIndex(({ objectRef }) => objectRef?.resource === 'releases');
  expect(first.slice(0, over).filter(isRefused)).toHaveLength(sent);
});

function rowOf({ status }: Release, name: string): Partial<KubeObject> | undefined {
  return status?.resources?.find((row) => row.name === name);
}
