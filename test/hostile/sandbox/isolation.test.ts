import { setTimeout as delay } from 'node:timers/promises';
import { expect, test } from '@jest/globals';
import { createSandbox } from '../../../chart-renderer/index.ts';
import { chartOf, CONFIG_MAP, ENDLESS, FORTY, optionsOf, refusalOf, renderIn } from './charts.ts';

const ordinary = chartOf(`{{ range until 300 }}---\n${CONFIG_MAP}data: {a: {{ . | quote }}}\n{{ end }}`);

test('other renderings finish beside a hostile one, and the event loop keeps turning', async () => {
  const sandbox = createSandbox({ workers: 2 });
  await Promise.all([renderIn(sandbox, ordinary), sandbox.inspect(ordinary, 'other')]);
  let isOver = false;
  const hostile = refusalOf(renderIn(sandbox, ENDLESS, FORTY)).finally(() => (isOver = true));
  for (let i = 0; i < 10; i += 1) {
    expect((await sandbox.render(ordinary, optionsOf({}, 'other'))).objects).toHaveLength(300);
    // Were the hostile chart rendered in this process, no timer would fire before it has run out of time.
    await delay(1);
    expect(isOver).toBe(false);
  }
  expect(await hostile).toMatch(/limit timeoutMs/);
  sandbox.close();
});

test('a worker that was killed is replaced', async () => {
  const sandbox = createSandbox({ workers: 1, limits: { timeoutMs: 1500 } });
  for (let i = 0; i < 2; i += 1) {
    expect(await refusalOf(renderIn(sandbox, ENDLESS, FORTY))).toMatch(/limit timeoutMs/);
    expect((await renderIn(sandbox, ordinary)).objects).toHaveLength(300);
  }
  sandbox.close();
});

test('no chart is blamed for memory that others used', async () => {
  const sandbox = createSandbox({ workers: 1, limits: { memoryMb: 128 } });
  for (let i = 0; i < 12; i += 1) {
    const values = Array.from({ length: 100_000 }, (_, key) => `k${key}x${i}: v${key}`).join('\n');
    expect(await sandbox.inspect(chartOf({ values }), 'ns')).toMatchObject({ name: 'app' });
  }
  sandbox.close();
});
