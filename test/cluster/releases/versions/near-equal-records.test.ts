import { randomBytes } from 'node:crypto';
import { beforeAll, expect, test } from '@jest/globals';
import type { KubeObject } from '../../../../resources/index.ts';
import type { ReleaseView } from '../../../support/cluster/installation.ts';
import { kubectlFor } from '../../../support/cluster/kubectl.ts';
import { story } from '../../../support/cluster/story.ts';
import type { Tenant } from '../../../support/cluster/tenant.ts';
import { eventually } from '../../../support/eventually.ts';
import { pathWith, PLUGINS } from '../../../support/command/command.ts';

// Versions of a large manifest that differ in one field: only the difference is stored.

const VERSIONS = 8;
/** Of what cannot be compressed. */
const BYTES = 250_000;

const coxswain = story();
let tenant: Tenant;
let large: ReleaseView;
let oneVersion: number;

beforeAll(async () => {
  tenant = await coxswain.tenant();
  const bulk = ['a', 'b', 'c', 'd'].map(
    (name) => `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: bulk-${name}}\ndata: {bulk: ${noise()}}\n`,
  );
  const field =
    'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: field}\ndata: {value: {{ .Values.value | quote }}}\n';
  const templates = { 'bulk.yaml': bulk.join('---\n'), 'field.yaml': field };
  const chart = await coxswain.push({ name: 'large', values: 'value: "1"\n', templates });
  large = await tenant.apply('large', chart, { historyLimit: VERSIONS });
  await large.inForce(1);
  oneVersion = await storedBytes();
});

test('fifty of them cost at most as much as two', async () => {
  expect(oneVersion).toBeGreaterThan(4 * 0.7 * BYTES);
  for (let version = 2; version <= VERSIONS; version += 1) {
    await large.patch({ values: { value: `${version}` } });
    await large.inForce(version);
  }
  const histories = await large.histories();
  expect(histories).toHaveLength(VERSIONS);
  const all = (await storedBytes()) + JSON.stringify(histories).length;
  const oneMore = (all - oneVersion) / (VERSIONS - 1);
  expect(oneMore * 49).toBeLessThan(oneVersion);
});

test('are read by the command like any others', async () => {
  const path = pathWith(PLUGINS, coxswain.controlPlane);
  const kubectl = kubectlFor(coxswain.controlPlane, { PATH: path, COXSWAIN_NODE: process.execPath });
  const args = ['release', 'values', 'large', '--version', '4', '--namespace', tenant.namespace, '--output=json'];
  expect(JSON.parse(await kubectl(...args))).toEqual({ value: '4' });
});

test('can each be restored, also when the one that is stored whole is no longer recorded, and after a restart', async () => {
  await large.patch({ version: 3 });
  await large.inForce(3);
  expect(await tenant.configMap('field')).toEqual({ value: '3' });
  await large.patch({ historyLimit: 2 });
  const isFew = (versions: { spec: { version: number } }[]): boolean =>
    versions.map(({ spec }) => spec.version).join() === `3,${VERSIONS}`;
  await eventually(() => large.histories(), isFew);
  await coxswain.restart({});
  await tenant.kubectl('delete', 'configmap', 'bulk-a', 'field');
  await eventually(
    () => tenant.configMap('field'),
    (data) => data?.['value'] === '3',
  );
  await large.ready();
  await large.patch({ version: VERSIONS });
  await large.inForce(VERSIONS);
  expect(await tenant.configMap('field')).toEqual({ value: `${VERSIONS}` });
});

test('leave nothing behind', async () => {
  await large.delete();
  // The garbage collector learns of a new kind, such as ReleaseHistory here, within half a minute.
  await eventually(storedBytes, (bytes) => bytes === 0, { timeoutMs: 120_000 });
});

async function storedBytes(): Promise<number> {
  const type = '--field-selector=type=coxswain.dev/chunk';
  const { items } = await tenant.kubectl.json<{ items: KubeObject[] }>('get', 'secrets', type);
  return items.reduce((sum, secret) => sum + JSON.stringify(secret).length, 0);
}

function noise(): string {
  return randomBytes((BYTES * 3) / 4).toString('base64');
}
