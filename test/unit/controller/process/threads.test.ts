import { expect, test } from '@jest/globals';
import { MAX_AT_WORK } from '../../../../controller/loop/queue.ts';
import { MAX_AT_ONCE } from '../../../../controller/notices/lanes.ts';
import { parseOptions } from '../../../../controller/process/options.ts';
import { shippedController } from '../../../support/cluster/shipped.ts';

test('there are enough threads to resolve a name for each pass and each notice at once', () => {
  const { args, env } = shippedController();
  const options = parseOptions([...args], {});
  if (options === 'help') throw new Error('the controller is shipped with --help');
  // Half of the threads, as libuv has it.
  expect(Number(env['UV_THREADPOOL_SIZE']) / 2).toBeGreaterThanOrEqual(options.workers * MAX_AT_WORK + MAX_AT_ONCE);
});
