import { describe, expect, test } from '@jest/globals';
import type { KubeObject } from '../../../resources/index.ts';
import { appChart } from '../../support/charts/app-chart.ts';
import { buildChart } from '../../support/charts/chart-builder.ts';
import { helmOn } from '../../support/cluster/helm.ts';
import { kubectlFor } from '../../support/cluster/kubectl.ts';
import { story } from '../../support/cluster/story.ts';
import { deletedPodsGone, type Tenant } from '../../support/cluster/tenant.ts';
import { pathWith, PLUGINS } from '../../support/command/command.ts';

const PARTS = appChart();

const coxswain = story();

/** What may not change while objects change hands. */
async function workloads({ kubectl }: Tenant): Promise<unknown> {
  const { items } = await kubectl.json<{ items: KubeObject[] }>('get', 'deployment,statefulset,pod,service,configmap');
  return items.map(({ kind, metadata, spec, data }) => ({ kind, name: metadata.name, uid: metadata.uid, spec, data }));
}

interface Revision {
  revision: number;
  status: string;
  chart: string;
}

describe.each(['v3', 'v4'] as const)('a Release that is given back to Helm %s', (version) => {
  test('continues there with its history, its next upgrade, and a rollback to a version that the Release made', async () => {
    const { controlPlane } = coxswain;
    const tenant = await coxswain.tenant();
    const { kubectl } = tenant;
    const helm = async (...args: string[]): Promise<string> => helmOn(coxswain, version)(tenant, ...args);
    const path = pathWith(PLUGINS, controlPlane);
    const release = kubectlFor(controlPlane, { PATH: path, COXSWAIN_NODE: process.execPath });
    const app = await tenant.apply('app', await coxswain.push(PARTS), { values: { tag: '1' } });
    await app.inForce(1);
    await app.patch({ values: { tag: '2' } });
    await app.inForce(2);
    await kubectl('rollout', 'status', 'deployment/app-web', '--timeout=60s');
    await kubectl('rollout', 'status', 'statefulset/app-db', '--timeout=60s');
    await deletedPodsGone(tenant);
    const before = await workloads(tenant);

    const told = await release('release', 'export', 'app', '--to', 'helm', '-n', tenant.namespace);
    expect(told).toContain('2 revisions written, 5 objects handed over');
    await app.delete('--cascade=orphan');
    expect(await workloads(tenant)).toEqual(before);
    const { metadata } = await kubectl.json<KubeObject>('get', 'deployment', 'app-web', '--show-managed-fields');
    expect(
      Object.keys({ ...metadata.labels, ...metadata.annotations }).filter((key) => key.includes('coxswain')),
    ).toEqual([]);
    expect(metadata.managedFields?.map(({ manager }) => manager)).not.toContain('coxswain');

    const history = async (): Promise<Revision[]> =>
      (JSON.parse(await helm('history', 'app', '--output=json')) as Revision[]).map(({ revision, status, chart }) => ({
        revision,
        status,
        chart,
      }));
    const chart = 'app-1.0.0';
    expect(await history()).toEqual([
      { revision: 1, status: 'superseded', chart },
      { revision: 2, status: 'deployed', chart },
    ]);
    expect(JSON.parse(await helm('get', 'values', 'app', '--output=json'))).toEqual({ tag: '2' });

    const archive = await coxswain.file(`${version}.tgz`, buildChart(PARTS));
    await helm('upgrade', 'app', archive, '--set-string', 'tag=3,dropped=', '--set', 'minReadySeconds=0');
    expect(await tenant.configMap('app-settings')).toEqual({ tag: '3' });
    expect((await kubectl.json<{ spec: object }>('get', 'deployment', 'app-web')).spec).not.toHaveProperty(
      'minReadySeconds',
    );
    await helm('rollback', 'app', '1');
    expect(await tenant.configMap('app-settings')).toEqual({ tag: '1', dropped: 'here' });
    expect((await history()).map(({ status }) => status)).toEqual([
      'superseded',
      'superseded',
      'superseded',
      'deployed',
    ]);
    await helm('uninstall', 'app');
    expect(await tenant.configMap('app-settings')).toBeUndefined();
  });
});

test('an adopted release goes back to Helm unchanged, with the number that it has reached', async () => {
  const { controlPlane } = coxswain;
  const tenant = await coxswain.tenant();
  const helm = helmOn(coxswain, 'v4');
  const path = pathWith(PLUGINS, controlPlane);
  const release = kubectlFor(controlPlane, { PATH: path, COXSWAIN_NODE: process.execPath });
  await helm(tenant, 'install', 'app', await coxswain.file('again.tgz', buildChart(PARTS)));
  await release('release', 'adopt', 'app', '--yes', '-n', tenant.namespace);
  await tenant.release('app').patch({ values: { tag: '2' } });
  await tenant.release('app').inForce(2);
  await release('release', 'export', 'app', '--to=helm', '-n', tenant.namespace);
  await tenant.release('app').delete('--cascade=orphan');
  const revisions = JSON.parse(await helm(tenant, 'history', 'app', '--output=json')) as Revision[];
  expect(revisions.map(({ revision, status }) => `${revision} ${status}`)).toEqual(['1 superseded', '2 deployed']);
  await helm(tenant, 'rollback', 'app', '1');
  expect(await tenant.configMap('app-settings')).toEqual({ tag: '1', dropped: 'here' });
});

test('Helm carries on after an adoption is undone', async () => {
  const { controlPlane } = coxswain;
  const path = pathWith(PLUGINS, controlPlane);
  const release = kubectlFor(controlPlane, { PATH: path, COXSWAIN_NODE: process.execPath });
  for (const [version, flags] of [
    ['v3', []],
    ['v4', ['--force-conflicts']],
  ] as const) {
    const tenant = await coxswain.tenant();
    const helm = helmOn(coxswain, version);
    const archive = await coxswain.file('undone.tgz', buildChart(PARTS));
    await helm(tenant, 'install', 'app', archive);
    await release('release', 'adopt', 'app', '--yes', '-n', tenant.namespace);
    await tenant.release('app').delete('--cascade=orphan');
    await helm(tenant, 'upgrade', 'app', archive, '--set-string', 'tag=2', ...flags);
    expect(await tenant.configMap('app-settings')).toEqual({ tag: '2', dropped: 'here' });
  }
});
