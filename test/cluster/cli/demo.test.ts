import { expect, test } from '@jest/globals';
import { join } from 'node:path';

import { run } from '../../support/kubectl.ts';

const DEMO = join(import.meta.dirname, '..', '..', '..', 'examples', 'demo', 'main.ts');

test('the demo tells its story to the end', async () => {
  const outcome = await run(process.execPath, [DEMO], { env: { DEMO: 'once', CHARTS: '' } });
  expect(outcome).toMatchObject({ code: 0, stderr: expect.not.stringContaining('FAILED') });
  expect(outcome.stdout).toContain('All of it did what it says');
}, 1_200_000);
