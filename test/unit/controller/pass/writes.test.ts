import { expect, test } from '@jest/globals';
import { Writes } from '../../../../controller/pass/writes.ts';

test('counts the writes for each Release since the last count', () => {
  const writes = new Writes();
  for (const type of ['create', 'create', 'update', 'delete'] as const) writes.count('shop/web', type);
  writes.count('shop/db', 'delete');
  expect(writes.take('shop/web')).toEqual({ created: 2, updated: 1, deleted: 1 });
  expect(writes.take('shop/web')).toBeUndefined();
  expect(writes.take('shop/db')).toEqual({ created: 0, updated: 0, deleted: 1 });
});
