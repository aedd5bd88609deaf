import { monitorEventLoopDelay } from 'node:perf_hooks';
import { expect, test } from '@jest/globals';
import { createSandbox, type Sandbox } from '../../../chart-renderer/index.ts';
import { chartOf, CONFIG_MAP, ENDLESS, FORTY, refusalOf, renderIn } from './charts.ts';

const ordinary = chartOf(`{{ range until 300 }}---\n${CONFIG_MAP}data: {a: {{ . | quote }}}\n{{ end }}`);

/** Milliseconds that the median of some renderings of an ordinary chart takes. */
async function medianMs(sandbox: Sandbox): Promise<number> {
  const times: number[] = [];
  for (let i = 0; i < 9; i += 1) {
    const startedMs = performance.now();
    await renderIn(sandbox, ordinary);
    times.push(performance.now() - startedMs);
  }
  return times.toSorted((a, b) => a - b)[4] ?? 0;
}

test('beside a hostile rendering others finish, hardly slower, and the event loop turns', async () => {
  const sandbox = createSandbox({ workers: 2, limits: { timeoutMs: 1500 } });
  await Promise.all([renderIn(sandbox, ordinary), renderIn(sandbox, ordinary)]);
  const aloneMs = await medianMs(sandbox);
  const loop = monitorEventLoopDelay({ resolution: 5 });
  loop.enable();
  const hostile = refusalOf(renderIn(sandbox, ENDLESS, FORTY));
  const besideMs = await medianMs(sandbox);
  const refusal = await hostile;
  loop.disable();
  sandbox.close();
  expect(refusal).toMatch(/limit timeoutMs/);
  expect(besideMs).toBeLessThan(aloneMs * 3 + 100);
  expect(loop.percentile(99) / 1e6).toBeLessThan(100);
  expect(loop.max / 1e6).toBeLessThan(500);
}, 60_000);

test('a worker that was ended is replaced', async () => {
  const sandbox = createSandbox({ workers: 1, limits: { timeoutMs: 500 } });
  for (let i = 0; i < 2; i += 1) {
    expect(await refusalOf(renderIn(sandbox, ENDLESS, FORTY))).toMatch(/limit timeoutMs/);
    expect((await renderIn(sandbox, ordinary)).objects).toHaveLength(300);
  }
  sandbox.close();
}, 60_000);

test('no chart is blamed for the memory that others took', async () => {
  const sandbox = createSandbox({ workers: 1, limits: { memoryMb: 128 } });
  for (let i = 0; i < 12; i += 1) {
    const values = Array.from({ length: 100_000 }, (_, key) => `k${key}x${i}: v${key}`).join('\n');
    expect(await sandbox.inspect(chartOf({ values }), 'ns')).toMatchObject({ name: 'app' });
  }
  sandbox.close();
}, 60_000);
