import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Release } from '../../../crds/index.ts';
import { countedWhenQuiet, describeRequest, markAudit } from '../../support/cluster/audit.ts';
import {
  auditedRequests,
  conditionOf,
  pushParts,
  releaseOf,
  startInstallation,
  viewRelease,
  type Installation,
  type ReleaseView,
} from '../../support/cluster/installation.ts';
import { eventually } from '../../support/eventually.ts';
import { createTenant } from '../../support/cluster/tenant.ts';
import { webChart } from '../../support/charts/web-chart.ts';

// A service account that is deleted can be impersonated as before, and its bindings stay.

const ACCOUNT = 'deployer';

let coxswain: Installation;

beforeAll(async () => {
  coxswain = await startInstallation();
});

afterAll(async () => coxswain?.stop());

/** A namespace with a Release of a service account of its own, Ready. */
async function deployed(name = 'web'): Promise<{ namespace: string; web: ReleaseView }> {
  const { kubectl } = coxswain;
  const namespace = await createTenant(kubectl, 'account', 'none');
  await kubectl('create', 'serviceaccount', ACCOUNT, '--namespace', namespace);
  const subject = `--serviceaccount=${namespace}:${ACCOUNT}`;
  await kubectl('create', 'rolebinding', 'coxswain', '--namespace', namespace, '--clusterrole=admin', subject);
  const chart = await pushParts(coxswain, webChart());
  await kubectl.apply(releaseOf(namespace, name, chart, { serviceAccountName: ACCOUNT }));
  const web = viewRelease(kubectl, namespace, name);
  await web.ready();
  return { namespace, web };
}

function stalledReason(release: Release): string | undefined {
  return conditionOf(release, 'Stalled')?.reason;
}

test('nothing is done in the name of a service account that was deleted, until it is made again', async () => {
  const { kubectl, controlPlane } = coxswain;
  const { namespace, web } = await deployed();
  const mark = await markAudit(controlPlane);
  await kubectl('delete', 'serviceaccount', ACCOUNT, '--namespace', namespace);
  const failed = await web.failed('ServiceAccountNotFound');
  expect(failed.message).toContain(`service account "${ACCOUNT}" of spec.serviceAccountName does not exist`);
  expect(await web.get()).toMatchObject({ status: { health: 'Yellow', version: 1 } });
  expect(stalledReason(await web.get())).toBe('ServiceAccountNotFound');

  await kubectl('delete', 'service', 'web', '--namespace', namespace);
  await web.patch({ values: { tag: '2' } });
  await web.until((release) => stalledReason(release) === 'ServiceAccountNotFound');
  await kubectl('annotate', 'release', 'web', 'touched=yes', '--namespace', namespace);
  const sent = (await countedWhenQuiet('coxswain', mark)).map(describeRequest);
  const ofItself = /^(get serviceaccounts\/deployer|(patch|apply) releases\/web\/status)/;
  expect(sent.filter((request) => !ofItself.test(request))).toEqual([]);
  expect(await kubectl('get', 'service', 'web', '--namespace', namespace, '--ignore-not-found')).toBe('');

  await kubectl('create', 'serviceaccount', ACCOUNT, '--namespace', namespace);
  const release = await web.ready();
  expect(release.status).toMatchObject({ version: 2, health: 'Green' });
  expect(await kubectl('get', 'service', 'web', '--namespace', namespace, '--output=name')).toBe('service/web\n');
});

test('a Release whose service account was deleted is deleted once it is made again, or another is named', async () => {
  const { kubectl } = coxswain;
  const { namespace, web } = await deployed();
  await kubectl('delete', 'serviceaccount', ACCOUNT, '--namespace', namespace);
  await web.failed('ServiceAccountNotFound');
  await kubectl('delete', 'release', 'web', '--namespace', namespace, '--wait=false');
  const stalled = await eventually(
    () => web.get(),
    ({ status }) => status?.operation?.type === 'Delete',
  );
  expect(conditionOf(stalled, 'Stalled')?.message).toMatch(/create it, or name another, or abandon the children/);
  expect(await kubectl('get', 'deployment,service', '--namespace', namespace, '--output=name')).toMatch(
    /deployment\S+\/web\nservice\/web/,
  );
  const subject = `--serviceaccount=${namespace}:default`;
  await kubectl('create', 'rolebinding', 'more', '--namespace', namespace, '--clusterrole=admin', subject);
  await web.patch({ serviceAccountName: 'default' });
  await kubectl('wait', 'release/web', '--namespace', namespace, '--for=delete', '--timeout=30s');
  expect(await kubectl('get', 'deployment,service', '--namespace', namespace, '--output=name')).toBe('');
});

test('a Release that never had a service account says so, is installed when there is one, and deleted at once before', async () => {
  const { kubectl, controlPlane } = coxswain;
  const namespace = await createTenant(kubectl, 'account');
  const chart = await pushParts(coxswain, webChart());
  for (const name of ['web', 'gone']) {
    await kubectl.apply(releaseOf(namespace, name, chart, { serviceAccountName: 'later' }));
  }
  const web = viewRelease(kubectl, namespace, 'web');
  await web.failed('ServiceAccountNotFound');
  await kubectl('delete', 'release', 'gone', '--namespace', namespace, '--timeout=10s');
  const asLater = (await auditedRequests(controlPlane)).filter(
    ({ impersonatedUser }) => impersonatedUser?.username === `system:serviceaccount:${namespace}:later`,
  );
  expect(asLater).toEqual([]);
  await kubectl('create', 'serviceaccount', 'later', '--namespace', namespace);
  const subject = `--serviceaccount=${namespace}:later`;
  await kubectl('create', 'rolebinding', 'later', '--namespace', namespace, '--clusterrole=admin', subject);
  await web.ready({ timeoutMs: 60_000 });
});

test('a namespace goes with its Releases though their service accounts go first', async () => {
  const { kubectl } = coxswain;
  const { namespace } = await deployed();
  await kubectl('delete', 'serviceaccount', ACCOUNT, '--namespace', namespace);
  await kubectl('delete', 'namespace', namespace, '--timeout=60s');
});
