import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, expect, test } from '@jest/globals';
import { createSandbox } from '../../../chart-renderer/index.ts';
import { eventually } from '../../support/eventually.ts';
import { chartOf, CONFIG_MAP, renderIn } from './charts.ts';
import { renderers, TELLS } from './processes.ts';

const onLinux = TELLS ? test : test.skip;

/** What a sandbox has ended is not gone at once: the next test counts its own. */
afterEach(async () => {
  await eventually(renderers, (left) => left.length === 0);
});

onLinux('one renderer is started ahead, and takes the first chart', async () => {
  const sandbox = createSandbox({ workers: 2, aheadMs: 0 });
  await sleep(50);
  const [ahead, ...others] = renderers();
  expect(others).toEqual([]);
  expect((await renderIn(sandbox, chartOf(CONFIG_MAP))).objects).toHaveLength(1);
  expect(renderers()).toMatchObject([{ id: ahead?.id }]);
  sandbox.close();
});

onLinux('none is started ahead beside one that was needed before', async () => {
  const sandbox = createSandbox({ workers: 2, aheadMs: 1000 });
  await renderIn(sandbox, chartOf(CONFIG_MAP));
  await sleep(1100);
  expect(renderers()).toHaveLength(1);
  sandbox.close();
});

onLinux('a sandbox that was closed starts none', async () => {
  createSandbox({ aheadMs: 0 }).close();
  await sleep(50);
  expect(renderers()).toEqual([]);
});
