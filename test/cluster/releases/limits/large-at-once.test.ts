import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { expect, test } from '@jest/globals';
import { story } from '../../../support/cluster/story.ts';
import type { Tenant } from '../../../support/cluster/tenant.ts';
import { eventually } from '../../../support/eventually.ts';
import { webChart } from '../../../support/charts/web-chart.ts';

// Large Releases of many tenants at once, each of 10 MB that do not compress, with the heap and the flags that are shipped.

const TENANTS = 8;
const OBJECTS = 12;
const OBJECT_BYTES = 830_000;
/** What the process may have resident, however many are installed at once. */
const MAX_MIB = 400;
const TEST_TIMEOUT_MS = 600_000;
const PATIENCE = { timeoutMs: TEST_TIMEOUT_MS - 60_000 };

const LARGE = {
  name: 'large',
  files: Object.fromEntries(Array.from({ length: OBJECTS }, (_, index) => [`text-${index}`, denseText()])),
  templates: {
    'all.yaml': `{{ range $i := until ${OBJECTS} }}
apiVersion: v1
kind: ConfigMap
metadata: {name: {{ $.Release.Name }}-{{ $i }}}
data:
  note: {{ $.Values.note }}
  text: {{ $.Files.Get (printf "text-%d" $i) }}
---
{{ end }}`,
  },
};

// Without a kubeconfig, whose reader takes 60 MB.
const coxswain = story({ inPod: true });

test(
  'large Releases of many tenants are installed, upgraded and rolled back in memory for a few, at no cost to small ones',
  async () => {
    const chart = await coxswain.push(LARGE);
    const web = await coxswain.push(webChart());
    const tenants: Tenant[] = [];
    for (let index = 0; index < TENANTS; index += 1) tenants.push(await coxswain.tenant({ prefix: 'large' }));
    const bystander = await coxswain.tenant({ prefix: 'small' });
    const [leaving, ...staying] = tenants;

    for (const tenant of tenants) await tenant.apply('large', chart, { values: { note: 'one' } });
    await tellsThatItWaits(...tenants);
    await bystander.apply('web', web);
    await bystander.release('web').ready(PATIENCE);
    for (const tenant of tenants) await tenant.release('large').inForce(1, PATIENCE);
    expect(await peakMib()).toBeLessThan(MAX_MIB);

    for (const tenant of tenants) await tenant.release('large').patch({ values: { note: 'two' } });
    // One that is deleted while others are at work, or waits itself, is not waited for.
    await leaving?.release('large').delete('--wait=false');
    for (const tenant of staying) await tenant.release('large').inForce(2, PATIENCE);
    for (const tenant of staying) await tenant.release('large').patch({ version: 1 });
    for (const tenant of staying) await tenant.release('large').inForce(1, PATIENCE);
    for (const tenant of staying) expect(await tenant.configMap('large-7')).toMatchObject({ note: 'one' });
    await eventually(
      async () => leaving?.kubectl('get', 'releases', '--output=name'),
      (left) => left === '',
      PATIENCE,
    );
    expect(await peakMib()).toBeLessThan(MAX_MIB);
    expect(await waitingLines(bystander)).toEqual([]);
  },
  TEST_TIMEOUT_MS,
);

/** Waits until the status of one of these tells that it waits for memory, as the log does. */
async function tellsThatItWaits(...tenants: readonly Tenant[]): Promise<void> {
  await eventually(
    () => Promise.all(tenants.map(async (tenant) => (await tenant.release('large').get()).status?.message)),
    (messages) => messages.some((message) => message?.startsWith('waits for memory')),
    PATIENCE,
  );
  expect((await waitingLines(...tenants)).length).toBeGreaterThan(0);
}

async function waitingLines(...tenants: readonly Tenant[]): Promise<string[]> {
  const lines = (await readFile(coxswain.controller.logFile, 'utf8')).split('\n');
  return lines.filter(
    (line) =>
      line.includes('"waits for memory"') && tenants.some(({ namespace }) => line.includes(`"release":"${namespace}/`)),
  );
}

/** What the controller has had resident at most, its renderers apart. */
async function peakMib(): Promise<number> {
  const status = await readFile(`/proc/${coxswain.controller.pid}/status`, 'utf8');
  return Number(/^VmHWM:\s+(\d+)/m.exec(status)?.[1]) / 1_024;
}

/** A text that does not compress. */
function denseText(): string {
  return randomBytes((OBJECT_BYTES * 3) / 4).toString('base64');
}
