import { setTimeout as sleep } from 'node:timers/promises';
import { beforeAll, expect, test } from '@jest/globals';
import { countedOf, markAudit, requestsSince } from '../../../support/cluster/audit.ts';
import type { KubeObject } from '../../../../resources/index.ts';
import { story } from '../../../support/cluster/story.ts';
import type { Tenant } from '../../../support/cluster/tenant.ts';

// How much a status takes: of writes while it changes, and of room.

const GROUP = 'flipping.example.com';
const schema = {
  openAPIV3Schema: {
    type: 'object',
    properties: { status: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } },
  },
};
const LAMPS = {
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: `lamps.${GROUP}` },
  spec: {
    group: GROUP,
    names: { kind: 'Lamp', plural: 'lamps' },
    scope: 'Namespaced',
    versions: [{ name: 'v1', served: true, storage: true, schema, subresources: { status: {} } }],
  },
};
/** So often the health of a child comes and goes, five times a second. */
const FLIPS = 50;
/** The first two are told at once, the others at growing distances from two seconds up. */
const MAX_WRITES = 7;

const coxswain = story();
let tenant: Tenant;

beforeAll(async () => {
  await coxswain.define(LAMPS);
  tenant = await coxswain.tenant({ rights: 'cluster-admin' });
});

test('a health that flips five times a second is reported a few times, and correctly at the end', async () => {
  const lamp = `apiVersion: ${GROUP}/v1\nkind: Lamp\nmetadata: {name: lamp}\n`;
  const chart = await coxswain.push({ name: 'lamp', templates: { 'lamp.yaml': lamp } });
  const release = await tenant.apply('lamp', chart);
  await release.until(({ status }) => status?.operation?.phase === 'Done');
  await shine('True');
  await release.ready();

  const mark = await markAudit(coxswain.controlPlane, tenant);
  for (let flip = 1; flip <= FLIPS; flip += 1) {
    await shine(flip % 2 === 0 ? 'True' : 'False');
    await sleep(100);
  }
  expect(await statusWrites(mark)).toBeLessThanOrEqual(MAX_WRITES);
  await shine('False');
  await release.until(({ status }) => status?.health !== 'Green');
  expect(await statusWrites(mark)).toBeLessThanOrEqual(MAX_WRITES + 1);
  const { items } = await tenant.kubectl.json<{ items: KubeObject[] }>('get', 'events');
  expect(items.filter((event) => event['reason'] === 'Flapping')).toHaveLength(1);
  expect((await release.get()).status?.message).toMatch(/^Lamp\/lamp: .*; its health comes and goes$/);
});

test('a status names each child once, and is hardly larger than that', async () => {
  const children = Array.from({ length: 500 }, (_, index) => `a-child-with-quite-a-long-name-${index}`);
  const documents = children.map((name) => `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: ${name}}\n`);
  const chart = await coxswain.push({ name: 'many', templates: { 'all.yaml': documents.join('---\n') } });
  const release = await tenant.apply('many', chart);
  const { status } = await release.ready({ timeoutMs: 120_000 });
  const text = JSON.stringify(status);
  expect(status?.resources).toHaveLength(children.length);
  expect(text.split('a-child-with-quite-a-long-name-').length - 1).toBe(children.length);
  expect(text.length / children.length).toBeLessThan(200);
});

async function shine(status: 'True' | 'False'): Promise<void> {
  const patch = { status: { conditions: [{ type: 'Ready', status }] } };
  await tenant.kubectl(
    'patch',
    'lamp',
    'lamp',
    '--subresource=status',
    '--type=merge',
    `--patch=${JSON.stringify(patch)}`,
  );
}

async function statusWrites(mark: Awaited<ReturnType<typeof markAudit>>): Promise<number> {
  const ours = countedOf('coxswain', await requestsSince(mark));
  return ours.filter(({ objectRef }) => objectRef?.resource === 'releases' && objectRef.subresource === 'status')
    .length;
}
