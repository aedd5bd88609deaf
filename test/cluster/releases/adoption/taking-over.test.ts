import { describe, expect, test } from '@jest/globals';
import { RELEASE_LABEL, RELEASE_NAMESPACE_LABEL } from '../../../../crds/index.ts';
import type { KubeObject } from '../../../../resources/index.ts';
import { appChart } from '../../../support/charts/app-chart.ts';
import { buildChart } from '../../../support/charts/chart-builder.ts';
import { chartOf, configMap } from '../../../support/charts/hook-charts.ts';
import { helmOn } from '../../../support/cluster/helm.ts';
import { story } from '../../../support/cluster/story.ts';
import { deletedPodsGone, type Tenant } from '../../../support/cluster/tenant.ts';
import { eventually } from '../../../support/eventually.ts';

const coxswain = story();

const KINDS = 'deployment,statefulset,replicaset,pod,service,serviceaccount,configmap,secret,pvc,job';

/** What may not move when objects change hands: their identity, what they ask for, and the pods. */
async function standing({ kubectl }: Tenant): Promise<Record<string, unknown>> {
  const { items } = await kubectl.json<{ items: KubeObject[] }>('get', KINDS);
  const chosen = items.filter(({ kind, metadata }) => !isOfOthers(kind, metadata.name));
  return Object.fromEntries(
    chosen.map(({ metadata: { name, uid, generation }, ...fields }) => {
      const { kind } = fields;
      delete fields['status'];
      // The API server counts up that of a Deployment for an annotation too.
      const moves = kind === 'Deployment' ? {} : { generation };
      return [`${kind}/${name}`, { uid, ...moves, fields }];
    }),
  );
}

function isOfOthers(kind: string, name: string): boolean {
  const isStored = kind === 'Secret' && /^sh\.helm\.|^app-[0-9a-f]{16}$/.test(name);
  return isStored || name === 'kube-root-ca.crt' || name === 'default';
}

async function revisions({ kubectl }: Tenant, ...names: string[]): Promise<unknown> {
  const { items } = await kubectl.json<{ items: KubeObject[] }>('get', KINDS);
  const found = items.filter(({ kind, metadata }) => names.includes(`${kind}/${metadata.name}`));
  return Object.fromEntries(found.map(({ kind, metadata }) => [`${kind}/${metadata.name}`, metadata.resourceVersion]));
}

async function managers({ kubectl }: Tenant, object: string): Promise<string[]> {
  const { metadata } = await kubectl.json<KubeObject>('get', object, '--show-managed-fields');
  return (metadata.managedFields ?? [])
    .filter((entry) => !entry.subresource)
    .map((entry) => `${entry.manager} ${entry.operation}`);
}

async function settled(tenant: Tenant): Promise<void> {
  for (const workload of ['deployment/app-web', 'statefulset/app-db'])
    await tenant.kubectl('rollout', 'status', workload, '--timeout=60s');
  await deletedPodsGone(tenant);
}

