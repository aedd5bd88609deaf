import { describe, expect, test } from '@jest/globals';
import { aheadBy } from '../../../../dashboard/page/live/ahead-by.ts';
import { delayBefore } from '../../../../dashboard/page/live/pace.ts';
import { releasePath, routeOf, withQuery } from '../../../../dashboard/page/shell/route.ts';
import { ageOf } from '../../../../dashboard/page/words/age.ts';
import { en } from '../../../../dashboard/page/words/en.ts';
import { zh } from '../../../../dashboard/page/words/zh.ts';
import { pairOf } from '../../../../dashboard/page/versions/pair.ts';

describe('an address', () => {
  test.each([
    ['/', { page: 'releases' }],
    ['/releases', { page: 'releases' }],
    ['/releases/shop/web', { page: 'release', namespace: 'shop', name: 'web', tab: 'overview' }],
    ['/releases/shop/web/logs', { page: 'release', namespace: 'shop', name: 'web', tab: 'logs' }],
    ['/releases/shop/web/logs/more', { page: 'unknown' }],
    ['/releases/shop', { page: 'unknown' }],
    ['/releases/shop/web/nothing', { page: 'unknown' }],
    ['/charts', { page: 'charts' }],
    ['/tenants', { page: 'tenants' }],
    ['/tenants/shop', { page: 'unknown' }],
    ['/else', { page: 'unknown' }],
    ['/%E0%A4%A', { page: 'unknown' }],
  ])('%s', (path, route) => {
    expect(routeOf(path)).toEqual(route);
  });

  test('of a Release leads to it', () => {
    const name = { namespace: 'a/b', name: 'c?d' };
    expect(routeOf(releasePath(name, 'events'))).toEqual({ page: 'release', ...name, tab: 'events' });
    expect(withQuery('/x', { q: 'a b', only: undefined, in: '' })).toBe('/x?q=a+b');
  });
});

test.each([
  ['2026-01-01T00:00:00Z', '0s'],
  ['2025-12-31T23:58:31Z', '89s'],
  ['2025-12-31T23:57:00Z', '3m'],
  ['2025-12-31T21:00:00Z', '3h'],
  ['2025-12-20T00:00:00Z', '12d'],
  ['2027-01-01T00:00:00Z', '0s'],
  ['never', ''],
])('the age of %s is %s', (time, age) => {
  expect(ageOf(time, Date.parse('2026-01-01T00:00:00Z'))).toBe(age);
});

test('a broken stream is reopened after growing delays, up to a limit', () => {
  const delays = Array.from({ length: 12 }, (_, index) => delayBefore(index + 1, 1));
  expect(delays.slice(0, 3)).toEqual([500, 1_000, 2_000]);
  expect(delays).toEqual(delays.toSorted((left, right) => left - right));
  expect(delays.at(-1)).toBe(15_000);
  expect(delayBefore(3, 0)).toBe(1_000);
});

test('only recorded versions are compared', () => {
  const versions = [3, 2, 1].map((version) => ({ version }));
  const pair = (query: string) => pairOf(versions, new URLSearchParams(query));
  expect(pair('')).toEqual({ from: 2, to: 3, live: false });
  expect(pair('from=1')).toEqual({ from: 1, to: 3, live: false });
  expect(pair('to=2')).toEqual({ from: 1, to: 2, live: false });
  expect(pair('from=99&to=x')).toEqual({ from: 2, to: 3, live: false });
  expect(pair('live=1').live).toBe(true);
  expect(pairOf(versions.slice(2), new URLSearchParams())).toEqual({ from: 1, to: 1, live: false });
});

test('a clock that differs from the cluster’s is corrected, unless it may be the same', () => {
  const now = Date.parse('2026-01-01T00:00:00.900Z');
  expect(aheadBy('2026-01-01T00:10:00Z', now)).toBe(599_100);
  expect(aheadBy('2025-12-31T23:00:00Z', now)).toBe(-3_600_900);
  expect(aheadBy('2025-12-31T23:59:58Z', now)).toBe(0);
  expect(aheadBy('', now)).toBe(0);
});

test.each([
  [1, '1 release'],
  [999, '999 releases'],
  [2_000, '2,000 releases'],
  [1_234_567, '1,234,567 releases'],
])('%i is counted in English as %j', (number, said) => {
  expect(en.releases.ofTenant(number)).toBe(said);
});

/** The names of all words, with how many arguments each takes. */
function keysIn(words: object, path = ''): string[] {
  return Object.entries(words).flatMap(([key, value]: [string, unknown]) => {
    if (typeof value === 'object' && value !== null) return keysIn(value, `${path}${key}.`);
    return [`${path}${key}`];
  });
}

test('Chinese has every text that English has', () => {
  expect(keysIn(zh)).toEqual(keysIn(en));
  const same = Object.entries(zh.release.tabs).filter(([key, word]) =>
    Object.entries(en.release.tabs).some(([other, english]) => other === key && english === word),
  );
  expect(same).toEqual([]);
});
