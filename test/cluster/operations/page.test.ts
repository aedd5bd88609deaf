import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { cpSync, mkdtempSync, readFileSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureBinaries } from '../../control-plane/index.ts';
import { webChart } from '../../support/charts/web-chart.ts';
import { readPage, runScript, type Page } from '../../support/command/page.ts';
import { story } from '../../support/cluster/story.ts';
import { tenantOf, type Tenant } from '../../support/cluster/tenant.ts';
import type { ReleaseView } from '../../support/cluster/installation.ts';
import { commandEnvironment, pathWith, PLUGINS } from '../../support/command/command.ts';

// The commands of the pages in docs/ that are followed on one cluster: first by whoever runs it, then by people who work in it, until it goes.

const ROOT = join(import.meta.dirname, '..', '..', '..');
const coxswain = story();
/** What somebody has who cloned a version. */
const folder = mkdtempSync(join(tmpdir(), 'operations-'));
const pages = new Map<string, Page>();
let tenant: Tenant;
let web: ReleaseView;
let env: Record<string, string>;

beforeAll(async () => {
  for (const name of ['crds', 'deploy', 'kustomization.yaml'])
    cpSync(join(ROOT, name), join(folder, name), { recursive: true });
  cpSync(join(ROOT, 'examples', 'charts', 'hello'), join(folder, 'chart'), { recursive: true });
  const { controlPlane } = coxswain;
  const { helm4 } = await ensureBinaries(['helm4']);
  symlinkSync(helm4, join(folder, 'helm'));
  // A difference is no failure.
  const kubectl = `#!/bin/sh\n'${controlPlane.binaries.kubectl}' "$@" || test $? = 3\n`;
  writeFileSync(join(folder, 'kubectl'), kubectl, { mode: 0o755 });
  env = {
    ...commandEnvironment(coxswain),
    PATH: `${folder}:${pathWith(PLUGINS, controlPlane)}`,
    KUBECONFIG: await coxswain.file('person.kubeconfig', readFileSync(controlPlane.kubeconfig)),
    CHARTS: `oci://${controlPlane.registry}/charts`,
    VERSION: '1.0.0',
  };
  tenant = await coxswain.tenant();
  web = await tenant.apply('web', await coxswain.push(webChart()), { values: { greeting: 'one' } });
  await web.inForce(1);
  for (const version of ['1.2.3', '1.3.0']) await coxswain.push(webChart(version));
  await sh('kubectl release push chart $CHARTS');
});
afterAll(() => rmSync(folder, { recursive: true }));

async function sh(script: string): Promise<string> {
  return runScript(script, { folder, env });
}

/** A page of docs/. Those of people choose a namespace in their own kubeconfig. */
function pageOf(name: string): Page {
  const page = readPage(join(ROOT, 'docs', name), () => ({
    folder,
    env: name === 'operations.md' ? { ...env, KUBECONFIG: coxswain.controlPlane.kubeconfig } : env,
    registry: env['CHARTS'] ?? '',
  }));
  pages.set(name, page);
  return page;
}

const page = pageOf('operations.md');

const replicas = async (): Promise<string> =>
  coxswain.kubectl(
    'get',
    'deployment',
    'coxswain',
    '--namespace=coxswain-system',
    '--output=jsonpath={.spec.replicas}',
  );

test('it is installed and monitored', async () => {
  expect(await page.follow('Install it')).toContain('successfully rolled out');
  for (const kind of ['ServiceMonitor', 'PrometheusRule']) await coxswain.define(definitionOf(kind));
  expect(await page.follow('Watch it')).toContain('prometheusrule.monitoring.coreos.com/coxswain created');
});

test('it is upgraded, and no Release changes', async () => {
  const before = await web.get();
  await page.follow('Upgrade it');
  const { spec, status } = await web.get();
  expect({ spec, status }).toEqual({ spec: before.spec, status: before.status });
});

test('it is stopped, and carries on', async () => {
  await page.follow('Stop it for a while');
  expect(await replicas()).toBe('0');
  await page.follow('Stop it for a while', 1);
  expect(await replicas()).toBe('2');
});

test('a lost Release is restored from the backup with its versions, and takes over what still exists', async () => {
  await web.patch({ values: { greeting: 'two' } });
  await web.inForce(2);
  await page.follow('Back it up');
  expect(readdirSync(join(folder, 'backup'))).toEqual([`${tenant.namespace}.web.yaml`]);
  const uid = async (): Promise<string> =>
    tenant.kubectl('get', 'configmap', 'web', '--output=jsonpath={.metadata.uid}');
  const before = await uid();
  await web.delete('--cascade=orphan');
  await tenant.kubectl('delete', 'relhist', '--all');
  await page.follow('Restore it');
  await web.inForce(2);
  expect((await web.histories()).map(({ spec }) => spec.version)).toEqual([1, 2]);
  expect(await uid()).toBe(before);
});

