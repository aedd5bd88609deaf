import { isDeepStrictEqual } from 'node:util';
import { beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { Release } from '../../../../crds/index.ts';
import type { KubeObject } from '../../../../resources/index.ts';
import { COLOUR_CHART } from '../../../support/charts/colour-chart.ts';
import type { StoredChart } from '../../../support/charts/registry.ts';
import {
  countedOf,
  countedWhenQuiet,
  describeRequest,
  markAudit,
  requestsSince,
  type AuditMark,
  type TimedRequest,
} from '../../../support/cluster/audit.ts';
import { conditionOf, type ReleaseView } from '../../../support/cluster/installation.ts';
import { story } from '../../../support/cluster/story.ts';
import type { Tenant } from '../../../support/cluster/tenant.ts';
import { eventually } from '../../../support/eventually.ts';

// Two versions beside each other, and one write of the Service between them. What is counted is in the API server's audit log.

const BLUE_GREEN = { type: 'BlueGreen', service: 'web', preview: 'web-next' };

const coxswain = story();
let chart: StoredChart;
let tenant: Tenant;
let web: ReleaseView;

beforeAll(async () => {
  chart = await coxswain.push(COLOUR_CHART);
});

beforeEach(async () => {
  tenant = await coxswain.tenant();
  web = tenant.release('web');
});

async function install(spec: Record<string, unknown> = { strategy: BLUE_GREEN }): Promise<Release> {
  await tenant.apply('web', chart, spec);
  return web.inForce(1);
}

async function names(kind: string): Promise<string[]> {
  const { items } = await tenant.kubectl.json<{ items: KubeObject[] }>('get', kind);
  return items.map(({ metadata }) => metadata.name).filter((name) => name !== 'kube-root-ca.crt');
}

async function selectorOf(name: string): Promise<unknown> {
  const service = await tenant.kubectl.json<{ spec: { selector: unknown } }>('get', 'service', name);
  return service.spec.selector;
}

/** What the controller has written since, of all that is not its own. */
async function childWrites(mark: AuditMark): Promise<TimedRequest[]> {
  const writes = countedOf('coxswain', await requestsSince(mark)).filter(({ verb }) => !['get', 'list'].includes(verb));
  const own = ['releases', 'releasehistories', 'secrets', 'selfsubjectaccessreviews', 'selfsubjectrulesreviews'];
  return writes.filter(({ objectRef }) => !own.includes(objectRef?.resource ?? ''));
}

async function serviceWrites(mark: AuditMark): Promise<string[]> {
  const writes = await childWrites(mark);
  return writes.map(describeRequest).filter((write) => write.endsWith('services/web'));
}

async function cutTo(version: number, mark: AuditMark): Promise<Release> {
  const release = await web.inForce(version);
  expect(await selectorOf('web')).toEqual({ app: 'web', 'coxswain.dev/colour': `v${version}` });
  expect(await serviceWrites(mark)).toEqual(['patch services/web']);
  return release;
}

test('a new version comes up beside the one in force, and one write of the Service cuts over to it once it is Green', async () => {
  await install();
  expect(await names('deployment')).toEqual(['web-v1']);
  expect(await names('configmap')).toEqual(['web', 'web-v1']);
  const mark = await markAudit(coxswain.controlPlane, tenant);
  await web.patch({ values: { tag: '2', greeting: 'two' } });
  const release = await cutTo(2, mark);

  const writes = (await childWrites(mark)).map(describeRequest);
  expect(writes.toSorted()).toEqual(
    [
      'patch configmaps/web',
      'patch configmaps/web-v2',
      'patch deployments/web-v2',
      'patch poddisruptionbudgets/web-v2',
      'patch services/web',
      'patch services/web-next',
    ].toSorted(),
  );
  const cut = (await childWrites(mark)).find((write) => describeRequest(write) === 'patch services/web');
  const next = await tenant.kubectl.json<Rollout>('get', 'deployment', 'web-v2');
  expect(next.status.availableReplicas).toBe(2);
  const available = next.status.conditions.find(({ type }) => type === 'Available')?.lastTransitionTime ?? '';
  expect(Date.parse(cut?.requestReceivedTimestamp ?? '')).toBeGreaterThanOrEqual(Date.parse(available));

  expect(await names('deployment')).toEqual(['web-v1', 'web-v2']);
  expect((await tenant.configMap('web-v1'))?.['greeting']).toBe('hello');
  expect(await selectorOf('web-next')).toEqual(await selectorOf('web'));
  expect(release.status?.operation).toMatchObject({ version: 2, standby: 1, phase: 'Done' });
  const standby = release.status?.resources?.filter((row) => row.standby).map(({ name }) => name);
  expect(standby).toEqual(['web-v1', 'web-v1', 'web-v1']);
  await web.patch({ healthChecks: [{ apiVersion: 'apps/v1', kind: 'Deployment', name: 'web-v1', red: 'true' }] });
  const broken = await web.until(({ status }) => status?.resources?.some(({ health }) => health === 'Red') === true);
  expect(broken.status).toMatchObject({ version: 2, health: 'Green' });
});

type Rollout = {
  status: { availableReplicas: number; conditions: { type: string; lastTransitionTime: string }[] };
};

test('within keepFor the previous version is one write of the Service away, without new pods; after that it is deleted', async () => {
  await install({ strategy: BLUE_GREEN, historyLimit: 1 });
  await web.patch({ values: { tag: '2' } });
  await web.inForce(2);
  const pods = await names('pod');
  const mark = await markAudit(coxswain.controlPlane, tenant);
  await web.patch({ version: 1 });
  const back = await cutTo(1, mark);
  expect(back.status?.operation).toMatchObject({ type: 'Rollback', standby: 2 });
  expect((await childWrites(mark)).map(describeRequest)).toEqual(['patch services/web-next', 'patch services/web']);
  expect(await names('pod')).toEqual(pods);

  await web.patch({ strategy: { keepFor: '1s' } });
  const alone = await web.until(({ status }) => status?.operation?.standby === undefined);
  expect(await names('deployment')).toEqual(['web-v1']);
  expect(alone.status?.resources?.map(({ name }) => name).filter((name) => name.endsWith('-v2'))).toEqual([]);
  expect(alone.status?.resources?.some((row) => row.standby)).toBe(false);
  expect(await serviceWrites(mark)).toHaveLength(1);
  const events = await tenant.kubectl('get', 'events', '--output=jsonpath={.items[*].reason}');
  expect(events).not.toContain('DriftCorrected');
});

describe('a new version that does not become Green', () => {
  test('is never cut over to, and stays for inspection until another one replaces it; drift of both colours is corrected', async () => {
    await install();
    const mark = await markAudit(coxswain.controlPlane, tenant);
    await web.patch({ values: { tag: 'broken' } });
    const failed = await web.until(({ status }) => status?.health === 'Red');
    expect(failed.status).toMatchObject({ version: 1, operation: { version: 2, phase: 'Beside' } });
    expect(failed.status?.message).toContain('web-v2');
    await tenant.kubectl('delete', 'deployment', 'web-v2');
    await tenant.kubectl('set', 'image', 'deployment/web-v1', 'app=example.com/app:other');
    await tenant.kubectl('patch', 'service', 'web', '--type=merge', '--patch={"spec":{"selector":{"app":"other"}}}');
    await eventually(
      async () => [await images(), await selectorOf('web')],
      ([found, selector]) =>
        isDeepStrictEqual(found, { 'web-v1': 'example.com/app:1', 'web-v2': 'example.com/app:broken' }) &&
        isDeepStrictEqual(selector, { app: 'web', 'coxswain.dev/colour': 'v1' }),
    );

    await tenant.kubectl('scale', 'deployment', 'web-v2', '--replicas=0');
    await web.until(({ status }) => status?.message?.includes('Deployment/web-v2 has no pods') === true);
    await web.patch({ values: { tag: '3' } });
    await web.inForce(3);
    expect(await names('deployment')).toEqual(['web-v1', 'web-v3']);
    // The repair, and the cut.
    expect(await serviceWrites(mark)).toHaveLength(2);
  });

  test('is deleted on a rollback, by hand or by onFailure, without a write of the Service', async () => {
    await install({ strategy: BLUE_GREEN, timeout: '1h' });
    const mark = await markAudit(coxswain.controlPlane, tenant);
    await web.patch({ values: { tag: 'broken' } });
    await web.until(({ status }) => status?.health === 'Red');
    await web.patch({ version: 1 });
    await web.inForce(1);
    await eventually(
      async () => names('deployment'),
      (found) => found.join() === 'web-v1',
    );

    await web.patch({
      onFailure: { strategy: 'Rollback', redTimeout: '1s' },
      values: { tag: 'broken', greeting: 'x' },
    });
    const back = await web.until((release) => conditionOf(release, 'Ready')?.reason === 'RolledBack');
    expect(back.status).toMatchObject({ version: 1, health: 'Green', rolledBack: { version: 3, to: 1 } });
    expect(await names('deployment')).toEqual(['web-v1']);
    expect(await serviceWrites(mark)).toEqual([]);
  });
});

async function images(): Promise<Record<string, unknown>> {
  const { items } = await tenant.kubectl.json<{ items: KubeObject[] }>('get', 'deployment');
  const image = (object: KubeObject): unknown =>
    (object['spec'] as { template: { spec: { containers: { image: string }[] } } }).template.spec.containers[0]?.image;
  return Object.fromEntries(items.map((object) => [object.metadata.name, image(object)]));
}

test('a Release moves to two colours and back by one write of the Service each', async () => {
  await install({});
  await tenant.kubectl('annotate', 'release', 'web', 'settled=yes');
  const mark = await markAudit(coxswain.controlPlane, tenant);
  await web.patch({ strategy: BLUE_GREEN });
  await cutTo(2, mark);
  expect(await names('deployment')).toEqual(['web', 'web-v2']);

  const again = await markAudit(coxswain.controlPlane, tenant);
  await web.patch({ strategy: null, values: { tag: '2' } });
  await web.inForce(3);
  expect(await selectorOf('web')).toEqual({ app: 'web' });
  // Nobody asks how long it is kept: the Service leads to the pods of both.
  await web.until(({ status }) => status?.operation?.standby === undefined);
  const writes = (await childWrites(again)).map(describeRequest);
  const order = ['patch deployments/web', 'patch services/web', 'delete deployments/web-v2'];
  expect(writes.filter((write) => order.includes(write))).toEqual(order);
  expect(await names('deployment')).toEqual(['web']);
  expect(await names('service')).toEqual(['web']);
  expect(await web.histories()).toHaveLength(3);
});

test('while suspended neither colour changes; a deletion removes both', async () => {
  await install({ strategy: { ...BLUE_GREEN, keepFor: '3s' } });
  await web.patch({ values: { tag: '2' } });
  await web.inForce(2);
  await web.patch({ suspend: true });
  await web.until((release) => conditionOf(release, 'Ready')?.reason === 'Suspended');
  const mark = await markAudit(coxswain.controlPlane, tenant);
  expect((await countedWhenQuiet('coxswain', mark, 4_000)).map(describeRequest)).toEqual([]);
  await web.delete();
  expect(await names('deployment,service,configmap,poddisruptionbudget')).toEqual([]);
});

test('traffic never reaches a version with a refused object, and the version rolled back to keeps its colour', async () => {
  const once = `apiVersion: v1
kind: Secret
metadata: {name: fixed}
immutable: true
stringData: {tag: {{ .Values.tag | quote }}}
`;
  const templates = { ...COLOUR_CHART.templates, 'fixed.yaml': once };
  const fixed = await coxswain.push({ ...COLOUR_CHART, name: 'fixed', templates });
  await tenant.apply('web', fixed, { strategy: BLUE_GREEN, recreate: 'Never' });
  await web.inForce(1);
  const mark = await markAudit(coxswain.controlPlane, tenant);
  await web.patch({ values: { tag: '2' } });
  await web.failed('ApplyFailed');
  expect(await serviceWrites(mark)).toEqual([]);
  expect((await web.get()).status).toMatchObject({ version: 1, operation: { version: 2, phase: 'Applying' } });

  await web.patch({ version: 1 });
  const back = await web.inForce(1);
  expect(back.status?.operation).toMatchObject({ type: 'Rollback', standby: 2 });
  expect(await names('deployment')).toEqual(['web-v1', 'web-v2']);
  expect(await serviceWrites(mark)).toEqual([]);
});

test('the colours of a Release that was deleted without its objects are removed once the next version serves', async () => {
  await install({ strategy: BLUE_GREEN, historyLimit: 1 });
  await tenant.kubectl('delete', 'release', 'web', '--cascade=orphan');
  await tenant.apply('web', chart, { strategy: BLUE_GREEN, values: { tag: '2' } });
  const release = await web.inForce(2);
  expect(release.status?.resources?.map(({ name }) => name)).not.toContain('web-v1');
  expect(await names('deployment')).toEqual(['web-v2']);
});

test('what cannot exist twice is refused before anything is written', async () => {
  await tenant.apply('web', chart, { strategy: { type: 'BlueGreen', service: 'other' } });
  const { message } = await web.failed('Refused');
  expect(message).toContain('the chart has no Service/other');
  await tenant.kubectl('create', 'configmap', 'web', '--from-literal=greeting=mine');
  await web.patch({ adopt: 'Any', strategy: BLUE_GREEN });
  await web.until(
    (release) => conditionOf(release, 'Ready')?.message?.includes('were not made in two colours') === true,
  );
  expect(await names('deployment')).toEqual([]);
});
