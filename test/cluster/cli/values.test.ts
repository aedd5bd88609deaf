import { beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { load } from 'js-yaml';
import { ensureBinaries } from '../../control-plane/index.ts';
import { buildChart, type ChartParts } from '../../support/charts/chart-builder.ts';
import { succeed } from '../../support/charts/public-charts.ts';
import { kubectlFor, type Kubectl } from '../../support/cluster/kubectl.ts';
import { story } from '../../support/cluster/story.ts';
import { createTenant, type Tenant } from '../../support/cluster/tenant.ts';
import { pathWith, PLUGINS } from '../../support/command/command.ts';

// `kubectl release values`, compared with real Helm's `get values`.

const SUB = (name: string): Record<string, string> => ({
  [`charts/${name}/Chart.yaml`]: `apiVersion: v2\nname: ${name}\nversion: 1.0.0\n`,
  [`charts/${name}/values.yaml`]: `size: 1\nkeep: {of: ${name}}\nexports: {up: {from: ${name}}}\n`,
});
const PARTS: ChartParts = {
  name: 'web',
  metadata:
    'dependencies:\n' +
    '- {name: one, version: "*", repository: "", condition: one.enabled, import-values: [up]}\n' +
    '- {name: two, version: "*", repository: "", condition: two.enabled}\n',
  values: 'own: 1\nnested: {a: chart, b: chart}\ngone: here\none: {size: 2}\ntwo: {enabled: false}\nglobal: {g: 1}\n',
  templates: { 'all.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: {{ .Release.Name }}}\n' },
  files: { ...SUB('one'), ...SUB('two'), 'values-prod.yaml': 'nested: {b: prod, c: prod}\nfile: true\n' },
};
const VALUES = { nested: { c: 'set' }, gone: null, big: 12345678, list: [1, { a: 'b' }], text: 'yes' };

const coxswain = story();
let tenant: Tenant;
let kubectl: Kubectl;

beforeAll(async () => {
  await ensureBinaries(['helm', 'helm4']);
}, 600_000);

beforeEach(async () => {
  const { controlPlane } = coxswain;
  tenant = await coxswain.tenant();
  const path = pathWith(PLUGINS, controlPlane);
  kubectl = kubectlFor(controlPlane, { PATH: path, COXSWAIN_NODE: process.execPath });
});

async function values(...flags: string[]): Promise<string> {
  return kubectl('release', 'values', 'web', '-n', tenant.namespace, ...flags);
}

describe.each([
  { helmVersion: 'v3', program: 'helm' },
  { helmVersion: 'v4', program: 'helm4' },
] as const)('as $program', ({ helmVersion, program }) => {
  test('prints the values of a version, and with --all also those of its chart', async () => {
    const { controlPlane } = coxswain;
    const { [program]: helm } = await ensureBinaries([program]);
    const theirs = await coxswain.tenant();
    const archive = await coxswain.file(`${program}.tgz`, buildChart(PARTS));
    const [file, given] = [
      await coxswain.file(`${program}-prod.yaml`, PARTS.files?.['values-prod.yaml'] ?? ''),
      await coxswain.file(`${program}-values.json`, JSON.stringify(VALUES)),
    ];
    const env = { KUBECONFIG: controlPlane.kubeconfig };
    const place = ['web', '--namespace', theirs.namespace];
    await succeed(helm, ['install', ...place, archive, '-f', file, '-f', given], env);
    const get = async (...flags: string[]): Promise<unknown> =>
      load(await succeed(helm, ['get', 'values', ...place, '-o', 'yaml', ...flags], env));

    const { registry, name } = await coxswain.push(PARTS);
    const chart = { registry, name, version: '1.0.0', valuesFiles: ['values-prod.yaml'] };
    const metadata = { name: 'web', namespace: tenant.namespace };
    const spec = { chart, helmVersion, values: VALUES };
    await tenant.kubectl.apply({ apiVersion: 'coxswain.dev/v1alpha1', kind: 'Release', metadata, spec });
    await tenant.release('web').ready();
    expect(load(await values())).toEqual(await get());
    expect(load(await values('--all'))).toEqual(await get('--all'));
    expect(JSON.parse(await values('-o', 'json'))).toEqual(await get());

    await tenant.release('web').patch({ values: { text: 'no' } });
    await tenant.release('web').inForce(2);
    expect(load(await values('--version', '1'))).toEqual(await get());
    expect(load(await values())).toMatchObject({ text: 'no' });
  });
});

test('an inline chart is read from the record', async () => {
  const inline = Buffer.from(buildChart(PARTS)).toString('base64');
  const metadata = { name: 'web', namespace: tenant.namespace };
  const spec = { chart: { inline }, values: { own: 2 } };
  await tenant.kubectl.apply({ apiVersion: 'coxswain.dev/v1alpha1', kind: 'Release', metadata, spec });
  await tenant.release('web').ready();
  expect(load(await values('--all'))).toMatchObject({ own: 2, gone: 'here', from: 'one' });
});

test('values from Secrets are masked by default, and nobody sees more than their rights to Secrets allow', async () => {
  await tenant.kubectl('create', 'secret', 'generic', 'db', '--from-literal=password=hunter2hunter2');
  const valuesFrom = [{ kind: 'Secret', name: 'db', key: 'password', targetPath: 'db.password' }];
  await tenant.apply('web', await coxswain.push(PARTS), { valuesFrom, values: { own: 2 } });
  await tenant.release('web').ready();
  expect(load(await values())).toEqual({ db: { password: '***' }, own: 2 });
  expect(load(await values('--show-secrets'))).toEqual({ db: { password: 'hunter2hunter2' }, own: 2 });

  const viewer = await createTenant(coxswain.kubectl, 'viewer', 'none');
  const user = `system:serviceaccount:${viewer}:default`;
  const subject = `--serviceaccount=${viewer}:default`;
  await tenant.kubectl('create', 'rolebinding', 'viewer', '--clusterrole=view', subject);
  const args = ['release', 'values', 'web', '--as', user];
  const told = await kubectl.attempt([...args, '-n', tenant.namespace]);
  expect(told).toMatchObject({ code: 1, stdout: '' });
  expect(told.stderr).toContain('version 1 is recorded in Secrets, one of which cannot be read');
});

test('--explain says where each value comes from and what it overrode, and shows no secret', async () => {
  await tenant.kubectl('create', 'secret', 'generic', 'db', '--from-literal=password=hunter2hunter2');
  await tenant.kubectl('create', 'configmap', 'plain', '--from-literal=values.yaml=nested: {a: plain}');
  const valuesFrom = [
    { kind: 'ConfigMap', name: 'plain' },
    { kind: 'Secret', name: 'db', key: 'password', targetPath: 'nested.b' },
  ];
  const { registry, name } = await coxswain.push(PARTS);
  const chart = { registry, name, version: '1.0.0', valuesFiles: ['values-prod.yaml'] };
  const spec = { chart, valuesFrom, values: { ...VALUES, nested: { c: 'set' } } };
  const metadata = { name: 'web', namespace: tenant.namespace };
  await tenant.kubectl.apply({ apiVersion: 'coxswain.dev/v1alpha1', kind: 'Release', metadata, spec });
  await tenant.release('web').ready();
  const rows = (text: string): string[] => text.split('\n').map((line) => line.replaceAll(/ {3,}/g, ' | '));
  const told = rows(await values('--explain'));
  expect(told[0]).toBe('PATH | VALUE | FROM | OVER');
  expect(told).toEqual(
    expect.arrayContaining([
      'nested.a | "plain" | valuesFrom[0] ConfigMap/plain values.yaml | "chart" (values.yaml)',
      'nested.b | *** | valuesFrom[1] Secret/db password | "prod" (file values-prod.yaml), "chart" (values.yaml)',
      'nested.c | "set" | values | "prod" (file values-prod.yaml)',
      'gone | deleted | values: null | "here" (values.yaml)',
      'one.keep.of | "one" | charts/one/values.yaml at keep.of | <none>',
      'one.global.g | 1 | values.yaml at global.g | <none>',
      'from | "one" | charts/one/values.yaml at exports.up.from | <none>',
    ]),
  );
  expect((await values('--explain')) + (await values('--explain', '-o', 'json'))).not.toContain('hunter2');
  expect(await values('--explain', '--show-secrets')).toContain('"hunter2hunter2"');
  const data = JSON.parse(await values('--explain', '-o', 'json')) as { path: string }[];
  expect(data.find(({ path }) => path === 'nested.c')).toEqual({
    path: 'nested.c',
    value: 'set',
    source: 'values',
    at: 'nested.c',
    over: [{ value: 'prod', source: 'file values-prod.yaml', at: 'nested.c' }],
  });

  // What has changed since is not told as what was recorded.
  await tenant.release('web').patch({ suspend: true });
  await tenant.kubectl('delete', 'configmap', 'plain');
  const later = rows(await values('--explain'));
  expect(later).toContain('nested.a | *** | valuesFrom or valuesFiles (as recorded) | "chart" (values.yaml)');
});

test.each([
  [['--all', '--explain'], 2, '--all and --explain exclude each other'],
  [['--version', '9'], 1, 'version 9 is not recorded; the recorded versions are: 1'],
  [['--version', 'last'], 2, '"last" is not a version number'],
  [['-o', 'xml'], 2, '-o xml is not known: use yaml or json'],
])('%j exits %i', async (flags, code, message) => {
  await tenant.apply('web', await coxswain.push(PARTS));
  await tenant.release('web').ready();
  const outcome = await kubectl.attempt(['release', 'values', 'web', '-n', tenant.namespace, ...flags]);
  expect(outcome).toMatchObject({ code, stdout: '' });
  expect(outcome.stderr).toContain(message);
});
