import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import type { Release } from '../../../../crds/index.ts';
import type { KubeObject } from '../../../../resources/index.ts';
import { chartOf, configMap } from '../../../support/charts/hook-charts.ts';
import type { StoredChart } from '../../../support/charts/registry.ts';
import { webChart } from '../../../support/charts/web-chart.ts';
import { kubectlFor, type Outcome, type RunOptions } from '../../../support/cluster/kubectl.ts';
import { story } from '../../../support/cluster/story.ts';
import type { Tenant } from '../../../support/cluster/tenant.ts';
import { commandEnvironment, commandOn, pathWith, PLUGINS } from '../../../support/command/command.ts';

// One release from its first command to its last, as somebody types who knows Helm.

const coxswain = story();
const NOTES = 'Say {{ .Values.value }}.\u001b[31m{{ with .Values.password }} Enter -p{{ . }}.{{ end }}';
const KEPT = `apiVersion: v1
kind: ConfigMap
metadata: {name: kept, annotations: {helm.sh/resource-policy: keep}}
data: {here: still}
`;
const LOGIN = `apiVersion: v1
kind: Secret
metadata: {name: login}
stringData: {password: {{ .Values.password | default "unset" | quote }}}
`;
const FAREWELL = `apiVersion: v1
kind: ConfigMap
metadata: {name: farewell, annotations: {helm.sh/hook: post-delete}}
`;

let tenant: Tenant;
let first: StoredChart;
let address: string;

beforeAll(async () => {
  tenant = await coxswain.tenant();
  const chart = (version: string) => {
    const parts = chartOf(
      'app',
      [configMap('app', 'value'), KEPT, LOGIN, FAREWELL],
      'value: default\nother: 1\n',
      version,
    );
    return { ...parts, templates: { ...parts.templates, 'NOTES.txt': NOTES } };
  };
  first = await coxswain.push(chart('1.0.0'));
  await coxswain.push(chart('1.1.0'));
  address = `${first.registry}/${first.name}`;
}, 1_200_000);

async function release(args: readonly string[], options?: RunOptions): Promise<Outcome> {
  return commandOn(coxswain)([...args, '-n', tenant.namespace], options);
}

async function done(...args: readonly string[]): Promise<string> {
  const outcome = await release(args);
  expect(outcome).toMatchObject({ code: 0 });
  return outcome.stdout;
}

async function specOf(name = 'web'): Promise<Release['spec']> {
  return (await tenant.release(name).get()).spec;
}

test('upgrade --install creates a missing release, shows it with its notes, and changes it afterwards', async () => {
  const missing = await release(['upgrade', 'web', address]);
  expect(missing).toMatchObject({ code: 1, stdout: '', stderr: expect.stringContaining('add --install') });
  const previewed = await release(['upgrade', 'web', address, '--version', '1.0.0', '--install', '--dry-run']);
  expect(previewed).toMatchObject({ code: 3, stdout: expect.stringContaining('+ ConfigMap/app\n') });
  const args = ['upgrade', '--install', 'web', address, '--version=1.0.0', '--set', 'value=one', '--wait'];
  const created = await done(...args);
  expect(created).toContain('release.coxswain.dev/web created\n');
  expect(created).toMatch(/Green {2}version 1 {2}app-1\.0\.0/);
  expect(created).toContain('\nSay one.[31m\n');
  expect(await done(...args)).toContain('release.coxswain.dev/web unchanged\n');
  expect(await done('upgrade', 'web', '--version', '1.1.0', '--wait')).toMatch(/version 2 {2}app-1\.1\.0/);
  expect(await specOf()).toMatchObject({ chart: { version: '1.1.0' }, values: { value: 'one' } });
});

test('given values replace those of the release unless they are to be merged, and dropped values are named', async () => {
  const replaced = await release(['upgrade', 'web', '--set', 'other=2', '--wait']);
  expect(replaced).toMatchObject({ code: 0, stderr: expect.stringContaining('no longer sets: value; --reuse-values') });
  expect((await specOf()).values).toEqual({ other: 2 });
  await done('upgrade', 'web', '--set', 'value=two', '--reuse-values', '--wait');
  expect((await specOf()).values).toEqual({ other: 2, value: 'two' });
  const dry = await release(['upgrade', 'web', '--reset-values', '--dry-run=server']);
  expect(dry).toMatchObject({ code: 3, stdout: expect.stringContaining('    - two\n    + default\n') });
  expect((await specOf()).values).toEqual({ other: 2, value: 'two' });
});

