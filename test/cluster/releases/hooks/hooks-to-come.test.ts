import { expect, test } from '@jest/globals';
import { chartOf, configMap, hookJob } from '../../../support/charts/hook-charts.ts';
import { story } from '../../../support/cluster/story.ts';
import type { Tenant } from '../../../support/cluster/tenant.ts';

// Hooks that have not succeeded, and are not forgotten.

const VALUES = 'fails: false\nvalue: one\n';

const coxswain = story();

test('the last hook of a version, if it failed, runs again when somebody returns to that version', async () => {
  const tenant = await coxswain.tenant();
  const after = hookJob({ name: 'after', events: 'post-upgrade', failsIf: '.Values.fails' });
  const chart = await coxswain.push(chartOf('followed', [configMap('app', 'value'), after], VALUES));
  const web = await tenant.apply('web', chart);
  await web.ready();
  await web.patch({ values: { value: 'two', fails: true } });
  await web.failed('HookFailed');
  expect((await web.get()).status?.version).toBe(2);
  const first = await uidOf(tenant, 'after');
  await web.patch({ version: 1 });
  const back = await web.inForce(1);
  expect(back.status?.history).toMatchObject([{ version: 2, unfinished: true }, { version: 1 }]);
  await web.patch({ version: 2 });
  const again = await web.until(
    ({ status }) => status?.operation?.version === 2 && status.operation.failure !== undefined,
  );
  expect(again.status?.operation?.type).toBe('Upgrade');
  expect(await uidOf(tenant, 'after')).not.toBe(first);
});

test('a hook that cannot start continues by itself once the cause is gone', async () => {
  const tenant = await coxswain.tenant();
  const noted = `apiVersion: v1
kind: ConfigMap
metadata:
  name: noted
  annotations: {helm.sh/hook: pre-install, helm.sh/hook-weight: "1"}
`;
  const before = hookJob({ name: 'before', events: 'pre-install' });
  await tenant.kubectl('create', 'quota', 'pods', '--hard=pods=0');
  await tenant.kubectl('create', 'quota', 'maps', '--hard=count/configmaps=0');
  const web = await tenant.apply('web', await coxswain.push(chartOf('barred', [before, noted], VALUES)));
  // The Job exists, and its pod may not: only Events say so.
  const barred = await web.until(({ status }) => /exceeded quota: pods/.test(status?.message ?? ''));
  expect(barred.status?.hooks?.[0]).toMatchObject({ kind: 'Job', name: 'before', phase: 'Running' });
  await tenant.kubectl('delete', 'quota', 'pods');
  // The ConfigMap may not exist.
  await web.until(({ status }) => /exceeded quota: maps/.test(status?.message ?? ''));
  await tenant.kubectl('delete', 'quota', 'maps');
  const { status } = await web.ready();
  expect(status?.hooks?.map(({ phase }) => phase)).toEqual(['Succeeded', 'Succeeded']);
});

async function uidOf(tenant: Tenant, job: string): Promise<string> {
  return tenant.kubectl('get', 'job', job, '--ignore-not-found', '--output=jsonpath={.metadata.uid}');
}
