import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';

import { historyName, type Release } from '../../../crds/index.ts';
import { startControlPlane } from '../../control-plane/index.ts';
import type { ControlPlane } from '../../control-plane/index.ts';
import { installCoxswain } from '../../support/cluster/controller.ts';
import { kubectlFor } from '../../support/cluster/kubectl.ts';
import type { Kubectl } from '../../support/cluster/kubectl.ts';
import { createTenant } from '../../support/cluster/tenant.ts';
import { pathWith, PLUGINS } from '../../support/command/command.ts';

const CHART = 'oci://registry.example/charts/web';

let controlPlane: ControlPlane;
/** kubectl with the plugins on PATH, no colours. */
let kubectl: Kubectl;
let namespace: string;

beforeAll(async () => {
  controlPlane = await startControlPlane();
  await installCoxswain(controlPlane);
  const path = pathWith(PLUGINS, controlPlane);
  kubectl = kubectlFor(controlPlane, { PATH: path, COXSWAIN_NODE: process.execPath });
  namespace = await createTenant(kubectl, 'cli');
}, 1_200_000);
afterAll(async () => controlPlane?.stop());

const specOf = async (name: string): Promise<unknown> =>
  (await kubectl.json<{ spec: unknown }>('get', 'release', name, '-n', namespace)).spec;

