import { describe, expect, test } from '@jest/globals';
import { isSameProgress, progressOf, unionOf } from '../../../../controller/status/progress.ts';
import type { InventoryEntry, ReleaseStatus } from '../../../../crds/index.ts';

test('the resources in a status are the inventory, whatever their health', () => {
  const entry = { group: 'apps', version: 'v1', kind: 'Deployment', namespace: 'shop', name: 'web' };
  const definition = { group: '', version: 'v1', kind: 'Namespace', name: 'shop' };
  const resources = [
    { ...entry, health: 'Red', message: 'no pod starts' } as const,
    { ...definition, health: 'Green' } as const,
  ];
  expect(progressOf({ resources }).inventory).toEqual([entry, definition]);
});

function entry(kind: string, name: string, more: Partial<InventoryEntry> = {}): InventoryEntry {
  return { group: 'apps', version: 'v1', kind, namespace: 'shop', name, ...more };
}

describe('unionOf', () => {
  const [a, b, c] = [entry('Deployment', 'a'), entry('Deployment', 'b'), entry('Deployment', 'c')];
  test.each<[string, InventoryEntry[], InventoryEntry[], InventoryEntry[]]>([
    ['nothing', [], [], []],
    ['all new', [], [a, b], [a, b]],
    ['all old', [a, b], [], [a, b]],
    ['some of both', [a, b], [b, c], [a, b, c]],
    ['the same twice', [a, b], [a, b], [a, b]],
    ['another kind of one name', [a], [entry('Service', 'a')], [a, entry('Service', 'a')]],
    [
      'another group of one kind',
      [a],
      [entry('Deployment', 'a', { group: 'x' })],
      [a, entry('Deployment', 'a', { group: 'x' })],
    ],
    [
      'another namespace',
      [a],
      [entry('Deployment', 'a', { namespace: 'other' })],
      [a, entry('Deployment', 'a', { namespace: 'other' })],
    ],
    [
      'another version of one object',
      [a],
      [entry('Deployment', 'a', { version: 'v2' })],
      [entry('Deployment', 'a', { version: 'v2' })],
    ],
  ])('%s', (_title, before, after, expected) => {
    expect(unionOf(before, after)).toEqual(expected);
  });
});

describe('isSameProgress', () => {
  const status: ReleaseStatus = { version: 1, resources: [{ ...entry('Deployment', 'a'), health: 'Green' }] };
  test.each<[string, ReleaseStatus, boolean]>([
    ['the same', { ...status, resources: [...(status.resources ?? [])] }, true],
    ['another health', { ...status, resources: [{ ...entry('Deployment', 'a'), health: 'Red' }] }, true],
    ['another version', { ...status, version: 2 }, false],
    ['one object more', { ...status, resources: [...(status.resources ?? []), ...(status.resources ?? [])] }, false],
    ['one object less', { ...status, resources: [] }, false],
    [
      'an object in another version',
      { ...status, resources: [{ ...entry('Deployment', 'a', { version: 'v2' }), health: 'Green' }] },
      false,
    ],
    [
      'work that is done',
      { ...status, resources: [{ ...entry('Deployment', 'a'), health: 'Green', finished: 'Succeeded' }] },
      false,
    ],
  ])('%s: %s', (_title, other, isSame) => {
    expect(isSameProgress(progressOf(status), progressOf(other))).toBe(isSame);
    expect(isSameProgress(progressOf(other), progressOf(status))).toBe(isSame);
  });
});