describe('a newcomer', () => {
  const start = pageOf('start-here.md');
  const status = async () => (await tenantOf(coxswain.kubectl, 'start').release('web').get()).status;

  test('sees a chart run, turn Red and say why, be repaired, and be rolled back', async () => {
    await start.follow('A place to work in');
    expect(await start.follow('A chart runs')).toMatch(/Green {2}version 1 {2}hello-1\.0\.0/);
    expect(await start.follow('A chart runs', 1)).toContain('Service/web');
    expect(await start.follow('It turns Red')).toMatch(/Red {2}version 2[\s\S]*ImagePullBackOff/);
    expect(await start.follow('It is mended')).toContain('nginx:1.29');
    expect(await status()).toMatchObject({ version: 2, health: 'Red' });
    expect(await start.follow('It is mended', 1)).toContain('nginx:1.29');
    expect(await start.follow('It goes back')).toContain('greeting: Ahoy');
    expect(await status()).toMatchObject({ version: 1, health: 'Green' });
  });

  test('moves a release over from Helm without changing anything in it', async () => {
    expect(await start.follow('A release of Helm moves over')).toContain('no differences');
    expect(await start.follow('A release of Helm moves over', 1)).toMatch(/^old .*Green/m);
    await start.follow('Clean up');
  });
});

describe('readers of a single page', () => {
  const install = pageOf('install.md');
  const commands = pageOf('kubectl.md');
  const contract = pageOf('spec/release.md');
  const inShop = (): ReleaseView => tenantOf(coxswain.kubectl, 'shop').release('web');

  beforeAll(async () => {
    await sh('kubectl create namespace shop; kubectl config set-context --current --namespace shop');
    writeFileSync(join(folder, 'values.yaml'), 'greeting: one\n');
    writeFileSync(join(folder, 'more.yaml'), 'greeting: two\n');
    writeFileSync(join(folder, 'shop.yaml'), COMPOSITION);
  });

  test('install the controller, and give a tenant what it needs', async () => {
    await install.follow('# Installing the controller', 1);
    await install.follow('New versions at once');
    for (const block of [0, 1, 2]) await install.follow('A tenant', block);
    await pageOf('dashboard.md').follow('In a cluster');
  });

  test('install charts, and preview a change', async () => {
    expect(await commands.follow('Installing and upgrading')).toContain('release.coxswain.dev/other created');
    await sh('kubectl release upgrade web --reuse-values --set greeting=three --wait');
    await sh('kubectl create release web --chart $CHARTS/web --version 1.2.3 --dry-run=client -o json > release.yaml');
    const told = await commands.follow('Before a change');
    expect(told).toContain('ConfigMap/web');
    expect((await inShop().get()).status).toMatchObject({ version: 2, health: 'Green' });
    await contract.follow('Reconcile now');
    await contract.follow('Hooks');
  });

  test('move a Release', async () => {
    await commands.follow('Moving a Release');
    await sh('kubectl delete release web --cascade=orphan; kubectl delete relhist --all');
    await commands.follow('Moving a Release', 1);
    expect((await inShop().inForce(2)).status?.health).toBe('Green');
  });

  test('compose a chart from others, and choose who is notified', async () => {
    await pageOf('compose.md').follow('# A chart made from others');
    expect(await sh('kubectl release versions $CHARTS/shop')).toContain('1.0.0');
    await pageOf('spec/notices.md').follow('# Notices');
  });
});

test('it is removed with everything that it installed', async () => {
  await page.follow('Remove it');
  expect(await tenant.kubectl('get', 'deploy,svc,cm', '--output=name')).toBe('configmap/kube-root-ca.crt\n');
  const left = await coxswain.kubectl('get', 'crd,clusterrole,clusterrolebinding,namespace', '--output=name');
  expect(left.split('\n').filter((name) => name.includes('coxswain'))).toEqual([]);
});

test('each command of the pages was run', () => {
  expect([...pages].flatMap(([name, each]) => each.notRun().map((script) => ({ name, script })))).toEqual([]);
});

const COMPOSITION = `
apiVersion: coxswain.dev/v1alpha1
kind: Composition
name: shop
version: 0.1.0
charts: [{chart: ./chart, alias: front}]
`;

function definitionOf(kind: string) {
  const singular = kind.toLowerCase();
  const plural = `${singular}s`;
  const schema = { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } };
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `${plural}.monitoring.coreos.com` },
    spec: {
      group: 'monitoring.coreos.com',
      scope: 'Namespaced',
      names: { kind, singular, plural },
      versions: [{ name: 'v1', served: true, storage: true, schema }],
    },
  };
}
