import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { KubeObject } from '../../../../resources/index.ts';
import { chartOf, configMap } from '../../../support/charts/hook-charts.ts';
import { story } from '../../../support/cluster/story.ts';
import { startWriteGate, type WriteGate } from '../../../support/cluster/write-gate.ts';
import { eventually } from '../../../support/eventually.ts';

// Versions of equal content share a chunk: it stays for as long as one of them does, whichever write of an owner failed.

const coxswain = story();
let gate: WriteGate;

beforeAll(async () => {
  gate = await startWriteGate(join(coxswain.controlPlane.directory, 'coxswain.kubeconfig'));
  await coxswain.restart({ flags: ['--kubeconfig', gate.kubeconfig] });
});

afterAll(async () => gate?.close());

test('a version outlives the one that made its chunks, though it could not own them at first', async () => {
  const chart = await coxswain.push(chartOf('app', [configMap('app', 'value')], 'value: one\n'));
  const undisturbed = await returned('undisturbed');
  const nth = undisturbed.writes.findIndex((write) => write.startsWith('PATCH') && write.includes('/secrets/')) + 1;
  expect(nth).toBeGreaterThan(0);

  const { tenant, release, failed } = await returned('refused', nth);
  expect(await failed).toMatch(/^PATCH .*\/secrets\//);
  // The first version is pruned with the limit; its chunk would go with it.
  await release.patch({ historyLimit: 1 });
  await eventually(
    () => release.histories(),
    (histories) => histories.map(({ spec }) => spec.version).join() === '3',
  );
  const [history] = await release.histories();
  await eventually(
    chunks,
    (found) => found.join() === history?.spec.chunks.map(({ name }) => name).join(),
    // The garbage collector learns of a new kind, such as ReleaseHistory here, within half a minute.
    { timeoutMs: 120_000 },
  );

  await coxswain.restart({ flags: ['--kubeconfig', gate.kubeconfig] });
  await tenant.kubectl('delete', 'configmap', 'app');
  await eventually(
    () => tenant.configMap('app'),
    (data) => data?.['value'] === 'one',
  );
  await release.ready();

  async function chunks(): Promise<string[]> {
    const type = '--field-selector=type=coxswain.dev/chunk';
    const { items } = await tenant.kubectl.json<{ items: KubeObject[] }>('get', 'secrets', type);
    return items.map(({ metadata }) => metadata.name);
  }

  /** Brought to a third version that has the content of the first; the n-th write of that is refused. */
  async function returned(prefix: string, refuse?: number) {
    const tenant = await coxswain.tenant({ prefix });
    const release = await tenant.apply('app', chart);
    await release.inForce(1);
    await release.patch({ values: { value: 'two' } });
    await release.inForce(2);
    gate.count();
    const failed = refuse === undefined ? undefined : gate.failWrite(tenant.namespace, refuse, 'Forbidden');
    await release.patch({ values: null });
    await release.inForce(3);
    return { tenant, release, failed, writes: gate.writesIn(tenant.namespace) };
  }
});
