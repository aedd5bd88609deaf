import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { cpSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { webChart } from '../../support/charts/web-chart.ts';
import { pathWith, readPage } from '../../support/command/page.ts';
import { story } from '../../support/cluster/story.ts';
import type { Tenant } from '../../support/cluster/tenant.ts';
import type { ReleaseView } from '../../support/cluster/installation.ts';

// The commands of docs/operations.md, in the order in which somebody would need them.

const ROOT = join(import.meta.dirname, '..', '..', '..');
const coxswain = story();
/** What somebody has who installs a version. */
const folder = mkdtempSync(join(tmpdir(), 'operations-'));
let tenant: Tenant;
let web: ReleaseView;

beforeAll(async () => {
  for (const name of ['crds', 'deploy', 'kustomization.yaml'])
    cpSync(join(ROOT, name), join(folder, name), { recursive: true });
  tenant = await coxswain.tenant();
  web = await tenant.apply('web', await coxswain.push(webChart()), { values: { greeting: 'one' } });
  await web.inForce(1);
});
afterAll(() => rmSync(folder, { recursive: true }));

const page = readPage(join(ROOT, 'docs', 'operations.md'), () => {
  const { controlPlane } = coxswain;
  const PATH = pathWith(join(ROOT, 'cli', 'bin'), controlPlane);
  return { folder, env: { PATH, KUBECONFIG: controlPlane.kubeconfig, COXSWAIN_NODE: process.execPath } };
});

const replicas = async (): Promise<string> =>
  coxswain.kubectl(
    'get',
    'deployment',
    'coxswain',
    '--namespace=coxswain-system',
    '--output=jsonpath={.spec.replicas}',
  );

test('it is installed, and watched', async () => {
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

test('it is stopped, and goes on', async () => {
  await page.follow('Stop it for a while');
  expect(await replicas()).toBe('0');
  await page.follow('Stop it for a while', 1);
  expect(await replicas()).toBe('2');
});

test('a Release that was lost is restored from the backup, with its versions, and takes up what is still there', async () => {
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

test('it is removed with all that it installed', async () => {
  await page.follow('Remove it');
  expect(await tenant.kubectl('get', 'deploy,svc,cm', '--output=name')).toBe('configmap/kube-root-ca.crt\n');
  const left = await coxswain.kubectl('get', 'crd,clusterrole,clusterrolebinding,namespace', '--output=name');
  expect(left.split('\n').filter((name) => name.includes('coxswain'))).toEqual([]);
});

test('each command of the page was run', () => {
  expect(page.notRun()).toEqual([]);
});

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
