import { describe, expect, test } from '@jest/globals';
import { pairLines } from './line-diff.ts';
import { misfitOf, skeletonOf } from './stable-lines.ts';

const text = (letters: string): string => letters.split('').join('\n');

describe('pairs of matching lines', () => {
  test.each([
    ['abc', 'abc', [0, 1, 2]],
    ['abc', 'axc', [0, -1, 2]],
    ['abc', 'ac', [0, -1, 1]],
    ['ac', 'abc', [0, 2]],
    ['xabcy', 'zabc', [-1, 1, 2, 3, -1]],
    ['abcabba', 'cbabac', [-1, -1, 0, 2, 3, -1, 4]],
    ['', 'a', [-1]],
  ])('of %s and %s', (left, right, pairs) => {
    const found = pairLines(left.split(''), right.split(''));
    expect(found.filter((line) => line >= 0)).toHaveLength(pairs.filter((line) => line >= 0).length);
    for (const [i, line] of found.entries()) if (line >= 0) expect(right[line]).toBe(left[i]);
    expect(found.filter((line) => line >= 0)).toEqual(found.filter((line) => line >= 0).sort((a, b) => a - b));
  });
});

describe('what several renderings have in common', () => {
  test.each([
    ['a line that is random is not compared', ['abc', 'axc'], 'ayc', undefined],
    ['but must be there', ['abc', 'axc'], 'ac', 3],
    ['the others are compared', ['abc', 'axc'], 'aby', 3],
    ['nothing may stand where nothing is random', ['abcd', 'axcd'], 'axczd', 4],
    ['nor behind the end', ['abc', 'axc'], 'axcd', 4],
    ['random parts may be of varying length', ['abbc', 'axc'], 'ayyyc', undefined],
    ['within reason', ['abbc', 'axc'], 'ayyyyyc', 5],
    ['lines in random order', ['abc', 'acb'], 'acb', undefined],
    ['a part that is there or not', ['ac', 'abc'], 'ac', undefined],
  ])('%s', (_title, renderings, ours, line) => {
    const [first = '', ...others] = renderings.map(text);
    expect(misfitOf(text(ours), skeletonOf(first, others))?.line).toBe(line);
  });

  test('counts the random lines', () => {
    expect(skeletonOf(text('abcd'), [text('axyd'), text('azcd')]).randomLines).toBe(2);
  });
});
