import { beforeAll, describe, expect, test } from '@jest/globals';
import type { Release } from '../../../../crds/index.ts';
import type { KubeObject } from '../../../../resources/index.ts';
import { eventually } from '../../../support/eventually.ts';
import { chartOf, configMap, hookJob } from '../../../support/charts/hook-charts.ts';
import { conditionOf, type ReleaseView } from '../../../support/cluster/installation.ts';
import { story } from '../../../support/cluster/story.ts';
import type { Tenant } from '../../../support/cluster/tenant.ts';

const coxswain = story();

const VALUES = 'fails: false\nvalue: one\n';

describe('a pre-upgrade hook that fails', () => {
  let tenant: Tenant;
  let web: ReleaseView;
  let failedJob: string;

  beforeAll(async () => {
    tenant = await coxswain.tenant();
    web = tenant.release('web');
    const migrate = hookJob({ name: 'migrate', events: 'pre-upgrade', failsIf: '.Values.fails' });
    const chart = await coxswain.push(chartOf('migrated', [configMap('app', 'value'), migrate], VALUES));
    await tenant.apply('web', chart);
    await web.ready();
    await web.patch({ values: { value: 'two', fails: true } });
    await web.failed('HookFailed');
    failedJob = await uidOf(tenant, 'migrate');
  });

  test('leaves the previous version in force, Red', async () => {
    const { status } = await web.get();
    expect(status).toMatchObject({ version: 1, health: 'Red', operation: { type: 'Upgrade', version: 2, from: 1 } });
    expect(status?.history?.map(({ version }) => version)).toEqual([1]);
    expect(await tenant.configMap('app')).toEqual({ value: 'one' });
  });

  test('and drift of that version is corrected', async () => {
    await tenant.kubectl('delete', 'configmap', 'app');
    await eventually(
      () => tenant.configMap('app'),
      (data) => data?.['value'] === 'one',
    );
    expect((await web.get()).status?.version).toBe(1);
  });

  test.each([
    ['another timeout', () => web.patch({ timeout: '6m' })],
    [
      'suspending and resuming',
      async () => {
        await web.patch({ suspend: true });
        await web.until(({ spec }) => spec.suspend);
        await web.patch({ suspend: false });
      },
    ],
    ['deleting its Job', () => tenant.kubectl('delete', 'job', 'migrate')],
    [
      'going back and forward again',
      async () => {
        await web.patch({ version: 1 });
        await web.ready();
        await web.patch({ version: 2 });
      },
    ],
  ])('runs again by %s', async (_, ask) => {
    await ask();
    const again = await eventually(
      () => uidOf(tenant, 'migrate'),
      (uid) => uid !== '' && uid !== failedJob,
    );
    await web.until(isFailed);
    failedJob = await uidOf(tenant, 'migrate');
    expect(failedJob).toBe(again);
    expect((await web.get()).status).toMatchObject({ version: 1, operation: { type: 'Upgrade', version: 2 } });
  });

  test('is bypassed where the spec skips hooks', async () => {
    await web.patch({ hooks: 'Skip' });
    const release = await web.ready();
    expect(release.status?.version).toBe(2);
    expect(await uidOf(tenant, 'migrate')).toBe(failedJob);
    expect(await tenant.configMap('app')).toEqual({ value: 'two' });
  });
});