test('a secret value is stored in a Secret, which outlives the release, and in nothing that its viewers see', async () => {
  const upgraded = await done('upgrade', 'web', '--set-secret', 'password=hunter22', '--wait');
  expect(upgraded).toContain('Enter -p***.\n');
  const stored = await tenant.kubectl.json<Release & KubeObject>('get', 'release', 'web');
  expect(JSON.stringify(stored)).not.toContain('hunter22');
  const login = await tenant.kubectl.json<{ data: Record<string, string> }>('get', 'secret', 'login');
  expect(Buffer.from(login.data['password'] ?? '', 'base64').toString()).toBe('hunter22');
  expect(await done('manifest', 'web')).not.toContain('hunter22');
  expect(await done('get', 'values', 'web')).toContain("password: '***'");
  const open = await release(['upgrade', 'web', '--set', 'password=x', '--set-secret', 'password=y']);
  expect(open).toMatchObject({ code: 2, stderr: expect.stringContaining('password is also set openly') });
  await done(
    'install',
    'guarded',
    address,
    '--version',
    '1.0.0',
    '--set-secret',
    'password=hunter23',
    '--dry-run=false',
  );
  const stands = async () =>
    tenant.kubectl.json<KubeObject & { data: object }>('get', 'secret', 'guarded-release-values');
  const { metadata, data } = await stands();
  expect(metadata).not.toHaveProperty('ownerReferences');
  const again = await release(['install', 'guarded', address, '--set-secret', 'password=other']);
  expect(again).toMatchObject({ code: 1, stderr: expect.stringContaining('exists already') });
  const { controlPlane } = coxswain;
  const path = pathWith(PLUGINS, controlPlane);
  const plugins = kubectlFor(controlPlane, { PATH: path, COXSWAIN_NODE: process.execPath });
  const create = ['create', 'release', 'guarded', '-n', tenant.namespace, '--chart', address, '--set-secret'];
  const created = await plugins.attempt([...create, 'password=other']);
  expect(created).toMatchObject({ code: 1, stderr: expect.stringContaining('exists already') });
  expect((await stands()).data).toEqual(data);
  const told = await release(['delete', 'guarded', '--dry-run']);
  expect(told.stderr).toContain('Secret/guarded-release-values stays');
});

