import { describe, expect, test } from '@jest/globals';
import { filterOf, releaseTable } from '../../../../cli/release/list.ts';
import type { Release } from '../../../../crds/index.ts';
import { plainTerminal } from '../plain-terminal.ts';

const NOW = Date.parse('2026-01-01T00:10:00Z');

function release(name: string, status: object = {}, spec: object = {}): Release {
  const metadata = { name, namespace: 'shop', creationTimestamp: '2026-01-01T00:00:00Z' };
  return { metadata, spec: { chart: { name: 'web' }, suspend: false, ...spec }, status } as unknown as Release;
}

const ready = (value: string, reason: string): object => ({ conditions: [{ type: 'Ready', status: value, reason }] });
const chart = { name: 'web', version: '1.2.3' };
const green = release('b', { version: 2, chart, health: 'Green', ...ready('True', 'Ready') });
const red = release('a', {
  version: 1,
  chart,
  health: 'Red',
  message: 'no\u001b[31m image',
  ...ready('False', 'Unhealthy'),
});
const fresh = release('c', {}, { suspend: true, chart: { name: 'api' } });
/** In a namespace of an environment, and with the label of another tenant. */
const ofOthers = [
  { name: 'd', namespace: 'shop-prod' },
  { name: 'e', namespace: 'shop-dev', labels: { 'coxswain.dev/tenant': 'blog' } },
].map((metadata) => ({ ...green, metadata: { ...green.metadata, ...metadata } }));

test('the table has a line for each release, ordered by name', () => {
  const wide = { isWide: true, isInAll: true };
  const lines = releaseTable([green, red, fresh], wide, plainTerminal(), NOW).split('\n');
  expect(lines.map((line) => line.split(/ {2,}/))).toEqual([
    ['NAMESPACE', 'NAME', 'CHART', 'VERSION', 'HEALTH', 'READY', 'REASON', 'AGE', 'FOLLOWS', 'MESSAGE'],
    ['shop', 'a', 'web-1.2.3', '1', 'Red', 'False', 'Unhealthy', '10m', '<none>', 'no[31m image'],
    ['shop', 'b', 'web-1.2.3', '2', 'Green', 'True', 'Ready', '10m', '<none>', '<none>'],
    ['shop', 'c', 'api', '<none>', 'Unknown', 'Unknown', 'Suspended', '10m', '<none>', '<none>'],
  ]);
});

describe('of all releases', () => {
  const none = { 'not-ready': false, suspended: false };
  test.each([
    [none, ['b', 'a', 'c']],
    [{ ...none, health: 'red' }, ['a']],
    [{ ...none, health: 'Red,Green' }, ['b', 'a']],
    [{ ...none, chart: 'web' }, ['b', 'a']],
    [{ ...none, 'not-ready': true }, ['a', 'c']],
    [{ ...none, suspended: true }, ['c']],
    [{ ...none, tenant: 'shop' }, ['b', 'a', 'c', 'd']],
    [{ ...none, tenant: 'blog' }, ['e']],
    [{ ...none, tenant: 'shop', suspended: true }, ['c']],
  ])('%j shows %j', (flags, names) => {
    const others = 'tenant' in flags ? ofOthers : [];
    const found = [green, red, fresh, ...others].filter(filterOf(flags));
    expect(found.map(({ metadata }) => metadata.name)).toEqual(names);
  });

  test('an unknown colour is refused', () => {
    expect(() => filterOf({ ...none, health: 'blue' })).toThrow('--health blue is not known');
  });
});
