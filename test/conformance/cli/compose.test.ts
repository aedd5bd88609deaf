import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';

import { run as compose } from '../../../cli/charts/compose.ts';
import { loadChart, renderFiles } from '../../../chart-renderer/index.ts';
import { LOOPBACK, pushChart } from '../../../registry-client/index.ts';
import { ensureBinaries } from '../../control-plane/index.ts';
import { buildChart } from '../../support/charts/chart-builder.ts';
import { run } from '../../support/cluster/kubectl.ts';
import { plainTerminal } from '../../unit/cli/plain-terminal.ts';
import { startRegistry } from '../registry-client/real-registry.ts';
import type { RealRegistry } from '../registry-client/real-registry.ts';

const CONFIG = `apiVersion: v1
kind: ConfigMap
metadata: {name: "{{ .Release.Name }}-{{ .Chart.Name }}"}
data: {version: "{{ .Chart.Version }}", size: "{{ .Values.size }}", domain: "{{ .Values.global.domain }}"}
`;

let helm: string;
let registry: RealRegistry;
let root: string;

beforeAll(async () => {
  ({ helm } = await ensureBinaries(['helm']));
  registry = await startRegistry();
  root = await mkdtemp(join(tmpdir(), 'compose-'));
  for (const version of ['1.0.0', '1.4.0', '2.0.0-rc.1']) {
    const options = { registry: `oci://${registry.host}/charts`, network: { allow: LOOPBACK } };
    await pushChart(partOf('web', version), { ...options, metadata: { apiVersion: 'v2', name: 'web', version } });
  }
  await writeFile(join(root, 'db-3.0.0.tgz'), partOf('db', '3.0.0'));
  await writeFile(join(root, 'other-db.tgz'), partOf('db', '3.0.0', 'size: 9\n'));
  await writeFile(join(root, 'built-db.tgz'), partOf('db', '3.0.0+build', 'size: 8\n'));
}, 1_200_000);
afterAll(async () => {
  await registry?.stop();
  await rm(root, { recursive: true, force: true });
});

function partOf(name: string, version: string, values = 'size: 1\nglobal: {}\n'): Uint8Array {
  return buildChart({ name, version, values, templates: { 'config.yaml': CONFIG } });
}

let files = 0;
async function composed(charts: readonly object[], more: object = {}): Promise<{ path: string; told: string }> {
  const head = { apiVersion: 'coxswain.dev/v1alpha1', kind: 'Composition', name: 'shop', version: '1.0.0' };
  const file = join(root, `compose-${++files}.json`);
  await writeFile(file, JSON.stringify({ ...head, charts, ...more }));
  const terminal = plainTerminal();
  await compose([file, '-d', join(root, `out-${files}`)], terminal);
  return { path: terminal.written.out.trim(), told: terminal.written.err };
}

describe('a composed chart', () => {
  const charts = (): object[] => [
    { chart: `oci://${registry.host}/charts/web`, version: '^1.0.0', alias: 'front', values: { size: 2 } },
    { chart: `oci://${registry.host}/charts/web:1.0.0`, alias: 'admin' },
    { chart: `oci://${registry.host}/charts/web:1.4.0` },
    { chart: './db-3.0.0.tgz', values: { size: 3 } },
  ];
  const more = { values: { global: { domain: 'shop.example' } }, appVersion: '7' };

  test('is rendered the same by Helm and here, with each chart in its version, under its name, with its values', async () => {
    const { path, told } = await composed(charts(), more);
    expect(told).toContain('web 1.4.0 sha256:');
    const { code, stdout, stderr } = await run(helm, ['template', 'r', path]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const { files: rendered } = renderFiles(await loadChart(path), {
      release: { name: 'r', namespace: 'default', revision: 1, isInstall: true, isUpgrade: false, service: 'Helm' },
      values: {},
      capabilities: { kubeVersion: 'v1.36.0', apiVersions: [] },
    });
    const texts = Object.entries(rendered).map(([name, text]) => `---\n# Source: ${name}\n${text}`);
    expect(stdout.split(/(?=^---$)/m).toSorted()).toEqual(texts.toSorted());
    const facts = stdout.match(/^(data: .*|# Source: .*)/gm) ?? [];
    expect(facts.toSorted()).toEqual(
      [
        '# Source: shop/charts/admin/templates/config.yaml',
        '# Source: shop/charts/db/templates/config.yaml',
        '# Source: shop/charts/front/templates/config.yaml',
        '# Source: shop/charts/web/templates/config.yaml',
        'data: {version: "1.0.0", size: "1", domain: "shop.example"}',
        'data: {version: "1.4.0", size: "1", domain: "shop.example"}',
        'data: {version: "1.4.0", size: "2", domain: "shop.example"}',
        'data: {version: "3.0.0", size: "3", domain: "shop.example"}',
      ].toSorted(),
    );
  });

  test('is an ordinary one to Helm: it lints, its dependencies are in order, and its lock is the one that Helm would write', async () => {
    const { path } = await composed(charts(), more);
    expect(await run(helm, ['lint', path])).toMatchObject({ code: 0 });
    // Helm lists and builds only what has each chart once, and builds only what it can fetch.
    const { path: pulled } = await composed(charts().slice(0, 1));
    const { code: unpacked } = await run('tar', ['-xzf', pulled, '-C', root]);
    const { stdout } = await run(helm, ['dependency', 'list', join(root, 'shop')]);
    expect(stdout).toMatch(/^web\s+1\.4\.0\s+oci:\S+\s+ok\s*$/m);
    // It checks the lock's digest before it fetches anything.
    const { code } = await run(helm, ['dependency', 'build', join(root, 'shop'), '--plain-http']);
    expect({ unpacked, code }).toEqual({ unpacked: 0, code: 0 });
  });

  test('has the same bytes for the same charts', async () => {
    const [first, second] = [await composed(charts(), more), await composed(charts(), more)];
    expect((await readFile(first.path)).equals(await readFile(second.path))).toBe(true);
  });
});

describe('charts that cannot be combined', () => {
  test.each<[string, object[], object, string]>([
    [
      'two of one name',
      [{ chart: './db-3.0.0.tgz' }, { chart: './db-3.0.0.tgz' }],
      {},
      'more than one dependency with name or alias "db"',
    ],
    [
      'two of one version',
      [{ chart: './db-3.0.0.tgz' }, { chart: './other-db.tgz', alias: 'b' }],
      {},
      'two different charts are db 3.0.0',
    ],
    [
      'two that differ by build only',
      [{ chart: './db-3.0.0.tgz' }, { chart: './built-db.tgz', alias: 'b' }],
      {},
      'two different charts are db 3.0.0',
    ],
    [
      'values in two places',
      [{ chart: './db-3.0.0.tgz', values: { size: 1 } }],
      { values: { db: { size: 2 } } },
      'values for db are given twice',
    ],
    [
      'an invalid version',
      [{ chart: './db-3.0.0.tgz' }],
      { version: 'new' },
      'chart.metadata.version "new" is invalid',
    ],
    ['a missing chart', [{ chart: './nothing' }], {}, 'nothing'],
    ['a directory without a chart', [{ chart: './' }], {}, 'Chart.yaml'],
  ])('%s', async (_, charts, more, message) => {
    await expect(composed(charts, more)).rejects.toMatchObject({ message: expect.stringContaining(message) });
  });
});
