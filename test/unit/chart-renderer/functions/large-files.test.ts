import { expect, test } from '@jest/globals';
import { LargeFiles } from '../../../../chart-renderer/functions/index.ts';
import type { GoMap } from '../../../../golang/reflect/index.ts';
import { readYamlMaps } from '../../../../golang/yaml/index.ts';

const LARGE = `a:\n  b: 1\nlist:\n- c: 2\n${'# filler\n'.repeat(2_000)}`;
const files = (...texts: string[]): LargeFiles => new LargeFiles(() => texts);

/** Reads the text so many times; returns the values and how often it was read in fact. */
function readings(kept: LargeFiles, text: string, times: number): { values: GoMap[]; reads: number } {
  let reads = 0;
  const read = (yaml: string): GoMap => {
    reads++;
    return readYamlMaps(yaml) as GoMap;
  };
  return { values: Array.from({ length: times }, () => kept.valueOf(text, read) as GoMap), reads };
}

test('a large file is read once, and what is done to its value is done to no other', () => {
  const kept = files(LARGE);
  const { values, reads } = readings(kept, LARGE, 3);
  expect(reads).toBe(1);
  for (const value of values) {
    expect(value).toEqual(readYamlMaps(LARGE));
    (value.get('a') as GoMap).set('b', 'changed');
    (value.get('list') as GoMap[])[0]?.clear();
    value.delete('list');
  }
  expect(readings(kept, LARGE, 1)).toEqual({ values: [readYamlMaps(LARGE)], reads: 0 });
});

test('small files, and texts that are no file of the chart, are read each time', () => {
  expect(readings(files('a: 1'), 'a: 1', 2).reads).toBe(2);
  expect(readings(files(), LARGE, 2).reads).toBe(2);
  expect(readings(files(`${LARGE}#`), LARGE, 2).reads).toBe(2);
});

test('a file that cannot be read says so each time', () => {
  const broken = `${LARGE}\n]`;
  const kept = files(broken);
  for (let time = 0; time < 2; time++) expect(() => readings(kept, broken, 1)).toThrow('yaml');
});

test('no more than so many characters of files are kept', () => {
  const all = Array.from({ length: 3 }, (_none, at) => `a: ${at}\n${'# filler\n'.repeat(400_000)}`);
  const kept = files(...all);
  expect(all.map((text) => readings(kept, text, 2).reads)).toEqual([1, 1, 2]);
});
