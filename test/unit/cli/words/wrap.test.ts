import { expect, test } from '@jest/globals';
import { VERBS } from '../../../../cli/verbs.ts';
import { fittedUsage, wrapped } from '../../../../cli/words/wrap.ts';

test.each([
  ['one two three', 7, ['one two', 'three']],
  ['abcdefghij', 4, ['abcd', 'efgh', 'ij']],
  ['one twothree', 6, ['one', 'twothr', 'ee']],
  ['', 5, ['']],
])('%j in %i columns', (text, width, lines) => {
  expect(wrapped(text, width)).toEqual(lines);
});

test('what explains an option stays beside it, or goes below it', () => {
  const usage = 'Usage: x NAME [options]\n\n  --flag VALUE   what it does, in a few more words';
  expect(fittedUsage(usage, 44).split('\n').slice(2)).toEqual([
    '  --flag VALUE   what it does, in a few more',
    '                 words',
  ]);
  expect(fittedUsage(usage, 36).split('\n').slice(2)).toEqual([
    '  --flag VALUE',
    '      what it does, in a few more',
    '      words',
  ]);
  expect(fittedUsage(usage, 200)).toBe(usage);
});

test.each([...VERBS])('the usage of %s fits 60 columns', async (_name, { load }) => {
  const { usage } = await load();
  const long = fittedUsage(usage, 60)
    .split('\n')
    .filter((line) => line.length > 60);
  expect(long).toEqual([]);
  expect(fittedUsage(usage, 60).replaceAll(/\s+/g, '')).toBe(usage.replaceAll(/\s+/g, ''));
});
