import { expect, test } from '@jest/globals';
import type { KubeObject } from '../../../../resources/index.ts';
import { eventually } from '../../../support/eventually.ts';
import { chartOf, configMap, hookJob } from '../../../support/charts/hook-charts.ts';
import { story } from '../../../support/cluster/story.ts';
import { established } from '../../../support/cluster/kubectl.ts';

const coxswain = story();

const VALUES = 'value: one\n';

function asHook(document: string, events: string, more = ''): string {
  return document.replace('metadata: {', `metadata: {annotations: {helm.sh/hook: "${events}"${more}}, `);
}

test('objects created by hooks outlive the Release, as with Helm', async () => {
  const { kubectl } = coxswain;
  const tenant = await coxswain.tenant({ rights: 'trusted' });
  const claim = `apiVersion: v1
kind: PersistentVolumeClaim
metadata: {name: data}
spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}
`;
  const definition = `apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: boats.${tenant.namespace}.example.com}
spec:
  group: ${tenant.namespace}.example.com
  scope: Namespaced
  names: {kind: Boat, plural: boats, singular: boat, listKind: BoatList}
  versions:
    - {name: v1, served: true, storage: true, schema: {openAPIV3Schema: {type: object}}}
`;
  const hooks = [
    asHook(claim, 'pre-install', ', helm.sh/resource-policy: keep'),
    asHook(definition, 'pre-install,pre-upgrade'),
    asHook(configMap('going', 'value'), 'post-install', ', helm.sh/hook-delete-policy: hook-succeeded'),
  ];
  const chart = await coxswain.push(chartOf('leaving', [...hooks, configMap('app', 'value')], VALUES));
  await tenant.apply('web', chart);
  await tenant.release('web').ready();
  expect(await tenant.configMap('going')).toBeUndefined();
  const boats = `boats.${tenant.namespace}.example.com`;
  await established(kubectl, boats);
  await kubectl.apply({
    apiVersion: `${tenant.namespace}.example.com/v1`,
    kind: 'Boat',
    metadata: { name: 'mine', namespace: 'default' },
  });
  await tenant.release('web').delete();
  const left = await tenant.kubectl('get', `pvc/data`, `crd/${boats}`, '--output=name');
  expect(left.trim().split('\n')).toHaveLength(2);
  expect((await kubectl('get', boats, 'mine', '--namespace=default', '--output=name')).trim()).not.toBe('');
  expect(await tenant.configMap('app')).toBeUndefined();
  await kubectl('delete', `crd/${boats}`);
});

test('an object that only a hook of an older version created stays, as with Helm', async () => {
  const tenant = await coxswain.tenant();
  const web = tenant.release('web');
  const app = configMap('app', 'value');
  const old = await coxswain.push(chartOf('aged', [asHook(configMap('old', 'value'), 'pre-install'), app], VALUES));
  const next = await coxswain.push(chartOf('aged', [app], VALUES, '1.0.1'));
  await tenant.apply('web', { ...old, version: '1.0.0' });
  await web.inForce(1);
  await web.patch({ chart: { version: next.version } });
  await web.inForce(2);
  expect(await tenant.configMap('old')).toEqual({ value: 'one' });
  await web.delete();
  expect(await tenant.configMap('old')).toEqual({ value: 'one' });
});

test('a child that becomes a hook lives on, and can become a child again', async () => {
  const tenant = await coxswain.tenant();
  const web = tenant.release('web');
  const other = configMap('other', 'value');
  const normal = await coxswain.push(chartOf('turning', [configMap('th', 'value'), other], VALUES));
  const hooks = [asHook(configMap('th', 'value'), 'pre-install,pre-upgrade,pre-rollback'), other];
  const hooked = await coxswain.push(chartOf('turning', hooks, VALUES, '1.0.1'));
  await tenant.apply('web', { ...normal, version: '1.0.0' });
  await web.ready();
  await web.patch({ chart: { version: hooked.version }, values: { value: 'two' } });
  await web.ready();
  expect(await tenant.configMap('th')).toEqual({ value: 'two' });
  expect((await web.get()).status?.resources?.map(({ name }) => name)).toEqual(['other']);
  await web.patch({ version: 1 });
  const back = await web.until(({ status }) => status?.version === 1 && status.health === 'Green');
  expect(await tenant.configMap('th')).toEqual({ value: 'one' });
  expect(back.status?.resources?.map(({ name }) => name)).toContain('th');
  await web.delete();
  expect(await tenant.configMap('th')).toBeUndefined();
});

