import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Release } from '../../../crds/index.ts';
import type { KubeObject } from '../../../resources/index.ts';
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
import { createTenant } from '../../support/cluster/tenant.ts';

let coxswain: Installation;

beforeAll(async () => {
  coxswain = await startInstallation();
});

afterAll(async () => coxswain?.stop());

const VALUES = 'fails: false\nvalue: one\n';

describe('a pre-upgrade hook that fails', () => {
  let namespace: string;
  let web: ReleaseView;
  let failedJob: string;

  beforeAll(async () => {
    namespace = await createTenant(coxswain.kubectl);
    web = viewRelease(coxswain.kubectl, namespace, 'web');
    const migrate = hookJob({ name: 'migrate', events: 'pre-upgrade', failsIf: '.Values.fails' });
    const chart = await pushParts(coxswain, chartOf('migrated', [configMap('app', 'value'), migrate], VALUES));
    await coxswain.kubectl.apply(releaseOf(namespace, 'web', chart));
    await web.ready();
    await web.patch({ values: { value: 'two', fails: true } });
    await web.failed('HookFailed');
    failedJob = await uidOf(namespace, 'migrate');
  });

  test('leaves the version before it in force, Red', async () => {
    const { status } = await web.get();
    expect(status).toMatchObject({ version: 1, health: 'Red', operation: { type: 'Upgrade', version: 2, from: 1 } });
    expect(status?.history?.map(({ version }) => version)).toEqual([1]);
    expect(await configMapData(coxswain.kubectl, namespace, 'app')).toEqual({ value: 'one' });
  });

  test('and drift of that version is put right', async () => {
    await coxswain.kubectl('delete', 'configmap', 'app', '--namespace', namespace);
    await eventually(
      () => configMapData(coxswain.kubectl, namespace, 'app'),
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
    ['deleting its Job', () => coxswain.kubectl('delete', 'job', 'migrate', '--namespace', namespace)],
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
      () => uidOf(namespace, 'migrate'),
      (uid) => uid !== '' && uid !== failedJob,
    );
    await web.until(isFailed);
    failedJob = await uidOf(namespace, 'migrate');
    expect(failedJob).toBe(again);
    expect((await web.get()).status).toMatchObject({ version: 1, operation: { type: 'Upgrade', version: 2 } });
  });

  test('goes on without hooks where the spec skips them', async () => {
    await web.patch({ hooks: 'Skip' });
    const release = await web.ready();
    expect(release.status?.version).toBe(2);
    expect(await uidOf(namespace, 'migrate')).toBe(failedJob);
    expect(await configMapData(coxswain.kubectl, namespace, 'app')).toEqual({ value: 'two' });
  });
});

