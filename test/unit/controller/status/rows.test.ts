import { expect, test } from '@jest/globals';
import { withinRoom } from '../../../../controller/status/rows.ts';
import type { ResourceStatus } from '../../../../crds/index.ts';

function child(index: number, health: ResourceStatus['health'], message = ''): ResourceStatus {
  const name = `${'x'.repeat(57)}${String(index).padStart(6, '0')}`;
  const row = { group: '', version: 'v1', kind: 'ConfigMap', namespace: 'shop', name, health };
  return message === '' ? row : { ...row, message };
}

const list = (count: number, make: (index: number) => ResourceStatus): ResourceStatus[] =>
  Array.from({ length: count }, (_, index) => make(index));

test('a status has room for 5,000 children with the longest causes, some of which are left out', () => {
  const rows = withinRoom(list(5_000, (index) => child(index, 'Red', 'ü'.repeat(400))));
  expect(new Set(rows.map(({ name }) => name)).size).toBe(5_000);
  expect(Buffer.byteLength(JSON.stringify(rows))).toBeLessThan(1.2 * 1024 * 1024);
  expect(rows.filter(({ message }) => message !== undefined).length).toBeGreaterThan(300);
});

test('causes of Red are listed before causes of mere delay, wherever they stand', () => {
  const late = list(2_000, (index) => child(index, 'Yellow', 'late '.repeat(80)));
  const rows = withinRoom([...late, child(2_000, 'Red', 'broken')]);
  expect(rows.at(-1)?.message).toBe('broken');
  expect(rows.at(0)?.message).toBeDefined();
  expect(rows.at(1_999)).toEqual(child(1_999, 'Yellow'));
});

test('everything is listed where there is room', () => {
  const rows = list(5_000, (index) => child(index, 'Yellow', 'is created'));
  expect(withinRoom(rows)).toBe(rows);
});
