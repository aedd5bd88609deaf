import { beforeEach, expect, test } from '@jest/globals';
import { story } from '../../../support/cluster/story.ts';
import type { Tenant } from '../../../support/cluster/tenant.ts';

// How many children a Release can have: its status, which is one object in etcd, holds each of them.

const TEST_TIMEOUT_MS = 600_000;
const PATIENCE = { timeoutMs: TEST_TIMEOUT_MS - 60_000 };

const coxswain = story();
let tenant: Tenant;

beforeEach(async () => {
  tenant = await coxswain.tenant({ prefix: 'many' });
});

/** ConfigMaps with names of this length. */
async function install(count: number, length: number): Promise<void> {
  const name = `${'x'.repeat(length - 6)}{{ printf "%06d" $i }}`;
  const template = `{{ range $i := until ${count} }}
apiVersion: v1
kind: ConfigMap
metadata: {name: ${name}}
---
{{ end }}`;
  const chart = await coxswain.push({ name: `many-${tenant.namespace}`, templates: { 'all.yaml': template } });
  await tenant.apply('many', chart);
}

test(
  '5,000 children fit in one status, each once',
  async () => {
    await install(5_000, 63);
    const { status } = await tenant.release('many').inForce(1, PATIENCE);
    expect(status?.resources).toHaveLength(5_000);
    expect(new Set(status?.resources?.map(({ name }) => name)).size).toBe(5_000);
    expect(status).toMatchObject({ health: 'Green' });
  },
  TEST_TIMEOUT_MS,
);

test(
  'a version with more children than a status can hold is refused before any of them is created',
  async () => {
    await install(5_000, 253);
    const { message } = await tenant.release('many').failed('LimitExceeded', PATIENCE);
    expect(message).toContain('the 5000 objects');
    expect(await tenant.kubectl('get', 'configmaps', '--output=name')).toBe('configmap/kube-root-ca.crt\n');
  },
  TEST_TIMEOUT_MS,
);