describe('a deletion', () => {
  test('whose pre-delete hook fails is retried, and goes on where hooks are skipped', async () => {
    const { kubectl } = coxswain;
    const namespace = await createTenant(kubectl);
    const farewell = hookJob({ name: 'farewell', events: 'pre-delete', failsIf: 'true' });
    const chart = await pushParts(coxswain, chartOf('stuck', [configMap('app', 'value'), farewell], VALUES));
    await kubectl.apply(releaseOf(namespace, 'web', chart));
    const web = viewRelease(kubectl, namespace, 'web');
    await web.ready();
    await kubectl('delete', 'release', 'web', '--namespace', namespace, '--wait=false');
    const { message } = await web.failed('HookFailed');
    expect(message).toMatch(/pre-delete: hook Job\/farewell.*set spec\.hooks to Skip/);
    const first = await uidOf(namespace, 'farewell');
    await kubectl('delete', 'job', 'farewell', '--namespace', namespace);
    await eventually(
      () => uidOf(namespace, 'farewell'),
      (uid) => uid !== '' && uid !== first,
    );
    expect(await configMapData(kubectl, namespace, 'app')).toEqual({ value: 'one' });
    await web.patch({ hooks: 'Skip' });
    await gone(namespace, 'web');
    expect(await configMapData(kubectl, namespace, 'app')).toBeUndefined();
  });

  test('ends where a post-delete hook fails, as with Helm, and an event tells of it', async () => {
    const { kubectl } = coxswain;
    const namespace = await createTenant(kubectl);
    const cleanup = hookJob({ name: 'cleanup', events: 'post-delete', failsIf: 'true' });
    const chart = await pushParts(coxswain, chartOf('cleaned', [configMap('app', 'value'), cleanup], VALUES));
    await kubectl.apply(releaseOf(namespace, 'web', chart));
    await viewRelease(kubectl, namespace, 'web').ready();
    await kubectl('delete', 'release', 'web', '--namespace', namespace, '--wait=false');
    await gone(namespace, 'web');
    await eventually(
      () => eventsOf(namespace, 'HookFailed'),
      (messages) => expect(messages.join()).toMatch(/post-delete: hook Job\/cleanup/),
    );
  });

  test('ends where a post-delete hook cannot start within the timeout', async () => {
    const { kubectl } = coxswain;
    const namespace = await createTenant(kubectl);
    const account = 'apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: cleaner}\n';
    const cleanup = hookJob({ name: 'cleanup', events: 'post-delete', spec: '' }).replace(
      'restartPolicy: Never',
      'restartPolicy: Never\n      serviceAccountName: cleaner',
    );
    const chart = await pushParts(coxswain, chartOf('orphaned', [account, cleanup], VALUES));
    await kubectl.apply(releaseOf(namespace, 'web', chart, { timeout: '8s' }));
    await viewRelease(kubectl, namespace, 'web').ready();
    await kubectl('delete', 'release', 'web', '--namespace', namespace, '--wait=false');
    await gone(namespace, 'web');
  });

  test('runs its hooks though the namespace may own nothing of the cluster any more', async () => {
    const { kubectl } = coxswain;
    const namespace = await createTenant(kubectl);
    const subject = `--serviceaccount=${namespace}:default`;
    await kubectl('create', 'clusterrolebinding', namespace, '--clusterrole=cluster-admin', subject);
    await kubectl('label', 'namespace', namespace, 'coxswain.dev/cluster-scope=allowed');
    const role = `apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: {{ .Release.Namespace }}-role}
`;
    const farewell = hookJob({ name: 'farewell', events: 'pre-delete' });
    const chart = await pushParts(coxswain, chartOf('wide', [role, farewell], VALUES));
    await kubectl.apply(releaseOf(namespace, 'web', chart));
    await viewRelease(kubectl, namespace, 'web').ready();
    await kubectl('label', 'namespace', namespace, 'coxswain.dev/cluster-scope-');
    await kubectl('delete', 'release', 'web', '--namespace', namespace, '--timeout=60s');
    expect(await uidOf(namespace, 'farewell')).not.toBe('');
    const role_ = await kubectl('get', 'clusterrole', `${namespace}-role`, '--ignore-not-found', '--output=name');
    expect(role_.trim()).toBe('');
  });
});

test('waiting for a hook tells what is the matter with its pod', async () => {
  const { kubectl } = coxswain;
  const namespace = await createTenant(kubectl);
  const pull = hookJob({ name: 'pull', events: 'pre-install', image: 'example.com/hook:broken' });
  const chart = await pushParts(coxswain, chartOf('pulling', [pull], VALUES));
  await kubectl.apply(releaseOf(namespace, 'web', chart));
  const web = viewRelease(kubectl, namespace, 'web');
  const release = await web.until(({ status }) => status?.message?.includes('ImagePullBackOff') === true);
  expect(release.status).toMatchObject({ health: 'Red', message: expect.stringMatching(/^Job\/pull: pod pull-/) });
});

function isFailed(release: Release): boolean {
  return conditionOf(release, 'Ready')?.reason === 'HookFailed';
}

async function uidOf(namespace: string, job: string): Promise<string> {
  const path = '--output=jsonpath={.metadata.uid}';
  return coxswain.kubectl('get', 'job', job, '--namespace', namespace, '--ignore-not-found', path);
}

async function gone(namespace: string, release: string): Promise<void> {
  const args = ['get', 'release', release, '--namespace', namespace, '--ignore-not-found', '--output=name'] as const;
  await eventually(
    () => coxswain.kubectl(...args),
    (name) => name.trim() === '',
  );
}

async function eventsOf(namespace: string, reason: string): Promise<string[]> {
  const selector = `--field-selector=reason=${reason}`;
  const { items } = await coxswain.kubectl.json<{ items: (KubeObject & { note?: string; message?: string })[] }>(
    'get',
    'events',
    '--namespace',
    namespace,
    selector,
  );
  return items.map(({ message, note }) => message ?? note ?? '');
}