describe('hooks that are asked for again', () => {
  test('run once more for each token, whether or not they failed, and nothing else changes', async () => {
    const tenant = await coxswain.tenant();
    const web = tenant.release('web');
    const before = hookJob({ name: 'before', events: 'pre-install,pre-upgrade' });
    const after = hookJob({ name: 'after', events: 'post-install,post-upgrade', failsIf: '.Values.fails' });
    const chart = await coxswain.push(chartOf('again', [configMap('app', 'value'), before, after], VALUES));
    await tenant.apply('web', chart);
    await web.ready();
    const child = async (): Promise<string | undefined> =>
      (await tenant.kubectl.json<KubeObject>('get', 'configmap', 'app')).metadata.resourceVersion;
    const uids = async (): Promise<string[]> => [await uidOf(tenant, 'before'), await uidOf(tenant, 'after')];
    const ask = async (token: string): Promise<void> => {
      const annotations = [`coxswain.dev/reconcile=${token}`, `coxswain.dev/rerun-hooks=${token}`];
      await tenant.kubectl('annotate', 'release', 'web', '--overwrite', ...annotations);
      await web.until(({ status }) => status?.lastHandledReconcile === token);
    };
    const [resource, first] = [await child(), await uids()];
    await ask('one');
    await web.ready();
    const second = await uids();
    expect(new Set([...first, ...second]).size).toBe(4);
    expect(await child()).toBe(resource);
    await ask('one');
    await web.ready();
    expect(await uids()).toEqual(second);
    expect(await web.histories()).toHaveLength(1);

    await web.patch({ values: { fails: true } });
    await web.failed('HookFailed');
    const failed = await uids();
    await ask('two');
    await eventually(uids, ([, now]) => now !== '' && now !== failed[1]);
    await web.failed('HookFailed');
    // The hook before was not what failed.
    expect((await uids())[0]).toBe(failed[0]);
    expect((await web.histories()).map(({ spec }) => spec.version)).toEqual([1, 2]);
  });
});

describe('a deletion', () => {
  test('whose pre-delete hook fails is retried, and continues where hooks are skipped', async () => {
    const tenant = await coxswain.tenant();
    const farewell = hookJob({ name: 'farewell', events: 'pre-delete', failsIf: 'true' });
    const chart = await coxswain.push(chartOf('stuck', [configMap('app', 'value'), farewell], VALUES));
    const web = await tenant.apply('web', chart);
    await web.ready();
    await tenant.kubectl('delete', 'release', 'web', '--wait=false');
    const { message } = await web.failed('HookFailed');
    expect(message).toMatch(/pre-delete: hook Job\/farewell.*set spec\.uninstall\.hooks to Skip/);
    const first = await uidOf(tenant, 'farewell');
    await tenant.kubectl('delete', 'job', 'farewell');
    await eventually(
      () => uidOf(tenant, 'farewell'),
      (uid) => uid !== '' && uid !== first,
    );
    expect(await tenant.configMap('app')).toEqual({ value: 'one' });
    await web.patch({ hooks: 'Skip' });
    await gone(tenant, 'web');
    expect(await tenant.configMap('app')).toBeUndefined();
  });

  test('of a failed install can skip a hook that needs an object that was never created', async () => {
    const tenant = await coxswain.tenant();
    const account = 'apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: cleaner}\n';
    const before = hookJob({ name: 'before', events: 'pre-install', failsIf: 'true' });
    const farewell = withAccount(hookJob({ name: 'farewell', events: 'pre-delete' }), 'cleaner');
    const chart = await coxswain.push(chartOf('unmade', [account, before, farewell], VALUES));
    const web = await tenant.apply('web', chart, { timeout: '8s' });
    await web.failed('HookFailed');
    await tenant.kubectl('delete', 'release', 'web', '--wait=false');
    // The Release may be late before the hook is, which has its own time.
    const late = await web.until(({ status }) => /for longer than spec\.timeout/.test(status?.message ?? ''));
    expect(conditionOf(late, 'Stalled')?.reason).toBe('TimedOut');
    expect(late.status?.message).toMatch(
      /Job\/farewell: .*for longer than spec\.timeout; .*set spec\.uninstall\.hooks to Skip/,
    );
    await web.patch({ hooks: 'Skip' });
    await gone(tenant, 'web');
  });

  test('continues without hooks where their record is damaged, and an event says so', async () => {
    const tenant = await coxswain.tenant();
    const farewell = hookJob({ name: 'farewell', events: 'pre-delete' });
    const chart = await coxswain.push(chartOf('damaged', [configMap('app', 'value'), farewell], VALUES));
    const web = await tenant.apply('web', chart);
    await web.ready();
    const chunks = ['secret', '--field-selector=type=coxswain.dev/chunk'];
    await tenant.kubectl('delete', ...chunks);
    await coxswain.restart();
    await web.delete();
    expect(await tenant.configMap('app')).toBeUndefined();
    expect(await uidOf(tenant, 'farewell')).toBe('');
    await eventually(
      () => eventsOf(tenant, 'HistoryCorrupted'),
      (messages) => expect(messages.join()).toMatch(/deleted without its delete hooks/),
    );
  });

  test('completes where a post-delete hook fails, as with Helm, and an event says so', async () => {
    const tenant = await coxswain.tenant();
    const cleanup = hookJob({ name: 'cleanup', events: 'post-delete', failsIf: 'true' });
    const chart = await coxswain.push(chartOf('cleaned', [configMap('app', 'value'), cleanup], VALUES));
    await tenant.apply('web', chart);
    await tenant.release('web').ready();
    await tenant.kubectl('delete', 'release', 'web', '--wait=false');
    await gone(tenant, 'web');
    await eventually(
      () => eventsOf(tenant, 'HookFailed'),
      (messages) => expect(messages.join()).toMatch(/post-delete: hook Job\/cleanup/),
    );
  });

  test('completes where a post-delete hook cannot start within the timeout', async () => {
    const tenant = await coxswain.tenant();
    const account = 'apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: cleaner}\n';
    const cleanup = withAccount(hookJob({ name: 'cleanup', events: 'post-delete' }), 'cleaner');
    const chart = await coxswain.push(chartOf('orphaned', [account, cleanup], VALUES));
    await tenant.apply('web', chart, { timeout: '8s' });
    await tenant.release('web').ready();
    await tenant.kubectl('delete', 'release', 'web', '--wait=false');
    await gone(tenant, 'web');
  });

  test('runs its hooks even if the namespace may no longer own cluster-scoped objects', async () => {
    const { kubectl } = coxswain;
    const tenant = await coxswain.tenant({ rights: 'trusted' });
    const role = `apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: {{ .Release.Namespace }}-role}
`;
    const farewell = hookJob({ name: 'farewell', events: 'pre-delete' });
    const chart = await coxswain.push(chartOf('wide', [role, farewell], VALUES));
    const web = await tenant.apply('web', chart);
    await web.ready();
    await kubectl('label', 'namespace', tenant.namespace, 'coxswain.dev/cluster-scope-');
    await web.delete();
    expect(await uidOf(tenant, 'farewell')).not.toBe('');
    const role_ = await kubectl(
      'get',
      'clusterrole',
      `${tenant.namespace}-role`,
      '--ignore-not-found',
      '--output=name',
    );
    expect(role_.trim()).toBe('');
  });
});