describe('the content of a version', () => {
  test('is printed with secrets masked, and hooks apart', async () => {
    const manifest = await done('get', 'manifest', 'web', '--version', '1');
    expect(manifest).toMatch(/^---\n# Source: app\/templates\/all\.yaml\n/);
    expect(manifest).toContain('value: one\n');
    expect(manifest).toContain("password: '***'");
    expect(manifest).not.toContain('farewell');
    expect(await done('manifest', 'web', '--version', '1', '--show-secrets')).not.toContain('***');
    expect(await done('get', 'hooks', 'web')).toContain('name: farewell\n');
    const list = JSON.parse(await done('manifest', 'web', '-o', 'json')) as { items: KubeObject[] };
    expect(list.items.map(({ metadata }) => metadata.name).toSorted()).toEqual(['app', 'kept', 'login']);
  });

  test('includes notes, with secrets masked', async () => {
    expect(await done('notes', 'web', '--version', '1')).toBe('Say one.[31m\n');
    expect(await done('get', 'notes', 'web')).toBe('Say two.[31m Enter -p***.\n');
    expect(await done('notes', 'web', '--show-secrets')).toContain(' Enter -phunter22.\n');
  });
});

test('rollback goes to the previous version, and changes nothing where a version is not recorded', async () => {
  const { version = 0 } = (await tenant.release('web').get()).status ?? {};
  const told = await done('rollback', 'web', '--wait');
  expect(told).toContain(`release.coxswain.dev/web set to version ${version - 1}\n`);
  expect(told).toMatch(new RegExp(`/web {2}Green {2}version ${version - 1} {2}app-1\\.1\\.0`));
  const before = await tenant.release('web').get();
  const unknown = await release(['rollback', 'web', '99']);
  expect(unknown).toMatchObject({ code: 1, stdout: '', stderr: expect.stringContaining('version 99 is not recorded') });
  expect((await tenant.release('web').get()).metadata.generation).toBe(before.metadata.generation);
});

test('list shows all releases, or those asked for, in the format asked for', async () => {
  const rows = (await done('ls'))
    .trimEnd()
    .split('\n')
    .map((line) => line.split(/ {2,}/));
  expect(rows.map(([name]) => name)).toEqual(['NAME', 'guarded', 'web']);
  expect(rows[2]?.slice(1, 5)).toEqual(['app-1.1.0', expect.stringMatching(/^\d$/), 'Green', 'True']);
  expect(await done('list', '--health', 'Green', '-o', 'name')).toBe('release.coxswain.dev/web\n');
  expect(await done('list', '--chart', 'app', '--field-selector', 'metadata.name=web', '-o', 'name')).toBe(
    'release.coxswain.dev/web\n',
  );
  expect(await done('list', '--tenant', tenant.namespace, '-n', 'default')).toContain(`${tenant.namespace}   web `);
  const all = await commandOn(coxswain)(['-A', 'list']);
  expect(all.stdout).toContain(`${tenant.namespace}   web `);
  const nobody = await commandOn(coxswain)(['list', '-A', '--as', 'mallory', '--as-group', 'system:authenticated']);
  expect(nobody).toMatchObject({
    code: 1,
    stdout: '',
    stderr: expect.stringContaining('kubectl auth can-i list releases'),
  });
  const grouped = await commandOn(coxswain)([
    'list',
    '-A',
    '--as',
    'mallory',
    '--as-group',
    'system:masters',
    '-o',
    'name',
  ]);
  expect(grouped).toMatchObject({ code: 0, stdout: expect.stringContaining('release.coxswain.dev/web\n') });
});

test('a suspended release is left as it is until it is resumed', async () => {
  await done('suspend', 'web');
  expect(await done('list', '--suspended')).toMatch(/web .* Suspended /);
  await tenant.kubectl('patch', 'configmap', 'app', '--type=merge', '-p', '{"data":{"value":"drifted"}}');
  expect(await done('resume', 'web', '--wait')).toMatch(
    /^release\.coxswain\.dev\/web resumed\n\S+\/web {2}Green {2}version /,
  );
  expect((await tenant.configMap('app'))?.['value']).not.toBe('drifted');
});

test('a chart from this machine is stored in the release', async () => {
  const directory = dirname(await coxswain.file('marker', ''));
  const chart = join(directory, 'local');
  await mkdir(join(chart, 'templates'), { recursive: true });
  await writeFile(join(chart, 'Chart.yaml'), 'apiVersion: v2\nname: local\nversion: 0.1.0\n');
  await writeFile(join(chart, 'templates', 'a.yaml'), configMap('local', 'value'));
  await done('install', 'local', chart, '--set', 'value=here', '--wait');
  expect(await tenant.configMap('local')).toEqual({ value: 'here' });
  const again = await release(['install', 'local', chart]);
  expect(again).toMatchObject({ code: 1, stderr: expect.stringContaining('kubectl release upgrade local') });
});

test('delete says what is deleted, what stays and which hooks run, and then does it', async () => {
  const dry = await release(['uninstall', 'web', '--dry-run']);
  expect(dry).toMatchObject({ code: 0, stdout: '' });
  expect(dry.stderr).toContain('- ConfigMap/app\n');
  expect(dry.stderr).toContain('  ConfigMap/kept stays: helm.sh/resource-policy\n');
  expect(dry.stderr).toContain('  hook post-delete ConfigMap/farewell runs\n');
  expect(await tenant.configMap('app')).toBeDefined();
  expect(await release(['uninstall', 'web', 'nowhere', 'guarded'])).toMatchObject({
    code: 1,
    stdout: 'release.coxswain.dev/web deleted\nrelease.coxswain.dev/guarded deleted\n',
    stderr: expect.stringContaining('error: there is no release "nowhere" in namespace'),
  });
  expect(await tenant.configMap('app')).toBeUndefined();
  expect(await tenant.configMap('kept')).toBeDefined();
});

test('create release --wait exits 1 with the cause when the release stays Red, without waiting for its timeout', async () => {
  const { registry, name } = await coxswain.push(webChart());
  const { controlPlane } = coxswain;
  const path = pathWith(PLUGINS, controlPlane);
  const kubectl = kubectlFor(controlPlane, { ...commandEnvironment(coxswain), PATH: path });
  const patience = ['--timeout', '1h', '--red-timeout', '1s', '-n', tenant.namespace];
  const chart = ['--chart', `${registry}/${name}:1.0.0`, '--set', 'tag=broken'];
  const cause = /release "dead" has been Red for 1s: Deployment\/dead: pod dead-\S+ container app: .*Image/;
  for (const args of [
    ['create', 'release', 'dead', ...chart, '--wait'],
    ['release', 'wait', 'dead'],
  ])
    expect(await kubectl.attempt([...args, ...patience])).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(cause),
    });
});
