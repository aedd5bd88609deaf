import { afterEach, expect, jest, test } from '@jest/globals';
import { RecentGrants } from '../../../../../controller/plan/permissions/recent-grants.ts';
import type { Need } from '../../../../../controller/plan/permissions/needs.ts';

const PODS: Need = { verbs: ['watch'], group: '', resource: 'pods', namespace: 'shop' };
const SERVICES: Need = { verbs: ['create'], group: '', resource: 'services', namespace: 'shop' };

afterEach(() => {
  jest.useRealTimers();
});

/** The users and needs that were asked about. */
function asked(): {
  grants: RecentGrants;
  ask: (user: string, ...needs: Need[]) => Promise<void>;
  count: () => number;
} {
  const grants = new RecentGrants();
  let times = 0;
  const ask = (user: string, ...needs: Need[]): Promise<void> =>
    grants.check(user, needs, async () => {
      times += 1;
    });
  return { grants, ask, count: () => times };
}

test('a permission that was found is not asked for again, for the same user and needs', async () => {
  const { ask, count } = asked();
  await ask('one', PODS);
  await ask('one', PODS);
  expect(count()).toBe(1);
  await ask('two', PODS);
  await ask('one', PODS, SERVICES);
  expect(count()).toBe(3);
});

test('an answer is valid for ten seconds from when it was given', async () => {
  jest.useFakeTimers();
  const { ask, count } = asked();
  await ask('one', PODS);
  jest.advanceTimersByTime(6_000);
  await ask('one', PODS);
  expect(count()).toBe(1);
  jest.advanceTimersByTime(6_000);
  await ask('one', PODS);
  expect(count()).toBe(2);
});

test('a missing permission is asked for each time', async () => {
  const grants = new RecentGrants();
  let times = 0;
  const lacking = async (): Promise<void> => {
    times += 1;
    throw new Error('may not');
  };
  for (const _ of [1, 2]) await expect(grants.check('one', [PODS], lacking)).rejects.toThrow('may not');
  expect(times).toBe(2);
});
