import { expect, test } from '@jest/globals';
import { splitManifests } from '../../../../chart-renderer/manifest/split.ts';
import { cpuMs } from '../../../support/cpu-time.ts';

test('documents are split, trimmed and numbered by their first line', () => {
  expect(splitManifests('\n---\na: 1\n\n---\n\n\nb: 2\n--- # c\nc: 3\n')).toEqual([
    { text: 'a: 1', line: 3 },
    { text: 'b: 2', line: 8 },
    { text: '# c\nc: 3', line: 9 },
  ]);
});

test('dashes inside a line do not split', () => {
  expect(splitManifests('a: ---\nb: 1')).toHaveLength(1);
});

test('a block scalar that holds a separator is split like everything else, as by Helm', () => {
  expect(splitManifests('a: |\n---\n  x')).toHaveLength(2);
});

test('a file of white space holds nothing', () => {
  expect(splitManifests(' \n\n')).toEqual([]);
});

test('a million line ends take no longer than they are many', () => {
  const start = cpuMs();
  splitManifests(`a: 1${'\n '.repeat(1_000_000)}b: 2`);
  expect(cpuMs() - start).toBeLessThan(2000);
});
