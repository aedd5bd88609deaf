import { beforeEach, describe, expect, test } from '@jest/globals';
import { eventually } from '../../../support/eventually.ts';
import { chartOf, configMap, hookJob } from '../../../support/charts/hook-charts.ts';
import { helmOn } from '../../../support/cluster/helm.ts';
import type { ReleaseView } from '../../../support/cluster/installation.ts';
import { story } from '../../../support/cluster/story.ts';
import type { Tenant } from '../../../support/cluster/tenant.ts';
import type { StoredChart } from '../../../support/charts/registry.ts';

// How spec.uninstall has a Release deleted, beside Helm where that has a flag for it.

const DEPLOYMENT = `apiVersion: apps/v1
kind: Deployment
metadata: {name: app}
spec:
  selector: {matchLabels: {app: app}}
  template:
    metadata: {labels: {app: app}}
    spec: {containers: [{name: app, image: example.com/app:1}]}
`;
const SEEDED = `apiVersion: v1
kind: ConfigMap
metadata:
  name: seeded
  annotations: {helm.sh/hook: pre-install}
data: {revision: {{ .Release.Revision | quote }}, isInstall: {{ .Release.IsInstall | quote }}}
`;
const PASSWORD = `apiVersion: v1
kind: ConfigMap
metadata: {name: drawn}
data: {password: {{ randAlphaNum 12 }}}
`;
const VALUES = 'value: one\n';

const coxswain = story();
let tenant: Tenant;
let web: ReleaseView;

beforeEach(async () => {
  tenant = await coxswain.tenant();
  web = tenant.release('web');
});

test('hooks: Skip ends a deletion whose hook cannot succeed', async () => {
  const farewell = hookJob({ name: 'farewell', events: 'pre-delete', failsIf: 'true' });
  await tenant.apply('web', await coxswain.push(chartOf('stuck', [configMap('app', 'value'), farewell], VALUES)));
  await web.ready();
  await tenant.kubectl('delete', 'release', 'web', '--wait=false');
  const { message } = await web.failed('HookFailed');
  expect(message).toContain('set spec.uninstall.hooks to Skip');
  expect(await tenant.configMap('app')).toEqual({ value: 'one' });
  await web.patch({ uninstall: { hooks: 'Skip' } });
  await gone('web');
  expect(await tenant.configMap('app')).toBeUndefined();
});

test('a hook that has begun is not held up because a dependant is deleted after it', async () => {
  const farewell = hookJob({ name: 'farewell', events: 'pre-delete', spec: 'suspend: true' });
  const chart = await coxswain.push(chartOf('first', [configMap('db', 'value'), farewell], VALUES));
  const db = await tenant.apply('db', chart);
  await db.ready();
  const held = hookJob({ name: 'held', events: 'pre-delete', spec: 'suspend: true' });
  const dependant = await coxswain.push(chartOf('second', [configMap('app', 'value'), held], VALUES));
  await tenant.apply('web', dependant, { dependsOn: [{ name: 'db' }] });
  await web.ready();

  await tenant.kubectl('delete', 'release', 'db', '--wait=false');
  await db.until(({ status }) => status?.message === 'Job/farewell: is suspended');
  await tenant.kubectl('delete', 'release', 'web', '--wait=false');
  await web.until(({ status }) => status?.message === 'Job/held: is suspended');
  await tenant.kubectl('patch', 'job', 'farewell', '--type=merge', '--patch={"spec":{"suspend":false}}');
  await gone('db');
  expect(await names('release')).toEqual(['web']);
  await web.patch({ uninstall: { hooks: 'Skip' } });
  await gone('web');
});