describe.each([
  ['v3', []],
  ['v4', []],
  ['v4', ['--server-side=false']],
] as const)('what Helm %s installed with %j', (version, flags) => {
  test('becomes a Release without starting a pod or a hook, and fields that the chart dropped are removed', async () => {
    const helm = helmOn(coxswain, version);
    const tenant = await coxswain.tenant();
    const parts = appChart();
    const path = await coxswain.file('app-1.0.0.tgz', buildChart(parts));
    await helm(tenant, 'install', 'app', path, ...flags);
    await helm(tenant, 'upgrade', 'app', path, '--set-string', 'tag=2');
    await settled(tenant);
    const before = await standing(tenant);
    const pods = Object.keys(before).filter((title) => /^(Pod|Persist)/.test(title));
    const untouched = await revisions(tenant, ...pods);

    const spec = { adopt: 'HelmRelease', version: 2, values: { tag: '2' } };
    const app = await tenant.apply('app', await coxswain.push(parts), spec);
    const adopted = await app.inForce(2);
    expect(adopted.status?.operation?.type).toBe('Adopt');
    expect(adopted.status?.conditions?.[0]?.reason).toBe('AdoptSucceeded');
    expect(await standing(tenant)).toEqual(before);
    expect(await revisions(tenant, ...pods)).toEqual(untouched);
    for (const object of ['deployment/app-web', 'statefulset/app-db', 'configmap/app-settings', 'service/app-web']) {
      expect((await managers(tenant, object)).filter((name) => /helm|coxswain/.test(name))).toEqual(['coxswain Apply']);
    }
    const { metadata } = await tenant.kubectl.json<KubeObject>('get', 'deployment', 'app-web');
    expect(Object.keys({ ...metadata.labels, ...metadata.annotations }).filter((key) => /helm/i.test(key))).toEqual([]);
    const { metadata: account } = await tenant.kubectl.json<KubeObject>('get', 'serviceaccount', 'app-app');
    expect(account.labels).toMatchObject({ 'app.kubernetes.io/managed-by': 'Helm' });

    await app.patch({ values: { tag: '3', dropped: '', minReadySeconds: 0 } });
    await app.inForce(3);
    expect(await tenant.configMap('app-settings')).toEqual({ tag: '3' });
    const web = await tenant.kubectl.json<{ spec: object }>('get', 'deployment', 'app-web');
    expect(web.spec).not.toHaveProperty('minReadySeconds');
    const jobs = await tenant.kubectl.json<{ metadata: { uid: string } }>('get', 'job', 'app-migrate');
    expect(before['Job/app-migrate']).not.toMatchObject({ uid: jobs.metadata.uid });

    await app.patch({ version: 2 });
    await app.inForce(2);
    expect(await tenant.configMap('app-settings')).toEqual({ tag: '2', dropped: 'here' });
  });
});

describe('objects that exist already', () => {
  const chart = chartOf('pair', [configMap('one', 'value'), configMap('two', 'value')], 'value: ours\n');
  const others = (name: string, metadata: object = {}): object => ({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name, ...metadata },
    data: { value: 'theirs', more: 'theirs' },
  });
  const labels = (tenant: Tenant, name = 'web'): object => ({
    labels: { [RELEASE_LABEL]: name, [RELEASE_NAMESPACE_LABEL]: tenant.namespace },
  });

  test('are all refused at once, before anything is written, unless the spec allows taking them over', async () => {
    const tenant = await coxswain.tenant();
    await tenant.kubectl.apply(others('one', labels(tenant)), others('two'));
    const web = await tenant.apply('web', await coxswain.push(chart), { adopt: 'HelmRelease' });
    const { message } = await web.failed('AlreadyExists');
    expect(message).toMatch(/ConfigMap\/one .*ConfigMap\/two /);
    await web.patch({ adopt: 'Labelled' });
    const { message: left } = await eventually(
      () => web.failed('AlreadyExists'),
      (condition) => !condition.message.includes('ConfigMap/one'),
    );
    expect(left).toContain('ConfigMap/two');
    expect(await tenant.configMap('one')).toEqual({ value: 'theirs', more: 'theirs' });
    expect(await web.histories()).toEqual([]);

    await web.patch({ adopt: 'Any' });
    await web.inForce(1);
    // What others set beside the chart stays theirs.
    expect(await tenant.configMap('one')).toEqual({ value: 'ours', more: 'theirs' });
    expect(await tenant.configMap('two')).toEqual({ value: 'ours', more: 'theirs' });
    await web.patch({ adopt: 'Never' });
    await web.ready();
    expect(await web.histories()).toHaveLength(1);
    await web.delete();
    expect(await tenant.configMap('one')).toBeUndefined();
  });

  test('are never taken from another Release, nor from a Helm release of another name', async () => {
    const tenant = await coxswain.tenant();
    const path = await coxswain.file('pair-1.0.0.tgz', buildChart(chart));
    await helmOn(coxswain, 'v4')(tenant, 'install', 'other', path);
    const web = await tenant.apply('web', await coxswain.push(chart), { adopt: 'HelmRelease' });
    expect((await web.failed('AlreadyExists')).message).toContain('belongs to the Helm release');
    await web.delete();
    const theirs = await tenant.apply('theirs', await coxswain.push(chart), { adopt: 'Any' });
    await theirs.ready();
    const ours = await tenant.apply('web', await coxswain.push(chart), { adopt: 'Any' });
    expect((await ours.failed('AlreadyExists')).message).toContain('belongs to the Release');
  });
});
