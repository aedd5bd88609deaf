import { afterEach, expect, test } from '@jest/globals';
import { SANDBOX_LIMITS } from '../../../../chart-renderer/index.ts';
import { Pool } from '../../../../chart-renderer/sandbox/pool.ts';
import { buildChart } from '../../../support/charts/chart-builder.ts';

const AHEAD_MS = 1_000_000;
const chart = { digest: 'sha256:0', read: () => [buildChart({ name: 'web' })] };
const pools: Pool[] = [];

afterEach(() => {
  for (const pool of pools.splice(0)) pool.close();
});

function poolOf(size: number): Pool {
  const pool = new Pool(size, SANDBOX_LIMITS, AHEAD_MS);
  pools.push(pool);
  return pool;
}

/** Asks a pool what the chart is. */
async function asked(pool: Pool, use: () => unknown): Promise<unknown> {
  const time = { ms: SANDBOX_LIMITS.timeoutMs };
  return pool.ask({ chart, task: { task: 'inspect' }, namespace: 'test', time }, use);
}

test('a process begins no other work until its reply has been used', async () => {
  const pool = poolOf(1);
  const steps: string[] = [];
  const first = asked(pool, async () => {
    steps.push('the first is used');
    // Takes longer than a process that runs already and knows the chart.
    await asked(poolOf(1), () => undefined);
    steps.push('the first was used');
  });
  await Promise.all([first, asked(pool, () => steps.push('the second is used'))]);
  expect(steps).toEqual(['the first is used', 'the first was used', 'the second is used']);
});

test('a reply that cannot be used makes room for the next one', async () => {
  const pool = poolOf(1);
  const failing = asked(pool, () => {
    throw new Error('not to be used');
  });
  await expect(failing).rejects.toThrow('not to be used');
  expect(await asked(pool, () => 'used')).toBe('used');
});