describe('kubectl create release', () => {
  test('creates what its flags say, with values merged as Helm merges them', async () => {
    const args = ['create', 'release', 'full', '-n', namespace, '--chart', `${CHART}:1.2.3`, '-f', '-', '--set'];
    const more = ['a.b[1]=2,text=yes', '--set-string', 'id=007', '--service-account', 'deployer', '--secret', 'key'];
    const outcome = await kubectl.attempt([...args, ...more], { input: 'a:\n  b: [1, 1]\nkeep: true\n' });
    expect(outcome).toEqual({ code: 0, stdout: 'release.coxswain.dev/full created\n', stderr: '' });
    expect(await specOf('full')).toMatchObject({
      chart: {
        registry: 'oci://registry.example/charts',
        name: 'web',
        version: '1.2.3',
        secretRef: { name: 'key' },
      },
      values: { a: { b: [1, 2] }, keep: true, text: 'yes', id: '007' },
      serviceAccountName: 'deployer',
    });
  });

  test('uses the namespace of the context, a classic repository, and a range', async () => {
    const chart = ['--repo', 'https://charts.example/stable', '--chart', 'web', '--version', '^1.0.0'];
    await kubectl('create', 'release', 'ranged', ...chart);
    const found = await kubectl.json<{ spec: object }>('get', 'release', 'ranged', '-n', 'default');
    expect(found.spec).toMatchObject({
      chart: { registry: 'https://charts.example/stable', name: 'web', version: '^1.0.0' },
      serviceAccountName: 'default',
    });
  });

  test('warns, where no version is named, that the newest version is followed', async () => {
    const args = ['create', 'release', 'newest', '-n', namespace, '--dry-run=client', '--chart'];
    expect((await kubectl.attempt([...args, CHART])).stderr).toContain('newest follows the newest stable version');
    expect((await kubectl.attempt([...args, `${CHART}:1.0.0`])).stderr).toBe('');
  });

  test('a client dry run prints the object and sends nothing; the server accepts what it prints', async () => {
    const args = ['create', 'release', 'dry', '-n', namespace, '--chart', CHART, '--dry-run=client', '-o', 'json'];
    const printed = await kubectl(...args);
    expect((await kubectl.attempt(['get', 'release', 'dry', '-n', namespace])).code).toBe(1);
    const applied = await kubectl.attempt(['apply', '-f', '-'], { input: printed });
    expect(applied).toMatchObject({ code: 0, stdout: 'release.coxswain.dev/dry created\n' });
  });

  test.each([
    [[], { values: { a: 2 } }],
    [['--helm-version', 'v3'], { helmVersion: 'v3', values: { a: 1 } }],
  ])('%j: reads several documents as that Helm does, and the Release names it', async (flags, expected) => {
    const args = ['create', 'release', 'read', '-n', namespace, '--chart', CHART, '--dry-run=client', '-o', 'json'];
    const { stdout } = await kubectl.attempt([...args, '-f', '-', ...flags], { input: 'a: 1\n---\na: 2\n' });
    expect(JSON.parse(stdout)).toMatchObject({ spec: expected });
  });

  test('a server dry run validates the Release and stores nothing', async () => {
    const chart = ['-n', namespace, '--chart', CHART, '--dry-run=server'];
    expect(await kubectl('create', 'release', 'checked', ...chart)).toBe(
      'release.coxswain.dev/checked created (server dry run)\n',
    );
    expect((await kubectl.attempt(['get', 'release', 'checked', '-n', namespace])).code).toBe(1);
    const refused = await kubectl.attempt(['create', 'release', 'n'.repeat(60), ...chart]);
    expect(refused.code).toBe(1);
    expect(refused.stderr).toContain('at most 53 characters');
  });

  test('acts with the rights of the user, or of the user named by --as', async () => {
    const args = ['create', 'release', 'foreign', '-n', namespace, '--chart', CHART, '--as', 'mallory'];
    const outcome = await kubectl.attempt(args);
    expect(outcome).toMatchObject({ code: 1, stdout: '' });
    expect(outcome.stderr).toMatch(/^error: create releases\.coxswain\.dev "foreign" .*forbidden.*mallory/i);
  });

  test.each([
    [['--chart', CHART], 'NAME missing'],
    [['x', 'y', '--chart', CHART], 'unexpected arguments: y'],
    [['x'], '--chart is missing'],
    [['x', '--chart', 'web'], 'oci://host/space'],
    [['x', '--chart', `${CHART}:1.0.0`, '--version', '2.0.0'], 'different versions'],
    [['x', '--chart', CHART, '--dry-run=maybe'], '--dry-run=maybe'],
    [['x', '--chart', CHART, '--wait', '--timeout', 'soon'], '"soon" is not a duration'],
    [['x', '--chart', CHART, '--unheard-of'], '--unheard-of'],
    [['x', '--chart', CHART, '--dry-run=client', '-o', 'xml'], '-o xml'],
  ])('%j is a usage error', async (args, message) => {
    const outcome = await kubectl.attempt(['create', 'release', ...args]);
    expect(outcome).toMatchObject({ code: 2, stdout: '' });
    expect(outcome.stderr).toContain(message);
  });

  test.each([
    [['-f', '/nowhere.yaml'], '/nowhere.yaml cannot be read'],
    [['-f', '-'], 'cannot be read: the text is YAML, but not a map'],
    [['--set', 'a'], 'has no value'],
    [['--kubeconfig', '/nowhere'], '/nowhere'],
  ])('%j fails and says why', async (args, message) => {
    const outcome = await kubectl.attempt(['create', 'release', 'x', '--chart', CHART, ...args], { input: '- a\n' });
    expect(outcome).toMatchObject({ code: 1, stdout: '' });
    expect(outcome.stderr).toContain(message);
  });
});

