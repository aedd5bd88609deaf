import { expect, test } from '@jest/globals';
import type { Release } from '../../../../crds/index.ts';
import { countedWhenQuiet, describeRequest, markAudit } from '../../../support/cluster/audit.ts';
import { auditedRequests, conditionOf, type ReleaseView } from '../../../support/cluster/installation.ts';
import { story } from '../../../support/cluster/story.ts';
import type { Tenant } from '../../../support/cluster/tenant.ts';
import { eventually } from '../../../support/eventually.ts';
import { webChart } from '../../../support/charts/web-chart.ts';

// A service account that is deleted can be impersonated as before, and its bindings stay.

const ACCOUNT = 'deployer';

const coxswain = story();

/** A namespace with a Release of a service account of its own, Ready. */
async function deployed(name = 'web'): Promise<{ tenant: Tenant; web: ReleaseView }> {
  const tenant = await coxswain.tenant({ prefix: 'account', rights: 'none' });
  await tenant.kubectl('create', 'serviceaccount', ACCOUNT);
  await tenant.bind('admin', ACCOUNT);
  const chart = await coxswain.push(webChart());
  const web = await tenant.apply(name, chart, { serviceAccountName: ACCOUNT });
  await web.ready();
  return { tenant, web };
}

function stalledReason(release: Release): string | undefined {
  return conditionOf(release, 'Stalled')?.reason;
}

test('nothing is done as a deleted service account until it is created again', async () => {
  const { controlPlane } = coxswain;
  const { tenant, web } = await deployed();
  const mark = await markAudit(controlPlane, tenant);
  await tenant.kubectl('delete', 'serviceaccount', ACCOUNT);
  const failed = await web.failed('ServiceAccountNotFound');
  expect(failed.message).toContain(`service account "${ACCOUNT}" of spec.serviceAccountName does not exist`);
  expect(await web.get()).toMatchObject({ status: { health: 'Yellow', version: 1 } });
  expect(stalledReason(await web.get())).toBe('ServiceAccountNotFound');

  await tenant.kubectl('delete', 'service', 'web');
  await web.patch({ values: { tag: '2' } });
  await web.until((release) => stalledReason(release) === 'ServiceAccountNotFound');
  await tenant.kubectl('annotate', 'release', 'web', 'touched=yes');
  const sent = (await countedWhenQuiet('coxswain', mark)).map(describeRequest);
  const ofItself = /^(get serviceaccounts\/deployer|(patch|apply) releases\/web\/status)/;
  expect(sent.filter((request) => !ofItself.test(request))).toEqual([]);
  expect(await tenant.kubectl('get', 'service', 'web', '--ignore-not-found')).toBe('');

  await tenant.kubectl('create', 'serviceaccount', ACCOUNT);
  const release = await web.ready();
  expect(release.status).toMatchObject({ version: 2, health: 'Green' });
  expect(await tenant.kubectl('get', 'service', 'web', '--output=name')).toBe('service/web\n');
});

test('a Release whose service account was deleted is deleted once it is created again, or another one is named', async () => {
  const { tenant, web } = await deployed();
  await tenant.kubectl('delete', 'serviceaccount', ACCOUNT);
  await web.failed('ServiceAccountNotFound');
  await tenant.kubectl('delete', 'release', 'web', '--wait=false');
  const stalled = await eventually(
    () => web.get(),
    (release) =>
      expect(conditionOf(release, 'Stalled')?.message).toMatch(/create it, or name another, or abandon the children/),
  );
  expect(stalled.status?.operation?.type).toBe('Delete');
  expect(await tenant.kubectl('get', 'deployment,service', '--output=name')).toMatch(
    /deployment\S+\/web\nservice\/web/,
  );
  await tenant.bind('admin');
  await web.patch({ serviceAccountName: 'default' });
  await tenant.kubectl('wait', 'release/web', '--for=delete', '--timeout=120s');
  expect(await tenant.kubectl('get', 'deployment,service', '--output=name')).toBe('');
});

test('a Release that never had a service account says so, is installed once there is one, and can be deleted at once before that', async () => {
  const { controlPlane } = coxswain;
  const tenant = await coxswain.tenant({ prefix: 'account' });
  const chart = await coxswain.push(webChart());
  for (const name of ['web', 'gone']) {
    await tenant.apply(name, chart, { serviceAccountName: 'later' });
  }
  const web = tenant.release('web');
  await web.failed('ServiceAccountNotFound');
  await tenant.release('gone').delete();
  const asLater = (await auditedRequests(controlPlane)).filter(
    ({ impersonatedUser }) => impersonatedUser?.username === `system:serviceaccount:${tenant.namespace}:later`,
  );
  expect(asLater).toEqual([]);
  await tenant.kubectl('create', 'serviceaccount', 'later');
  await tenant.bind('admin', 'later');
  await web.ready();
});

test('a namespace is deleted with its Releases even if their service accounts are deleted first', async () => {
  const { kubectl } = coxswain;
  const { tenant } = await deployed();
  await tenant.kubectl('delete', 'serviceaccount', ACCOUNT);
  await kubectl('delete', 'namespace', tenant.namespace, '--timeout=150s');
});
