import { expect, test } from '@jest/globals';
import { MAX_AT_WORK } from '../../../../controller/loop/queue.ts';
import { MAX_AT_ONCE } from '../../../../controller/notices/lanes.ts';
import { parseOptions } from '../../../../controller/process/options.ts';
import { shippedController } from '../../../support/cluster/shipped.ts';

test('as many names can be resolved at a time as passes and notices may wait for one', () => {
  const { args, env } = shippedController();
  const options = parseOptions([...args], {});
  if (options === 'help') throw new Error('the controller is shipped with --help');
  // Half of the threads, as libuv has it.
  expect(Number(env['UV_THREADPOOL_SIZE']) / 2).toBeGreaterThanOrEqual(options.workers * MAX_AT_WORK + MAX_AT_ONCE);
});
