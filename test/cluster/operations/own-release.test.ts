import { beforeAll, expect, test } from '@jest/globals';
import { join } from 'node:path';
import type { KubeObject } from '../../../resources/index.ts';
import { packOwnChart } from '../../../tools/publish/chart.ts';
import { storeChart, type StoredChart } from '../../support/charts/registry.ts';
import { countedWhenQuiet, markAudit, untilQuiet } from '../../support/cluster/audit.ts';
import type { ReleaseView } from '../../support/cluster/installation.ts';
import { story } from '../../support/cluster/story.ts';
import { tenantOf, type Tenant } from '../../support/cluster/tenant.ts';
import { eventually } from '../../support/eventually.ts';

// Coxswain keeps itself: a Release of its own chart, in its own namespace, takes over what the manifests have installed.

const ROOT = join(import.meta.dirname, '..', '..', '..');
const HOME = 'coxswain-system';
const IMAGE = 'registry.example.com/coxswain';
const coxswain = story();
let home: Tenant;
let release: ReleaseView;

async function push(version: string): Promise<StoredChart> {
  const { bytes } = await packOwnChart(version, `${IMAGE}:${version}`);
  return storeChart(coxswain.controlPlane, bytes);
}

async function deployment(): Promise<KubeObject> {
  return home.kubectl.json('get', 'deployment', 'coxswain');
}

async function image(): Promise<string> {
  return home.kubectl('get', 'deployment', 'coxswain', '--output=jsonpath={.spec.template.spec.containers[0].image}');
}

/** The writes of the controller once it has been quiet, until it is quiet again. */
async function writesOf(action: () => Promise<unknown>): Promise<string[]> {
  await untilQuiet(coxswain.controlPlane);
  const mark = await markAudit(coxswain.controlPlane);
  await action();
  const requests = await countedWhenQuiet('coxswain', mark);
  return requests
    .filter(({ verb }) => !['get', 'list'].includes(verb))
    .map(({ verb, requestURI }) => `${verb} ${requestURI}`);
}

beforeAll(async () => {
  home = tenantOf(coxswain.kubectl, HOME);
  await coxswain.kubectl('apply', '--server-side', `--filename=${join(ROOT, 'deploy', 'controller.yaml')}`);
  await home.kubectl('create', 'serviceaccount', 'upgrades');
  await coxswain.kubectl('label', 'namespace', HOME, 'coxswain.dev/cluster-scope=allowed');
  const subject = `--serviceaccount=${HOME}:upgrades`;
  await coxswain.kubectl('create', 'clusterrolebinding', 'coxswain-upgrades', '--clusterrole=cluster-admin', subject);
});

test('it takes over its own installation, and is then in sync with itself', async () => {
  const before = await deployment();
  const { version, ...chart } = await push('1.0.0');
  release = await home.apply(
    'coxswain',
    { ...chart, version },
    { serviceAccountName: 'upgrades', adopt: 'Any', crds: 'Upgrade' },
  );
  await release.inForce(1);
  expect((await deployment()).metadata.uid).toBe(before.metadata.uid);
  expect(await image()).toBe(`${IMAGE}:1.0.0`);
  expect(await writesOf(async () => coxswain.restart())).toEqual([]);
});

test('it upgrades itself: its successor finishes what its predecessor has begun, and then does nothing more', async () => {
  const { version } = await push('1.1.0');
  await release.patch({ chart: { version } });
  await eventually(image, (name) => name === `${IMAGE}:1.1.0`);
  // As Kubernetes does with the pods of the Deployment: the lease is given up, and the next one takes it.
  await coxswain.restart();
  await release.inForce(2);
  expect((await release.histories()).map(({ spec }) => spec.version)).toEqual([1, 2]);
  expect(await writesOf(async () => coxswain.restart())).toEqual([]);
});

test('it goes back to the previous version', async () => {
  await release.patch({ version: 1 });
  await release.inForce(1);
  expect(await image()).toBe(`${IMAGE}:1.0.0`);
});

test('it keeps running when its Release is deleted with --cascade=orphan', async () => {
  await release.delete('--cascade=orphan');
  expect((await deployment()).metadata.deletionTimestamp).toBeUndefined();
  await coxswain.kubectl('get', 'clusterrole', 'coxswain-controller');
});