test('two hooks with one name both run, the second in place of the first', async () => {
  const tenant = await coxswain.tenant();
  const twice = [hookJob({ name: 'twice', events: 'pre-install', weight: 1, image: 'example.com/hook:first' })];
  twice.push(hookJob({ name: 'twice', events: 'pre-install', weight: 2, image: 'example.com/hook:second' }));
  const chart = await coxswain.push(chartOf('twice', twice, VALUES));
  await tenant.apply('web', chart);
  const release = await tenant.release('web').ready();
  expect(release.status?.hooks?.map(({ name, phase }) => [name, phase])).toEqual([
    ['twice', 'Succeeded'],
    ['twice', 'Succeeded'],
  ]);
  const job = await tenant.kubectl.json<KubeObject>('get', 'job', 'twice');
  expect(JSON.stringify(job['spec'])).toContain('hook:second');
});

test('a hook with unknown fields or duplicate items is created as a child would be', async () => {
  const tenant = await coxswain.tenant();
  const odd = hookJob({ name: 'odd', events: 'pre-install', spec: 'unheardOf: 1' }).replace(
    'containers: [{',
    'containers: [{env: [{name: A, value: "1"}, {name: A, value: "2"}], alsoUnheardOf: true, ',
  );
  const chart = await coxswain.push(chartOf('odd', [odd], VALUES));
  await tenant.apply('web', chart);
  await tenant.release('web').ready();
});

test('the items of a hook that is a list are created together, and awaited', async () => {
  const tenant = await coxswain.tenant();
  const items = [hookJob({ name: 'reader', events: 'pre-install' }), configMap('read', 'value')];
  const asItem = (document: string): string => `- ${document.trimEnd().replaceAll('\n', '\n  ')}\n`;
  const list = `apiVersion: v1\nkind: List\nmetadata: {annotations: {helm.sh/hook: pre-install}}\nitems:\n`;
  const chart = await coxswain.push(chartOf('list', [list + items.map(asItem).join('')], VALUES));
  await tenant.kubectl('create', 'quota', 'none', '--hard=pods=0');
  await tenant.apply('web', chart);
  await eventually(
    () => tenant.configMap('read'),
    (data) => data?.['value'] === 'one',
  );
  const { status } = await tenant.release('web').until((release) => release.status?.hooks !== undefined);
  expect(status?.hooks?.[0]).toMatchObject({ kind: 'Job', name: 'reader', phase: 'Running' });
  await tenant.kubectl('delete', 'quota', 'none');
  await tenant.release('web').ready();
});

test('a hook with a generateName runs under a name of its own, and is awaited', async () => {
  const tenant = await coxswain.tenant();
  const generated = hookJob({ name: 'x', events: 'pre-install' }).replace('name: x', 'generateName: made-');
  const chart = await coxswain.push(chartOf('generated', [generated], VALUES));
  await tenant.apply('web', chart);
  const release = await tenant.release('web').ready();
  expect(release.status?.hooks).toMatchObject([
    { name: expect.stringMatching(/^made-[0-9a-f]{5}$/), phase: 'Succeeded' },
  ]);
  const jobs = await tenant.kubectl('get', 'jobs', '--output=name');
  expect(jobs.trim()).toBe(`job.batch/${release.status?.hooks?.[0]?.name}`);
});

test('a hook Job without time to live that ends while no controller runs has succeeded, once', async () => {
  const tenant = await coxswain.tenant();
  const brief = hookJob({ name: 'brief', events: 'pre-install', spec: 'ttlSecondsAfterFinished: 0' });
  const chart = await coxswain.push(chartOf('brief', [brief, configMap('app', 'value')], VALUES));
  await tenant.kubectl('create', 'quota', 'none', '--hard=pods=0');
  await tenant.apply('web', chart);
  await eventually(
    () => tenant.kubectl('get', 'jobs', '--output=name'),
    (jobs) => jobs.trim() !== '',
  );
  await coxswain.controller.stop();
  await tenant.kubectl('delete', 'quota', 'none');
  await tenant.kubectl('wait', 'job/brief', '--for=condition=Complete', '--timeout=60s');
  await coxswain.restart();
  const release = await tenant.release('web').ready();
  expect(release.status?.hooks?.map(({ phase }) => phase)).toEqual(['Succeeded']);
  await eventually(
    () => tenant.kubectl('get', 'jobs', '--output=name'),
    (jobs) => jobs.trim() === '',
  );
});
