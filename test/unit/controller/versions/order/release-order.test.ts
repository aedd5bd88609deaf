import { beforeEach, describe, expect, test } from '@jest/globals';
import { ReleaseOrder } from '../../../../../controller/versions/order/release-order.ts';
import { release } from '../../releases.ts';

let order: ReleaseOrder;

/** A Release that depends on others, and the keys of those that its change wakes. */
function changed(
  name: string,
  needs: readonly string[] = [],
  type: 'added' | 'modified' | 'deleted' = 'modified',
): string[] {
  const dependsOn = needs.map((needed) => ({ name: needed }));
  return order.take({ type, object: release({ dependsOn }, undefined, { name }) });
}

beforeEach(() => {
  order = new ReleaseOrder();
  changed('web', ['api', 'cache']);
  changed('api', ['db']);
});

describe('the Release that is woken', () => {
  test('is one that waits and depends on what has changed', () => {
    expect(changed('api', ['db'])).toEqual([]);
    order.setWaiting('shop/web', true);
    expect(changed('api', ['db'])).toEqual(['shop/web']);
    expect(changed('cache')).toEqual(['shop/web']);
    expect(changed('other')).toEqual([]);
    order.setWaiting('shop/web', false);
    expect(changed('api', ['db'])).toEqual([]);
  });

  test('is one whose deletion waits for those that depend on it', () => {
    order.setWaiting('shop/db', true);
    expect(changed('api', [], 'deleted')).toEqual(['shop/db']);
    expect(order.dependantsOf('shop/db')).toEqual([]);
  });

  test('is also one that is no longer named', () => {
    order.setWaiting('shop/db', true);
    expect(changed('api', ['cache'])).toEqual(['shop/db']);
    expect(order.dependantsOf('shop/cache').toSorted()).toEqual(['shop/api', 'shop/web']);
  });
});

test('a Release needs what it depends on, directly or through others', () => {
  expect([...order.neededBy('shop/web')].toSorted()).toEqual(['shop/api', 'shop/cache', 'shop/db']);
  expect([...order.neededBy('shop/db')]).toEqual([]);
  changed('db', ['web']);
  expect(order.neededBy('shop/db').has('shop/db')).toBe(true);
});

describe('cycleOf', () => {
  test('is the shortest way back to a Release', () => {
    expect(order.cycleOf('shop/web')).toBeUndefined();
    changed('db', ['web']);
    expect(order.cycleOf('shop/api')).toEqual(['shop/api', 'shop/db', 'shop/web', 'shop/api']);
    changed('web', ['api', 'cache', 'db']);
    expect(order.cycleOf('shop/db')).toEqual(['shop/db', 'shop/web', 'shop/db']);
    changed('self', ['self']);
    expect(order.cycleOf('shop/self')).toEqual(['shop/self', 'shop/self']);
  });

  test('is undefined for a Release that only depends on those in a cycle', () => {
    changed('db', ['api']);
    expect(order.cycleOf('shop/web')).toBeUndefined();
  });

  test('is found in time that grows with the number of Releases', () => {
    for (let at = 0; at < 20_000; at += 1) changed(`r${at}`, [`r${at + 1}`, `r${at + 7}`]);
    expect(order.cycleOf('shop/r0')).toBeUndefined();
  });
});
