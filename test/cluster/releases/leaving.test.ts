import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { Release, ReleaseHistory } from '../../../crds/index.ts';
import { startController, type RunningController } from '../../support/cluster/controller.ts';
import { eventually } from '../../support/eventually.ts';
import { chartOf, configMap, hookJob } from '../../support/charts/hook-charts.ts';
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
import type { StoredChart } from '../../support/charts/registry.ts';
import { createTenant } from '../../support/cluster/tenant.ts';

// What a deletion leaves and what it does not, by --cascade; and who goes on with what was left.

const CONFIG = `apiVersion: v1
kind: ConfigMap
metadata: {name: app}
data:
  value: {{ .Values.value | quote }}
  secret: {{ randAlphaNum 12 | quote }}
---
apiVersion: v1
kind: ConfigMap
metadata:
  name: seeded
  annotations: {helm.sh/hook: pre-install}
data: {revision: {{ .Release.Revision | quote }}}
{{- if .Values.extra }}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: extra}
{{- end }}
`;
const HOLD = ['--type=merge', '--patch={"metadata":{"finalizers":["example.com/hold"]}}'];
const LET_GO = ['--type=merge', '--patch={"metadata":{"finalizers":null}}'];
const DISOWN = ['--type=merge', '--patch={"metadata":{"ownerReferences":null}}'];

let coxswain: Installation;
let controller: RunningController;
let chart: StoredChart;
let namespace: string;
let release: ReleaseView;

beforeAll(async () => {
  coxswain = await startInstallation();
  controller = coxswain.controller;
  chart = await pushParts(coxswain, {
    name: 'left',
    values: 'value: default\nextra: true\n',
    templates: { 'all.yaml': CONFIG },
  });
});

afterAll(async () => {
  await controller?.stop();
  await coxswain?.stop();
});

beforeEach(async () => {
  namespace = await createTenant(coxswain.kubectl);
  release = viewRelease(coxswain.kubectl, namespace, 'app');
});

describe('--cascade=orphan', () => {
  test('leaves everything, and a Release of the same name goes on with it', async () => {
    await twoVersions();
    const secret = await data('secret');
    await remove('--cascade=orphan');
    await gone();
    expect(await names('cm,relhist')).toEqual(['app', 'extra', 'seeded', 'app-v1', 'app-v2']);
    await apply({ values: { value: 'c', extra: false } });
    const { status } = await inForce(3);
    expect(status?.operation?.type).toBe('Upgrade');
    expect([await data('value'), await data('secret')]).toEqual(['c', secret]);
    expect(await configMapData(coxswain.kubectl, namespace, 'seeded')).toEqual({ revision: '1' });
    // What its versions had is its own, also what it does not have any more.
    await eventually(
      () => names('cm'),
      (found) => !found.includes('extra'),
    );
    await release.patch({ version: 1 });
    await inForce(1);
    await remove();
    await eventually(
      () => names('cm,relhist'),
      (found) => found.join() === 'seeded',
    );
  });

  test('leaves it where the controller comes to it late', async () => {
    await twoVersions();
    await controller.stop();
    await remove('--cascade=orphan', '--wait=false');
    const finalizers = ['get', 'release', 'app', '--namespace', namespace, '--output=jsonpath={.metadata.finalizers}'];
    await eventually(
      () => coxswain.kubectl(...finalizers),
      (found) => found === '["coxswain.dev/finalizer"]',
    );
    controller = await startController({ controlPlane: coxswain.controlPlane });
    await gone();
    expect(await names('cm,relhist')).toEqual(['app', 'extra', 'seeded', 'app-v1', 'app-v2']);
  });

  test('leaves what is left where it comes after the deletion has begun', async () => {
    const { kubectl } = coxswain;
    await twoVersions();
    await kubectl('patch', 'configmap', 'app', '--namespace', namespace, ...HOLD);
    await remove('--wait=false');
    await eventually(
      () => names('cm'),
      (found) => found.join() === 'app,seeded',
    );
    await release.until(({ status }) => status?.operation?.type === 'Delete');
    await remove('--cascade=orphan');
    await gone();
    expect(await names('cm,relhist')).toEqual(['app', 'seeded', 'app-v1', 'app-v2']);
    await kubectl('patch', 'configmap', 'app', '--namespace', namespace, ...LET_GO);
    await apply({ values: { value: 'c' } });
    await inForce(3);
    expect(await names('cm')).toEqual(['app', 'extra', 'seeded']);
  });

  test('leaves it to another one that is suspended and deleted again', async () => {
    await twoVersions();
    await remove('--cascade=orphan');
    await gone();
    await apply({ values: { value: 'c' }, suspend: true });
    await release.failed('Suspended');
    await remove();
    await gone();
    expect(await names('cm,relhist')).toEqual(['app', 'extra', 'seeded', 'app-v1', 'app-v2']);
  });
});

