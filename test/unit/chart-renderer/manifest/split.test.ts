import { expect, test } from '@jest/globals';
import { HELM_VERSIONS } from '../../../../chart-renderer/index.ts';
import { splitManifests } from '../../../../chart-renderer/manifest/split.ts';
import { cpuMs } from '../../../support/cpu-time.ts';

const FILE = '\n---\na: 1\n\n---\n\n\nb: 2\n--- # c\nc: 3\n';

test('Helm 3 trims documents; they are numbered by their first line', () => {
  expect(splitManifests(FILE, 'v3')).toEqual([
    { text: 'a: 1', line: 3 },
    { text: 'b: 2', line: 8 },
    { text: '# c\nc: 3', line: 9 },
  ]);
});

test('Helm 4 leaves the ends of documents as they are, which shows in a block scalar that keeps its newlines', () => {
  expect(splitManifests(FILE, 'v4')).toEqual([
    { text: 'a: 1\n\n', line: 3 },
    { text: 'b: 2\n', line: 8 },
    { text: '# c\nc: 3\n', line: 9 },
  ]);
});

test.each(HELM_VERSIONS)('as by Helm %s: dashes inside a line do not split', (helmVersion) => {
  expect(splitManifests('a: ---\nb: 1', helmVersion)).toHaveLength(1);
});

test.each(HELM_VERSIONS)(
  'as by Helm %s: a block scalar that contains a separator is split like anything else',
  (helmVersion) => {
    expect(splitManifests('a: |\n---\n  x', helmVersion)).toHaveLength(2);
  },
);

test.each(HELM_VERSIONS)('as by Helm %s: a file of white space contains nothing', (helmVersion) => {
  expect(splitManifests(' \n\n', helmVersion)).toEqual([]);
});

test.each(HELM_VERSIONS)('as by Helm %s: a million newlines take linear time', (helmVersion) => {
  const start = cpuMs();
  splitManifests(`a: 1${'\n '.repeat(1_000_000)}b: 2`, helmVersion);
  expect(cpuMs() - start).toBeLessThan(2000);
});
