import { describe, expect, test } from '@jest/globals';
import type { ReleaseRow } from '../../../../dashboard/api/index.ts';
import { countsOf, facetsIn, withFacets, withText } from '../../../../dashboard/page/releases/filter.ts';
import { displaced, grouped, heldPlaces, placesOf } from '../../../../dashboard/page/releases/order.ts';
import { rowsOf, withChanged, withoutGone } from '../../../../dashboard/page/releases/rows.ts';
import { LineHeights } from '../../../../dashboard/page/parts/line-heights.ts';
import { offsetsOf, windowOf } from '../../../../dashboard/page/parts/window.ts';
import { linesOf } from '../../../../dashboard/page/releases/list-lines.ts';
import { rowNamed } from './rows.ts';

const shown = (rows: readonly ReleaseRow[]): string[] => rows.map(({ namespace, name }) => `${namespace}/${name}`);

describe('the text of the filter', () => {
  const web = rowNamed('shop-dev', 'web', { message: 'ImagePullBackOff', health: 'Red' });
  const api = rowNamed('shop-dev', 'api', { chartVersion: '2.3.4' });
  const db = rowNamed('bank-dev', 'db', { suspended: true });

  test.each([
    ['', [web, api, db]],
    ['shop', [web, api]],
    ['SHOP  imagepull', [web]],
    ['dev/web', [web]],
    ['2.3.4', [api]],
    ['suspended', [db]],
    ['shop -web', [api]],
    ['-', [web, api, db]],
    ['nothing', []],
  ])('%j keeps the rows in which all words occur', (text, left) => {
    expect(shown(withText([web, api, db], text))).toEqual(shown(left));
  });

  test('is applied to the current state of a Release', () => {
    const row = rowNamed('shop-dev', 'web');
    expect(withText([row], 'red')).toEqual([]);
    expect(withText([{ ...row, health: 'Red' }], 'red')).toHaveLength(1);
  });
});

test('facets keep the Releases that match one of them, and are counted', () => {
  const red = rowNamed('a', 'red', { health: 'Red', waits: 'approval' });
  const green = rowNamed('a', 'green', { suspended: true });
  expect(shown(withFacets([red, green], ['Red', 'suspended']))).toEqual(['a/red', 'a/green']);
  expect(shown(withFacets([red, green], ['waiting']))).toEqual(['a/red']);
  expect(countsOf([red, green])).toEqual({ Red: 1, Yellow: 0, Green: 1, Unknown: 0, waiting: 1, suspended: 1 });
  expect(facetsIn('suspended,Red,Blue')).toEqual(['Red', 'suspended']);
});

describe('the order of the list', () => {
  const before = [rowNamed('a', 'one'), rowNamed('a', 'two', { health: 'Red' }), rowNamed('b', 'three')];
  const places = placesOf(before);
  const namesIn = (rows: readonly ReleaseRow[], held = places): string[] =>
    grouped(rows, 'trouble', held).flatMap(({ rows: own }) => shown(own));

  test('puts trouble first, among tenants and within each', () => {
    expect(namesIn(before)).toEqual(['a/two', 'a/one', 'b/three']);
    const worse = before.map((row) => (row.name === 'three' ? { ...row, health: 'Red' as const } : row));
    const inB = worse.map((row) => (row.name === 'two' ? { ...row, health: 'Yellow' as const } : row));
    expect(namesIn(inB, placesOf(inB))).toEqual(['b/three', 'a/two', 'a/one']);
  });

  test('stays while Releases change, and says how many would be elsewhere', () => {
    const after = before.map((row) => ({ ...row, health: row.health === 'Red' ? ('Green' as const) : row.health }));
    const turned = after.map((row) => (row.name === 'one' ? { ...row, health: 'Red' as const } : row));
    const groups = grouped(turned, 'trouble', heldPlaces(places, turned));
    expect(groups.flatMap(({ rows }) => shown(rows))).toEqual(['a/two', 'a/one', 'b/three']);
    expect(displaced(groups, 'trouble')).toBe(2);
    expect(namesIn(turned, placesOf(turned))).toEqual(['a/one', 'a/two', 'b/three']);
  });

  test('gives new Releases their place, and forgets deleted ones', () => {
    const come = [...before, rowNamed('a', 'zero', { health: 'Red' })];
    expect(namesIn(come, heldPlaces(places, come))).toEqual(['a/two', 'a/zero', 'a/one', 'b/three']);
    expect([...heldPlaces(places, before.slice(1)).keys()]).toEqual(['a/two', 'b/three']);
  });
});

test('the rows follow the updates from the server', () => {
  const rows = rowsOf([rowNamed('a', 'one'), rowNamed('a', 'two')]);
  const changed = withChanged(rows, [rowNamed('a', 'two', { version: 9 }), rowNamed('a', 'three')]);
  expect([...changed.values()].map(({ name, version }) => [name, version])).toEqual([
    ['one', 1],
    ['two', 9],
    ['three', 1],
  ]);
  expect([...withoutGone(changed, [{ namespace: 'a', name: 'one' }]).keys()]).toEqual(['a/two', 'a/three']);
});

describe('the window', () => {
  const groups = grouped(
    Array.from({ length: 2_000 }, (_, index) => rowNamed(`t${index % 10}`, `r${index}`)),
    'name',
    new Map(),
  );
  const lines = linesOf(groups, new Set());
  const offsets = offsetsOf(lines.map(({ kind }) => ({ group: 40, row: 38 })[kind]));

  test('draws only the visible lines, and keeps the space of the others', () => {
    expect(lines).toHaveLength(2_010);
    for (const top of [0, 10_000, 76_400, 1_000_000]) {
      const { first, end, above, below } = windowOf(offsets, top, 800);
      const drawn = (offsets[end] ?? 0) - (offsets[first] ?? 0);
      expect(end - first).toBeLessThan(60);
      expect(above + drawn + below).toBe(offsets.at(-1));
    }
    const { first, end } = windowOf(offsets, 10_000, 800, 0);
    expect(offsets[first]).toBeLessThanOrEqual(10_000);
    expect(offsets[end]).toBeGreaterThanOrEqual(10_800);
  });

  test('leaves out the Releases of tenants that are closed', () => {
    expect(linesOf(groups, new Set(['t0', 't1']))).toHaveLength(1_610);
  });

  test('of nothing is empty', () => {
    expect(windowOf([0], 0, 800)).toEqual({ first: 0, end: 0, above: 0, below: 0 });
  });
});

describe('the heights of lines', () => {
  const lines = ['a', 'b', 'c'].map((key) => ({ key }));
  const told = (heights: LineHeights<{ key: string }>): number[] => lines.map((line) => heights.of(line));

  test('are guessed until they are measured', () => {
    const heights = new LineHeights(() => 30);
    expect(heights.correct(lines, (index) => [30.2, 60][index])).toBe(true);
    expect(told(heights)).toEqual([30.2, 60, 30]);
    expect(heights.correct(lines.slice(2), () => 30)).toBe(false);
  });

  test('are taken once, so that they settle, and again when the lines have changed', () => {
    const heights = new LineHeights(() => 30);
    expect(heights.correct(lines, () => 40)).toBe(true);
    expect(heights.correct(lines, () => 50)).toBe(false);
    expect(told(heights)).toEqual([40, 40, 40]);
    heights.unsettle();
    expect(heights.correct(lines, () => 50)).toBe(true);
    expect(told(heights)).toEqual([50, 50, 50]);
  });
});