test('histories that were disowned by hand are owned again, and are no reason to leave anything', async () => {
  const { kubectl } = coxswain;
  await twoVersions();
  await release.patch({ suspend: true });
  await release.until((seen) => conditionOf(seen, 'Ready')?.reason === 'Suspended');
  await kubectl('patch', 'relhist', 'app-v1', 'app-v2', '--namespace', namespace, ...DISOWN);
  await eventually(
    () => release.histories(),
    (histories) => histories.every(({ metadata }) => metadata.ownerReferences?.length === 1),
  );
  await remove();
  await gone();
  expect(await names('cm,relhist')).toEqual(['seeded']);
});

test('what bears the label of a Release and is not its own stays', async () => {
  const { kubectl } = coxswain;
  await twoVersions();
  const [first] = await release.histories();
  const { labels } = first?.metadata ?? {};
  await kubectl.apply({ ...first, metadata: { name: 'bystander', namespace, labels } } as ReleaseHistory);
  await remove();
  await gone();
  expect(await names('cm,relhist')).toEqual(['seeded', 'bystander']);
});

test('--cascade=foreground runs the delete hooks and deletes the objects', async () => {
  const { kubectl } = coxswain;
  const hooks = ['pre-delete', 'post-delete'].map((events) => hookJob({ name: events, events }));
  const parts = chartOf('farewell', [configMap('app', 'value'), ...hooks], 'value: default\n');
  await twoVersions(await pushParts(coxswain, parts));
  await remove('--cascade=foreground');
  await gone();
  const complete = '--output=jsonpath={range .items[*]}{.metadata.name} {.status.succeeded}{"\\n"}{end}';
  const jobs = await kubectl('get', 'jobs', '--namespace', namespace, complete);
  expect(jobs.trim().split('\n')).toEqual(['post-delete 1', 'pre-delete 1']);
  expect(await names('cm,relhist')).toEqual([]);
});

async function apply(spec: Record<string, unknown>, of = chart): Promise<void> {
  await coxswain.kubectl.apply(releaseOf(namespace, 'app', { ...of, version: '1.0.0' }, spec));
}

async function twoVersions(of = chart): Promise<void> {
  await apply({ values: { value: 'a' } }, of);
  await inForce(1);
  await release.patch({ values: { value: 'b' } });
  await inForce(2);
}

async function inForce(version: number): Promise<Release> {
  return release.until((seen) => seen.status?.version === version && conditionOf(seen, 'Ready')?.status === 'True');
}

async function data(key: string): Promise<string | undefined> {
  return (await configMapData(coxswain.kubectl, namespace, 'app'))?.[key];
}

async function remove(...flags: string[]): Promise<void> {
  await coxswain.kubectl('delete', 'release', 'app', '--namespace', namespace, ...flags);
}

async function gone(): Promise<void> {
  await eventually(
    () => names('release'),
    (found) => found.length === 0,
  );
}

/** The names of all objects of these kinds, kind by kind, but for what Kubernetes itself makes. */
async function names(kinds: string): Promise<string[]> {
  const found = await coxswain.kubectl('get', kinds, '--namespace', namespace, '--output=name');
  const all = found.split('\n').map((line) => line.split('/')[1] ?? '');
  return all.filter((name) => name !== '' && name !== 'kube-root-ca.crt');
}
