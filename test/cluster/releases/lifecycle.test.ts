import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { KubeObject } from '../../../resources/index.ts';
import { eventually } from '../../support/eventually.ts';
import {
  conditionOf,
  configMapData,
  pushParts,
  releaseOf,
  startInstallation,
  viewRelease,
  type Installation,
} from '../../support/cluster/installation.ts';
import { createTenant } from '../../support/cluster/tenant.ts';
import { webChart } from '../../support/charts/web-chart.ts';

let coxswain: Installation;

beforeAll(async () => {
  coxswain = await startInstallation();
});

afterAll(async () => coxswain?.stop());

test('a Release is installed, upgraded, taken back by an edit of spec.version, and deleted without a trace', async () => {
  const { kubectl } = coxswain;
  const namespace = await createTenant(kubectl);
  const web = viewRelease(kubectl, namespace, 'web');
  const chart = await pushParts(coxswain, webChart());

  await kubectl.apply(releaseOf(namespace, 'web', chart, { values: { greeting: 'one' } }));
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
  const child = await configMap(namespace, 'web');
  expect(Date.parse(history[0]?.metadata.creationTimestamp ?? '')).toBeLessThanOrEqual(
    Date.parse(child?.metadata.creationTimestamp ?? ''),
  );

  const before = await versionsOfChildren(namespace);
  await web.patch({ values: { greeting: 'two', extra: 'more' } });
  await web.until((release) => release.status?.version === 2 && conditionOf(release, 'Ready')?.status === 'True');
  expect(await configMapData(kubectl, namespace, 'web')).toMatchObject({ greeting: 'two' });
  expect(await configMapData(kubectl, namespace, 'web-extra')).toEqual({ extra: 'more' });
  const after = await versionsOfChildren(namespace);
  expect(after['Service/web']).toBe(before['Service/web']);
  expect(after['ConfigMap/web']).not.toBe(before['ConfigMap/web']);
  const second = (await web.histories()).at(-1);
  expect(second?.spec.changes).toEqual([
    { object: 'ConfigMap/web-extra', path: '', change: 'Added' },
    { object: 'ConfigMap/web', path: '/data/greeting', change: 'Changed', from: 'one', to: 'two' },
  ]);

  await web.patch({ version: 1 });
  const back = await web.until(
    (release) => release.status?.version === 1 && conditionOf(release, 'Ready')?.status === 'True',
  );
  expect(back.spec.version).toBe(1);
  expect(back.spec.values).toEqual({ greeting: 'one' });
  expect(conditionOf(back, 'Ready')?.reason).toBe('RollbackSucceeded');
  expect(await configMapData(kubectl, namespace, 'web')).toMatchObject({ greeting: 'one' });
  expect(await configMapData(kubectl, namespace, 'web-extra')).toBeUndefined();
  expect(await web.histories()).toHaveLength(2);

  await kubectl('create', 'configmap', 'bystander', '--namespace', namespace);
  await kubectl('delete', 'release', 'web', '--namespace', namespace, '--timeout=60s');
  const left = await eventually(
    () => kubectl('get', 'deploy,svc,cm,secret,rs,pod,rel,relhist', '--namespace', namespace, '--output=name'),
    (names) => !names.includes('web'),
    // The garbage collector learns of a new kind, such as ReleaseHistory here, within half a minute.
    { timeoutMs: 120_000 },
  );
  expect(left.trim().split('\n').sort()).toEqual(['configmap/bystander', 'configmap/kube-root-ca.crt']);
});

test('health is tracked for as long as the Release lives, with one line of cause', async () => {
  const { kubectl } = coxswain;
  const namespace = await createTenant(kubectl);
  const web = viewRelease(kubectl, namespace, 'web');
  const chart = await pushParts(coxswain, webChart());
  await kubectl.apply(releaseOf(namespace, 'web', chart));
  await web.ready();
  await web.patch({ values: { tag: 'broken' } });
  const red = await web.until((release) => release.status?.health === 'Red');
  expect(red.status?.message).toMatch(/Deployment\/web.*ImagePullBackOff/);
  expect(conditionOf(red, 'Ready')).toMatchObject({ status: 'False', reason: 'Unhealthy' });
  await web.patch({ version: 1 });
  const green = await web.ready();
  expect(green.status).toMatchObject({ version: 1, health: 'Green', message: '' });
});

async function configMap(namespace: string, name: string): Promise<KubeObject> {
  return coxswain.kubectl.json('get', 'configmap', name, '--namespace', namespace);
}

async function versionsOfChildren(namespace: string): Promise<Record<string, string>> {
  const selector = '--selector=coxswain.dev/release=web';
  const found = await coxswain.kubectl.json<{ items: KubeObject[] }>(
    'get',
    'cm,svc',
    '--namespace',
    namespace,
    selector,
  );
  return Object.fromEntries(
    found.items.map(({ kind, metadata }) => [`${kind}/${metadata.name}`, metadata.resourceVersion ?? '']),
  );
}