test('propagation decides what happens to objects owned by the children, as with helm uninstall --cascade', async () => {
  const chart = await coxswain.push(chartOf('owning', [DEPLOYMENT], VALUES));
  await tenant.apply('web', chart, { uninstall: { propagation: 'Orphan' } });
  await web.ready();
  await web.delete();
  const beside = await coxswain.tenant();
  await helm(beside, 'install', 'web', `${chart.registry}/${chart.name}`, '--plain-http', '--wait');
  await helm(beside, 'uninstall', 'web', '--cascade=orphan');
  for (const { kubectl } of [tenant, beside]) {
    expect(await names('deployment', kubectl)).toEqual([]);
    expect(await names('replicaset', kubectl)).toHaveLength(1);
    expect(await names('pod', kubectl)).toHaveLength(1);
  }
});

describe('keepHistory', () => {
  let chart: StoredChart;

  beforeEach(async () => {
    chart = await coxswain.push(chartOf('kept', [configMap('app', 'value'), SEEDED, PASSWORD], VALUES));
  });

  test('keeps the versions, and the next Release of that name continues from them with an install, as with Helm', async () => {
    const kept = { uninstall: { keepHistory: true } };
    await tenant.apply('web', chart, kept);
    await web.ready();
    const drawn = await tenant.configMap('drawn');
    await web.patch({ values: { value: 'two' } });
    await web.inForce(2);
    await web.delete();
    expect(await names('relhist')).toEqual(['web-v1', 'web-v2']);
    expect(await names('configmap')).toEqual(['seeded']);
    await tenant.kubectl('delete', 'configmap', 'seeded');
    await tenant.apply('web', chart, kept);
    const again = await web.inForce(3);
    expect(again.status?.operation?.type).toBe('Install');
    const seeded = await tenant.configMap('seeded');
    expect(seeded).toEqual({ revision: '3', isInstall: 'true' });
    // Helm draws another one.
    expect(await tenant.configMap('drawn')).toEqual(drawn);
    await web.patch({ version: 2 });
    await web.inForce(2);
    expect(await tenant.configMap('app')).toEqual({ value: 'two' });

    const beside = await coxswain.tenant();
    const reference = [`${chart.registry}/${chart.name}`, '--plain-http'];
    await helm(beside, 'install', 'web', ...reference);
    await helm(beside, 'upgrade', 'web', ...reference, '--set=value=two');
    await helm(beside, 'uninstall', 'web', '--keep-history');
    await helm(beside, 'install', 'web', ...reference, '--replace');
    // Helm counts from 1 in its templates, though it stores the next revision.
    expect(await beside.configMap('seeded')).toEqual({ ...seeded, revision: '1' });
  });
});

test('orphan leaves everything without a flag on delete, and the next Release takes it over', async () => {
  const chart = await coxswain.push(chartOf('left', [configMap('app', 'value'), SEEDED], VALUES));
  await tenant.apply('web', chart, { uninstall: { orphan: true } });
  await web.ready();
  await web.patch({ values: { value: 'two' } });
  await web.inForce(2);
  await web.delete();
  expect(await names('configmap,relhist')).toEqual(['app', 'seeded', 'web-v1', 'web-v2']);
  await tenant.apply('web', chart, { values: { value: 'three' } });
  const next = await web.inForce(3);
  expect(next.status?.operation?.type).toBe('Upgrade');
  expect(await tenant.configMap('seeded')).toEqual({ revision: '1', isInstall: 'true' });
  await web.delete();
  expect(await names('configmap,relhist')).toEqual(['seeded']);
});

async function helm(beside: Tenant, ...args: readonly string[]): Promise<string> {
  return helmOn(coxswain, 'v4')(beside, ...args);
}

async function gone(release: string): Promise<void> {
  await eventually(
    async () => names('release'),
    (found) => !found.includes(release),
  );
}

/** The names of all objects of some kinds, but for what Kubernetes itself makes. */
async function names(kinds: string, kubectl = tenant.kubectl): Promise<string[]> {
  const text = await kubectl('get', kinds, '--output=jsonpath={.items[*].metadata.name}');
  return text
    .split(' ')
    .filter((name) => name !== '' && name !== 'kube-root-ca.crt')
    .toSorted();
}
