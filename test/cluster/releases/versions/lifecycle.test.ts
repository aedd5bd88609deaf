import { expect, test } from '@jest/globals';
import type { KubeObject } from '../../../../resources/index.ts';
import { eventually } from '../../../support/eventually.ts';
import { conditionOf } from '../../../support/cluster/installation.ts';
import { story } from '../../../support/cluster/story.ts';
import type { Tenant } from '../../../support/cluster/tenant.ts';
import { webChart } from '../../../support/charts/web-chart.ts';

const coxswain = story();

test('a Release is installed, upgraded, rolled back by an edit of spec.version, and deleted without a trace', async () => {
  const tenant = await coxswain.tenant();
  const web = tenant.release('web');
  const chart = await coxswain.push(webChart());

  await tenant.apply('web', chart, { values: { greeting: 'one' } });
  const installed = await web.ready();
  expect(installed.status).toMatchObject({ version: 1, health: 'Green', message: '' });
  expect(installed.status?.chart).toEqual({ name: 'web', version: '1.0.0', digest: chart.digest });
  expect(installed.spec.version).toBe(1);
  expect(conditionOf(installed, 'Ready')?.reason).toBe('InstallSucceeded');
  expect(installed.status?.resources?.map(({ kind, health }) => `${kind} ${health}`)).toEqual([
    'ConfigMap Green',
    'Service Green',
    'Deployment Green',
  ]);
  const history = await web.histories();
  expect(history.map(({ spec }) => [spec.version, spec.description])).toEqual([[1, 'Install web-1.0.0']]);
  const child = await configMap(tenant, 'web');
  expect(Date.parse(history[0]?.metadata.creationTimestamp ?? '')).toBeLessThanOrEqual(
    Date.parse(child?.metadata.creationTimestamp ?? ''),
  );

  const before = await versionsOfChildren(tenant);
  await web.patch({ values: { greeting: 'two', extra: 'more' } });
  await web.inForce(2);
  expect(await tenant.configMap('web')).toMatchObject({ greeting: 'two' });
  expect(await tenant.configMap('web-extra')).toEqual({ extra: 'more' });
  const after = await versionsOfChildren(tenant);
  expect(after['Service/web']).toBe(before['Service/web']);
  expect(after['ConfigMap/web']).not.toBe(before['ConfigMap/web']);
  const second = (await web.histories()).at(-1);
  expect(second?.spec.changes).toEqual([
    { object: 'ConfigMap/web-extra', path: '', change: 'Added' },
    { object: 'ConfigMap/web', path: '/data/greeting', change: 'Changed', from: 'one', to: 'two' },
  ]);

  await web.patch({ version: 1 });
  const back = await web.inForce(1);
  expect(back.spec.version).toBe(1);
  expect(back.spec.values).toEqual({ greeting: 'one' });
  expect(conditionOf(back, 'Ready')?.reason).toBe('RollbackSucceeded');
  expect(await tenant.configMap('web')).toMatchObject({ greeting: 'one' });
  expect(await tenant.configMap('web-extra')).toBeUndefined();
  expect(await web.histories()).toHaveLength(2);

  await tenant.kubectl('create', 'configmap', 'bystander');
  await web.delete();
  const left = await eventually(
    () => tenant.kubectl('get', 'deploy,svc,cm,secret,rs,pod,rel,relhist', '--output=name'),
    (names) => !names.includes('web'),
    // The garbage collector learns of a new kind, such as ReleaseHistory here, within half a minute.
    { timeoutMs: 120_000 },
  );
  expect(left.trim().split('\n').sort()).toEqual(['configmap/bystander', 'configmap/kube-root-ca.crt']);
});

test('health is tracked for as long as the Release lives, with one line of cause', async () => {
  const tenant = await coxswain.tenant();
  const chart = await coxswain.push(webChart());
  const web = await tenant.apply('web', chart);
  await web.ready();
  await web.patch({ values: { tag: 'broken' } });
  const red = await web.until((release) => release.status?.health === 'Red');
  expect(red.status?.message).toMatch(/Deployment\/web.*ImagePullBackOff/);
  expect(conditionOf(red, 'Ready')).toMatchObject({ status: 'False', reason: 'Unhealthy' });
  await web.patch({ version: 1 });
  const green = await web.ready();
  expect(green.status).toMatchObject({ version: 1, health: 'Green', message: '' });
});

async function configMap(tenant: Tenant, name: string): Promise<KubeObject> {
  return tenant.kubectl.json('get', 'configmap', name);
}

async function versionsOfChildren(tenant: Tenant): Promise<Record<string, string>> {
  const selector = '--selector=coxswain.dev/release=web';
  const found = await tenant.kubectl.json<{ items: KubeObject[] }>('get', 'cm,svc', selector);
  return Object.fromEntries(
    found.items.map(({ kind, metadata }) => [`${kind}/${metadata.name}`, metadata.resourceVersion ?? '']),
  );
}
