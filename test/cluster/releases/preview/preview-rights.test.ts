import { readFile } from 'node:fs/promises';
import { expect, test } from '@jest/globals';
import { chartOf, configMap } from '../../../support/charts/hook-charts.ts';
import { actionsOf, previewed } from './previewed.ts';
import { story } from '../../../support/cluster/story.ts';

// A preview has the rights of the Release's service account, and tells no secret.

const coxswain = story();

const SECRET = `apiVersion: v1
kind: Secret
metadata: {name: {{ .Release.Name }}}
stringData: {password: {{ .Values.password | default "none" | quote }}}
`;
const CONFIG = `apiVersion: v1
kind: ConfigMap
metadata: {name: {{ .Release.Name }}}
data: {dsn: {{ printf "db://u:%s@db" (.Values.password | default "none") | quote }}}
`;

test('objects that may not be read are listed with the rights that are missing, and the rest is previewed', async () => {
  const tenant = await coxswain.tenant({ rights: 'none' });
  await tenant.grant('watch,create,patch,delete,get', 'configmaps');
  const { registry, name } = await coxswain.push({ name: 'both', templates: { 's.yaml': SECRET, 'c.yaml': CONFIG } });
  const template = { spec: { chart: { registry, name } } };
  const preview = await previewed(tenant, { release: 'web', template });
  expect(actionsOf(preview)).toEqual(['Create ConfigMap/web', 'Unknown Secret/web']);
  expect(preview.status).toMatchObject({
    counts: { create: 1, unknown: 1 },
    missingPermissions: [{ verbs: ['watch', 'create', 'patch', 'delete'], group: '', resource: 'secrets' }],
    conditions: [{ status: 'False', reason: 'Forbidden' }],
  });
  const granted = await tenant.kubectl.attempt(['apply', '--filename=-'], { input: preview.status?.grant ?? '' });
  expect(granted).toMatchObject({ code: 0 });
  const again = await previewed(tenant, { release: 'web', template });
  expect(again.status?.conditions).toMatchObject([{ status: 'True', reason: 'Previewed' }]);
});

test('a missing service account, and one that may not read a source of values, are reported', async () => {
  const tenant = await coxswain.tenant({ rights: 'none' });
  const { registry, name } = await coxswain.push(chartOf('sourced', [configMap('app', 'value')], 'value: a\n'));
  const chart = { registry, name };
  const absent = await previewed(tenant, { release: 'web', template: { spec: { chart, serviceAccountName: 'gone' } } });
  expect(absent.status?.conditions).toMatchObject([{ status: 'False', reason: 'ServiceAccountNotFound' }]);
  const valuesFrom = [{ kind: 'Secret', name: 'values' }];
  const unread = await previewed(tenant, { release: 'web', template: { spec: { chart, valuesFrom } } });
  expect(unread.status?.conditions).toMatchObject([{ status: 'False', reason: 'Forbidden' }]);
  const { message = '' } = unread.status?.conditions?.[0] ?? {};
  expect(message).toContain('secrets');
  expect(message).toContain('configmaps');
});

test('a value from a Secret is never shown, neither the old one nor the new one', async () => {
  const tenant = await coxswain.tenant();
  const values = async (password: string): Promise<void> =>
    tenant.kubectl.apply({
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 'values' },
      stringData: { 'values.yaml': `password: ${password}\n` },
    });
  await values('c0rrect-h0rse-b@ttery');
  const chart = await coxswain.push({ name: 'told', templates: { 's.yaml': SECRET, 'c.yaml': CONFIG } });
  const web = await tenant.apply('web', chart, { valuesFrom: [{ kind: 'Secret', name: 'values' }], suspend: false });
  await web.inForce(1);
  await web.patch({ suspend: true });
  await values('st@ple-tr0ub@dor');
  const { spec } = await web.get();
  const preview = await previewed(tenant, { release: 'web', template: { spec } });
  expect(preview.status?.changes).toMatchObject([
    { object: 'Secret/web', path: '/data/password', from: '***', to: '***' },
    { object: 'ConfigMap/web', path: '/data/dsn', from: 'db://u:***@db', to: 'db://u:***@db' },
  ]);
  const broken = await coxswain.push({ name: 'broken', templates: { 'c.yaml': '{{ fail .Values.password }}' } });
  const failing = { ...spec, chart: { registry: broken.registry, name: broken.name } };
  const failed = await previewed(tenant, { release: 'web', template: { spec: failing } });
  expect(failed.status?.conditions).toMatchObject([{ status: 'False', reason: 'TemplateFailed' }]);
  const told = [
    await tenant.kubectl('get', 'relpreview', '--output=yaml'),
    await tenant.kubectl('get', 'events', '--output=yaml'),
    await readFile(coxswain.controller.logFile, 'utf8'),
  ];
  for (const text of told) expect(text).not.toMatch(/c0rrect|st@ple|tr0ub/);
});