test('waiting for a hook reports what is wrong with its pod', async () => {
  const tenant = await coxswain.tenant();
  const pull = hookJob({ name: 'pull', events: 'pre-install', image: 'example.com/hook:broken' });
  const chart = await coxswain.push(chartOf('pulling', [pull], VALUES));
  const web = await tenant.apply('web', chart);
  const release = await web.until(({ status }) => status?.message?.includes('ImagePullBackOff') === true);
  expect(release.status).toMatchObject({ health: 'Red', message: expect.stringMatching(/^Job\/pull: pod pull-/) });
});

function isFailed(release: Release): boolean {
  return conditionOf(release, 'Ready')?.reason === 'HookFailed';
}

async function uidOf(tenant: Tenant, job: string): Promise<string> {
  const path = '--output=jsonpath={.metadata.uid}';
  return tenant.kubectl('get', 'job', job, '--ignore-not-found', path);
}

/** The Job's pods run as a service account. */
function withAccount(job: string, account: string): string {
  return job.replace('restartPolicy: Never', `restartPolicy: Never\n      serviceAccountName: ${account}`);
}

async function gone(tenant: Tenant, release: string): Promise<void> {
  await eventually(
    () => tenant.kubectl('get', 'release', release, '--ignore-not-found', '--output=name'),
    (name) => name.trim() === '',
  );
}

async function eventsOf(tenant: Tenant, reason: string): Promise<string[]> {
  const selector = `--field-selector=reason=${reason}`;
  const { items } = await tenant.kubectl.json<{ items: (KubeObject & { note?: string; message?: string })[] }>(
    'get',
    'events',
    selector,
  );
  return items.map(({ message, note }) => message ?? note ?? '');
}