describe('kubectl release', () => {
  const release = 'web';
  const digest = `sha256:${'0'.repeat(64)}`;
  const time = '2026-01-01T00:00:00Z';
  const chart = { registry: 'oci://registry.example/charts', name: 'web' };

  const historyWith = (version: number, changes: object[]): object => ({
    apiVersion: 'coxswain.dev/v1alpha1',
    kind: 'ReleaseHistory',
    metadata: { name: historyName(release, version), namespace, labels: { 'coxswain.dev/release': release } },
    spec: {
      release,
      version,
      chart,
      resolved: { name: 'web', version: `1.0.${version}`, digest },
      digests: { content: digest, inputs: digest, record: digest },
      chunks: [],
      description: version === 1 ? 'install' : 'upgrade',
      cause: 'Edit',
      recordedAt: time,
      ...(version === 1 ? {} : { comparedWith: version - 1 }),
      changes,
      changesTotal: changes.length,
    },
  });

  beforeAll(async () => {
    const change = { object: 'Deployment/web', path: '/spec/replicas', change: 'Changed' };
    await kubectl.apply(
      {
        apiVersion: 'coxswain.dev/v1alpha1',
        kind: 'Release',
        metadata: { name: release, namespace },
        spec: { chart },
      },
      historyWith(1, []),
      historyWith(2, [{ ...change, from: '1', to: '2' }]),
      historyWith(3, [{ ...change, from: '2', to: '3' }]),
    );
    const child = { group: 'apps', version: 'v1', kind: 'Deployment', namespace, name: 'web' };
    const status = {
      version: 3,
      chart: { name: 'web', version: '1.0.3', digest },
      health: 'Red',
      message: 'Deployment/web: \u001b[31mno image',
      resources: [{ ...child, health: 'Red', message: 'no image' }],
    };
    const patch = JSON.stringify({ status });
    await kubectl('patch', 'release', release, '-n', namespace, '--subresource=status', '--type=merge', '-p', patch);
  });

  test('status shows the tree, without escape sequences that came from the cluster', async () => {
    expect(await kubectl('release', 'status', release, '-n', namespace)).toBe(
      [
        `${namespace}/web  Red  version 3  web-1.0.3`,
        'Deployment/web: [31mno image',
        '└─ Deployment/web  Red  no image',
        '',
      ].join('\n'),
    );
  });

  test('history lists the versions, newest first', async () => {
    const lines = (await kubectl('release', 'history', release, '-n', namespace)).trim().split('\n');
    expect(lines.map((line) => line.split(/ {2,}/)[0])).toEqual(['VERSION', '3 *', '2', '1']);
    expect(await kubectl('release', 'history', release, '-n', namespace, '-o', 'name')).toBe(
      [3, 2, 1].map((version) => `releasehistory.coxswain.dev/web-v${version}\n`).join(''),
    );
  });

  test.each([
    [[], '2', '3'],
    [['2'], '1', '2'],
    [['1', '3'], '1', '3'],
    [['v3', 'v1'], '3', '1'],
  ])('diff %j exits 3 with the changes', async (versions, from, to) => {
    const outcome = await kubectl.attempt(['release', 'diff', release, ...versions, '-n', namespace]);
    expect(outcome).toMatchObject({ code: 3, stderr: '' });
    expect(outcome.stdout).toContain(`~ Deployment/web\n  .spec.replicas\n    - ${from}\n    + ${to}\n`);
  });

  test('diff of a version with itself exits 0', async () => {
    expect(await kubectl('release', 'diff', release, '2', '2', '-n', namespace)).toContain('no differences');
  });

  test('colours are used only where they are wanted', async () => {
    const args = ['release', 'diff', release, '-n', namespace];
    const coloured = await kubectl.attempt(args, { env: { FORCE_COLOR: '1' } });
    expect(coloured.stdout).toContain('\u001b[32m    + 3\u001b[39m');
    const plain = await kubectl.attempt(args, { env: { NO_COLOR: '1' } });
    expect(plain.stdout).not.toContain('\u001b');
  });

  test('rollback sets spec.version and nothing else', async () => {
    const before = await specOf(release);
    expect(await kubectl('release', 'rollback', release, '1', '-n', namespace)).toBe(
      'release.coxswain.dev/web set to version 1\n',
    );
    expect(await specOf(release)).toEqual({ ...(before as object), version: 1 });
  });

  test('reconcile sets an annotation and nothing else', async () => {
    const before = await specOf(release);
    const told = await kubectl('release', 'reconcile', release, '-n', namespace);
    expect(told).toBe('release.coxswain.dev/web reconcile requested\n');
    const { metadata } = await kubectl.json<Release>('get', 'release', release, '-n', namespace);
    expect(metadata.annotations?.['coxswain.dev/reconcile']).toMatch(/./);
    expect(await specOf(release)).toEqual(before);
    await kubectl('annotate', 'release', release, '-n', namespace, 'coxswain.dev/reconcile-');
  });

  test('rollback to a version that is not recorded changes nothing', async () => {
    const before = await specOf(release);
    expect(await kubectl.attempt(['release', 'rollback', release, '9', '-n', namespace])).toMatchObject({ code: 1 });
    expect(await specOf(release)).toEqual(before);
  });

  test('wait ends when a release stays Red, and says what is broken', async () => {
    const broken = { type: 'Ready', status: 'False', reason: 'Unhealthy', message: 'Deployment/web: no image' };
    const conditions = [{ ...broken, observedGeneration: 99, lastTransitionTime: time }];
    const patch = JSON.stringify({ status: { conditions } });
    await kubectl('patch', 'release', release, '-n', namespace, '--subresource=status', '--type=merge', '-p', patch);
    const outcome = await kubectl.attempt(['release', 'wait', release, '-n', namespace, '--red-timeout=1s']);
    expect(outcome).toMatchObject({ code: 1, stdout: '' });
    expect(outcome.stderr).toContain('release "web" has been Red for 1s: Deployment/web: no image');
  });

  test("kubectl's short options may be followed by an equals sign", async () => {
    expect(await kubectl('release', 'status', release, `-n=${namespace}`)).toContain(`${namespace}/web`);
  });

  test('a tenant with view rights may view, but not roll back', async () => {
    const viewer = await createTenant(kubectl, 'viewer', 'none');
    const user = `system:serviceaccount:${viewer}:default`;
    const subject = `--serviceaccount=${viewer}:default`;
    await kubectl('create', 'rolebinding', 'viewer', '-n', namespace, '--clusterrole=view', subject);
    expect(await kubectl('release', 'history', release, '-n', namespace, '--as', user)).toContain('web-1.0.3');
    const refused = await kubectl.attempt(['release', 'rollback', release, '1', '-n', namespace, '--as', user]);
    expect(refused).toMatchObject({ code: 1, stdout: '' });
    expect(refused.stderr).toMatch(/forbidden/i);
  });

  test.each([
    [['status', 'nowhere'], 1, 'there is no release "nowhere" in namespace'],
    [['diff', release, '9'], 1, 'version 9 is not recorded; the recorded versions are: 3, 2, 1'],
    [['rollback', release, '9'], 1, 'version 9 is not recorded; the recorded versions are: 3, 2, 1'],
    [['rollback'], 2, 'NAME missing'],
    [['rollback', release, 'last'], 2, '"last" is not a version number'],
    [['undo', release], 2, '"undo" is not a command'],
    [['stauts', release], 2, 'did you mean "status"?'],
    [['status', release, '--namepsace=x'], 2, '--namepsace is not an option; did you mean --namespace?'],
    [['upgrade', release, '--atomic'], 2, '--atomic is not an option here: '],
    [['repo', 'add'], 2, '"repo" is not a command here: '],
  ])('%j exits %i', async (args, code, message) => {
    const outcome = await kubectl.attempt(['release', ...args, '-n', namespace]);
    expect(outcome).toMatchObject({ code, stdout: '' });
    expect(outcome.stderr).toContain(message);
  });

  test.each([
    [['release', '--help'], 'Usage: kubectl release COMMAND'],
    [['release', 'diff', '-h'], 'Usage: kubectl release diff'],
    [['release', 'help', 'diff'], 'Usage: kubectl release diff'],
    [['release', 'help'], 'Usage: kubectl release COMMAND'],
    [['release'], 'Usage: kubectl release COMMAND'],
    [['release', '--context', 'any', 'help', 'ls'], 'Usage: kubectl release list'],
    [['release', '-n=any', 'diff', '--help'], 'Usage: kubectl release diff'],
    [['create', 'release', '--help'], 'Usage: kubectl create release NAME'],
  ])('%j explains itself', async (args, text) => {
    expect(await kubectl(...args)).toContain(text);
  });
});
