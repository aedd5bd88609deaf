import { beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { ReleaseHistory } from '../../../../crds/index.ts';
import { eventually } from '../../../support/eventually.ts';
import { chartOf, configMap, hookJob } from '../../../support/charts/hook-charts.ts';
import { conditionOf, type ReleaseView } from '../../../support/cluster/installation.ts';
import { story } from '../../../support/cluster/story.ts';
import type { Tenant } from '../../../support/cluster/tenant.ts';
import type { StoredChart } from '../../../support/charts/registry.ts';

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

const coxswain = story();
let chart: StoredChart;
let tenant: Tenant;
let release: ReleaseView;

beforeAll(async () => {
  chart = await coxswain.push({
    name: 'left',
    values: 'value: default\nextra: true\n',
    templates: { 'all.yaml': CONFIG },
  });
});

beforeEach(async () => {
  tenant = await coxswain.tenant();
  release = tenant.release('app');
});

describe('--cascade=orphan', () => {
  test('leaves everything, and a Release of the same name continues with it', async () => {
    await twoVersions();
    const secret = await data('secret');
    await release.delete('--cascade=orphan');
    await gone();
    expect(await names('cm,relhist')).toEqual(['app', 'extra', 'seeded', 'app-v1', 'app-v2']);
    await apply({ values: { value: 'c', extra: false } });
    const { status } = await release.inForce(3);
    expect(status?.operation?.type).toBe('Upgrade');
    expect([await data('value'), await data('secret')]).toEqual(['c', secret]);
    expect(await tenant.configMap('seeded')).toEqual({ revision: '1' });
    // What its versions had is its own, also what it does not have any more.
    await eventually(
      () => names('cm'),
      (found) => !found.includes('extra'),
    );
    await release.patch({ version: 1 });
    expect((await release.inForce(1)).status?.operation?.type).toBe('Rollback');
    await release.delete();
    await eventually(
      () => names('cm,relhist'),
      (found) => found.join() === 'seeded',
    );
  });

  test('leaves nothing to continue from where a first version was only awaiting approval', async () => {
    await apply({ values: { value: 'a' }, approval: 'Manual' });
    await release.failed('ApprovalAwaited');
    await release.delete('--cascade=orphan');
    await gone();
    expect(await names('cm,relhist')).toEqual(['app-v1']);
    await apply({ values: { value: 'a' } });
    expect((await release.inForce(1)).status?.operation?.type).toBe('Install');
    expect(await tenant.configMap('seeded')).toEqual({ revision: '1' });
    const [first] = await release.histories();
    expect(first?.metadata.annotations).toEqual({ 'coxswain.dev/inherited': 'true' });
  });

  test('also works when the controller is stopped and handles it later', async () => {
    await twoVersions();
    await coxswain.controller.stop();
    await release.delete('--cascade=orphan', '--wait=false');
    await eventually(
      () => tenant.kubectl('get', 'release', 'app', '--output=jsonpath={.metadata.finalizers}'),
      (found) => found === '["coxswain.dev/finalizer"]',
    );
    await coxswain.restart();
    await gone();
    expect(await names('cm,relhist')).toEqual(['app', 'extra', 'seeded', 'app-v1', 'app-v2']);
  });

  test('leaves what remains when it comes after the deletion has begun', async () => {
    await twoVersions();
    await tenant.kubectl('patch', 'configmap', 'app', ...HOLD);
    await release.delete('--wait=false');
    await eventually(
      () => names('cm'),
      (found) => found.join() === 'app,seeded',
    );
    await release.until(({ status }) => status?.operation?.type === 'Delete');
    await release.delete('--cascade=orphan');
    await gone();
    expect(await names('cm,relhist')).toEqual(['app', 'seeded', 'app-v1', 'app-v2']);
    await tenant.kubectl('patch', 'configmap', 'app', ...LET_GO);
    await apply({ values: { value: 'c' } });
    await release.inForce(3);
    expect(await names('cm')).toEqual(['app', 'extra', 'seeded']);
  });

  test('leaves the objects behind again when the next Release is suspended and deleted', async () => {
    await twoVersions();
    await release.delete('--cascade=orphan');
    await gone();
    await apply({ values: { value: 'c' }, suspend: true });
    await release.failed('Suspended');
    await release.delete();
    await gone();
    expect(await names('cm,relhist')).toEqual(['app', 'extra', 'seeded', 'app-v1', 'app-v2']);
  });
});

test('histories whose owner was removed by hand get it back, and nothing is left behind because of them', async () => {
  await twoVersions();
  await release.patch({ suspend: true });
  await release.until((seen) => conditionOf(seen, 'Ready')?.reason === 'Suspended');
  await tenant.kubectl('patch', 'relhist', 'app-v1', 'app-v2', ...DISOWN);
  await eventually(
    () => release.histories(),
    (histories) => histories.every(({ metadata }) => metadata.ownerReferences?.length === 1),
  );
  await release.delete();
  await gone();
  expect(await names('cm,relhist')).toEqual(['seeded']);
});

test('an object with the label of a Release that does not own it stays', async () => {
  const { kubectl } = coxswain;
  await twoVersions();
  const [first] = await release.histories();
  const { labels } = first?.metadata ?? {};
  await kubectl.apply({
    ...first,
    metadata: { name: 'bystander', namespace: tenant.namespace, labels },
  } as ReleaseHistory);
  await release.delete();
  await gone();
  expect(await names('cm,relhist')).toEqual(['seeded', 'bystander']);
});

test('--cascade=foreground runs the delete hooks and deletes the objects', async () => {
  const hooks = ['pre-delete', 'post-delete'].map((events) => hookJob({ name: events, events }));
  const parts = chartOf('farewell', [configMap('app', 'value'), ...hooks], 'value: default\n');
  await twoVersions(await coxswain.push(parts));
  await release.delete('--cascade=foreground');
  await gone();
  const complete = '--output=jsonpath={range .items[*]}{.metadata.name} {.status.succeeded}{"\\n"}{end}';
  const jobs = await tenant.kubectl('get', 'jobs', complete);
  expect(jobs.trim().split('\n')).toEqual(['post-delete 1', 'pre-delete 1']);
  expect(await names('cm,relhist')).toEqual([]);
});

async function apply(spec: Record<string, unknown>, of = chart): Promise<void> {
  await tenant.apply('app', { ...of, version: '1.0.0' }, spec);
}

async function twoVersions(of = chart): Promise<void> {
  await apply({ values: { value: 'a' } }, of);
  await release.inForce(1);
  await release.patch({ values: { value: 'b' } });
  await release.inForce(2);
}

async function data(key: string): Promise<string | undefined> {
  return (await tenant.configMap('app'))?.[key];
}

async function gone(): Promise<void> {
  await eventually(
    () => names('release'),
    (found) => found.length === 0,
  );
}

/** The names of all objects of these kinds, kind by kind, but for what Kubernetes itself makes. */
async function names(kinds: string): Promise<string[]> {
  const found = await tenant.kubectl('get', kinds, '--output=name');
  const all = found.split('\n').map((line) => line.split('/')[1] ?? '');
  return all.filter((name) => name !== '' && name !== 'kube-root-ca.crt');
}
