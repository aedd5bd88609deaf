import { beforeAll, beforeEach, expect, test } from '@jest/globals';
import { join } from 'node:path';
import type { Release } from '../../../../crds/index.ts';
import { releaseOf, type ReleaseView } from '../../../support/cluster/installation.ts';
import { kubectlFor } from '../../../support/cluster/kubectl.ts';
import { story } from '../../../support/cluster/story.ts';
import type { Tenant } from '../../../support/cluster/tenant.ts';
import { eventually } from '../../../support/eventually.ts';
import { webChart } from '../../../support/charts/web-chart.ts';
import { pathWith, PLUGINS } from '../../../support/command/command.ts';

// Who made a version: the user, as the admission policy in deploy/editors.yaml tells.

const REPOSITORY = join(import.meta.dirname, '..', '..', '..', '..');
const ANNOTATION = 'coxswain.dev/edited-by';

const coxswain = story();
let tenant: Tenant;
let web: ReleaseView;

beforeAll(async () => {
  const { kubectl } = coxswain;
  await kubectl('apply', '--filename', join(REPOSITORY, 'deploy', 'editors.yaml'));
  // The API server takes note of a policy a little later.
  const probe = {
    apiVersion: 'coxswain.dev/v1alpha1',
    kind: 'Release',
    metadata: { name: 'probe', namespace: 'default' },
  };
  const spec = { chart: { registry: 'oci://registry.example.com/charts', name: 'none' } };
  const input = JSON.stringify({ ...probe, spec });
  const dryRun = ['create', '--dry-run=server', '--filename=-', '--output=json'];
  await eventually(
    async () => JSON.parse((await kubectl.attempt(dryRun, { input })).stdout) as Release,
    ({ metadata }) => metadata.annotations?.[ANNOTATION] !== undefined,
  );
});

beforeEach(async () => {
  tenant = await coxswain.tenant();
  web = tenant.release('web');
  for (const user of ['alice', 'bob']) {
    await tenant.kubectl('create', 'rolebinding', user, '--clusterrole=edit', `--user=${user}`);
  }
  const chart = await coxswain.push(webChart());
  await as('alice', ['apply', '--server-side', '--filename=-'], releaseOf(tenant.namespace, 'web', chart));
  await web.inForce(1);
});

test('each version names the user whose edit led to it, and the command shows it', async () => {
  await patch('bob', { spec: { values: { greeting: 'b' } } });
  await web.inForce(2);
  await patch('alice', { spec: { interval: '11m' } });
  await patch('bob', { spec: { values: { greeting: 'c' } } });
  await web.inForce(3);
  expect((await web.histories()).map(({ spec }) => spec.editedBy)).toEqual(['alice', 'bob', 'bob']);

  const { controlPlane } = coxswain;
  const path = pathWith(PLUGINS, controlPlane);
  const plugins = kubectlFor(controlPlane, { PATH: path, COXSWAIN_NODE: process.execPath });
  const table = await plugins('release', 'history', 'web', '--namespace', tenant.namespace);
  expect(table).toContain('bob (kubectl-patch)');
});

test('nobody can pass for another user, and what the controller writes is nobody’s edit', async () => {
  await patch('bob', { metadata: { annotations: { [ANNOTATION]: 'mallory' } } });
  expect((await web.get()).metadata.annotations?.[ANNOTATION]).toBe('alice');
  await patch('bob', { metadata: { annotations: { [ANNOTATION]: null } } });
  expect((await web.get()).metadata.annotations?.[ANNOTATION]).toBe('alice');
  const values = { greeting: 'x'.repeat(500_000) };
  await patch('bob', { metadata: { annotations: { [ANNOTATION]: 'mallory' } }, spec: { values } });
  await web.inForce(2);
  expect((await web.get()).metadata.annotations?.[ANNOTATION]).toBe('bob');
  await patch('alice', { spec: { version: 1 } });
  const back = await web.inForce(1);
  expect(back.spec.values).toBeUndefined();
  expect(back.metadata.annotations?.[ANNOTATION]).toBe('alice');
});

async function as(user: string, args: string[], input?: object): Promise<void> {
  const options = input && { input: JSON.stringify(input) };
  const { code, stderr } = await tenant.kubectl.attempt([...args, `--as=${user}`], options);
  expect([code, code === 0 ? '' : stderr]).toEqual([0, '']);
}

async function patch(user: string, change: object): Promise<void> {
  const file = await coxswain.file('patch.json', JSON.stringify(change));
  await as(user, ['patch', 'release', 'web', '--type=merge', `--patch-file=${file}`]);
}
