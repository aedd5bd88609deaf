import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
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
  type ReleaseView,
} from '../../support/cluster/installation.ts';
import { createTenant } from '../../support/cluster/tenant.ts';
import { webChart } from '../../support/charts/web-chart.ts';

/** Back within seconds, from watches: far below any interval that polling would need. */
const SECONDS = { timeoutMs: 5_000 };

let coxswain: Installation;
let namespace: string;
let web: ReleaseView;

beforeAll(async () => {
  coxswain = await startInstallation();
});

afterAll(async () => coxswain?.stop());

beforeEach(async () => {
  const { kubectl } = coxswain;
  namespace = await createTenant(kubectl);
  web = viewRelease(kubectl, namespace, 'web');
  await kubectl.apply(releaseOf(namespace, 'web', await pushParts(coxswain, webChart())));
  await web.ready();
});

test('a child that is deleted by hand comes back within seconds, and no version is made of it', async () => {
  await inTenant('delete', 'configmap', 'web');
  await eventually(
    () => configMapData(coxswain.kubectl, namespace, 'web'),
    (data) => data?.['greeting'] === 'hello',
    SECONDS,
  );
  expect((await web.get()).status?.version).toBe(1);
  expect(await web.histories()).toHaveLength(1);
});

test.each([
  ['edited', ['patch', 'configmap', 'web', '--type=merge', '--patch={"data":{"greeting":"hacked"}}']],
  [
    'edited under our field manager',
    ['patch', 'configmap', 'web', '--field-manager=coxswain', '--type=merge', '--patch={"data":{"greeting":"hacked"}}'],
  ],
  ['emptied', ['patch', 'configmap', 'web', '--type=json', '--patch=[{"op":"remove","path":"/data/greeting"}]']],
])('a field that is %s by hand is put back within seconds', async (_how, command) => {
  await inTenant(...command);
  await eventually(
    () => configMapData(coxswain.kubectl, namespace, 'web'),
    (data) => data?.['greeting'] === 'hello',
    SECONDS,
  );
});

test.each<[string, (copy: KubeObject) => object]>([
  ['an edited copy', (copy) => ({ ...copy, data: { ...(copy['data'] as object), greeting: 'hacked' } })],
  [
    'a part',
    ({ apiVersion, kind, metadata: { name } }) => ({
      apiVersion,
      kind,
      metadata: { name },
      data: { greeting: 'hacked' },
    }),
  ],
])('%s that somebody applies under our field manager is put back within seconds', async (_what, change) => {
  const copy = await coxswain.kubectl.json<KubeObject>('get', 'configmap', 'web', '--namespace', namespace);
  const { resourceVersion: _, ...metadata } = copy.metadata;
  // Of an apply, the second is told, not more.
  await sleep(1_100);
  const args = ['apply', '--server-side', '--field-manager=coxswain', '--filename=-', '--namespace', namespace];
  const { code } = await coxswain.kubectl.attempt(args, { input: JSON.stringify(change({ ...copy, metadata })) });
  expect(code).toBe(0);
  const seen = () => coxswain.kubectl.json<KubeObject>('get', 'configmap', 'web', '--namespace', namespace);
  await eventually(
    seen,
    ({ data, metadata: { labels } }) =>
      (data as { greeting: string }).greeting === 'hello' && labels?.['coxswain.dev/release'] === 'web',
    SECONDS,
  );
});

test('our labels taken off a child by hand are put back', async () => {
  await inTenant('label', 'service', 'web', 'coxswain.dev/release-', 'coxswain.dev/release-namespace-');
  const labels = async () =>
    (await coxswain.kubectl.json<KubeObject>('get', 'service', 'web', '--namespace', namespace)).metadata.labels;
  await eventually(labels, (seen) => seen?.['coxswain.dev/release'] === 'web', SECONDS);
});

test('fields that others set beside ours are left alone', async () => {
  await inTenant('annotate', 'deployment', 'web', 'example.com/note=mine');
  await inTenant('delete', 'configmap', 'web');
  await eventually(
    () => configMapData(coxswain.kubectl, namespace, 'web'),
    (data) => data !== undefined,
    SECONDS,
  );
  const deployment = await coxswain.kubectl.json<KubeObject>('get', 'deployment', 'web', '--namespace', namespace);
  expect(deployment.metadata.annotations?.['example.com/note']).toBe('mine');
});

test('while suspended nothing is applied, health is still told, and what waited is done on resuming', async () => {
  await web.patch({ suspend: true });
  await web.until((release) => conditionOf(release, 'Ready')?.reason === 'Suspended');
  await inTenant('delete', 'configmap', 'web');
  await web.patch({ values: { greeting: 'later' } });
  await web.until((release) => release.status?.health === 'Yellow');
  await sleep(1_000);
  expect(await configMapData(coxswain.kubectl, namespace, 'web')).toBeUndefined();
  expect(await web.histories()).toHaveLength(1);
  await web.patch({ suspend: false });
  await web.until((release) => release.status?.version === 2 && conditionOf(release, 'Ready')?.status === 'True');
  expect(await configMapData(coxswain.kubectl, namespace, 'web')).toMatchObject({ greeting: 'later' });
});

async function inTenant(...command: string[]): Promise<string> {
  return coxswain.kubectl(...command, '--namespace', namespace);
}
