import fc from 'fast-check';
import { describe, expect, test } from '@jest/globals';
import { diffLines, partsOf } from '../../../../dashboard/page/versions/line-diff.ts';

const written = (before: string, after: string): string[] =>
  diffLines(before, after).map(({ kind, text }) => `${{ same: ' ', removed: '-', added: '+' }[kind]}${text}`);

describe('the line diff', () => {
  test.each([
    ['', '', []],
    ['a\n', 'a\n', [' a']],
    ['', 'a\nb\n', ['+a', '+b']],
    ['a\nb\nc\n', 'a\nx\nc\n', [' a', '-b', '+x', ' c']],
    ['a\nb\n', 'b\na\n', ['-a', ' b', '+a']],
    ['a', 'a\n', [' a']],
  ])('of %j and %j is right', (before, after, lines) => {
    expect(written(before, after)).toEqual(lines);
  });

  test('gives both texts back, whatever is in them', () => {
    const text = fc.array(fc.constantFrom('a', 'b', 'c', '')).map((lines) => lines.join('\n'));
    fc.assert(
      fc.property(text, text, (before, after) => {
        const lines = diffLines(before, after);
        const side = (other: 'added' | 'removed'): string =>
          lines.flatMap(({ kind, text: line }) => (kind === other ? [] : [line])).join('\n');
        expect(side('added')).toBe(before.replace(/\n$/, ''));
        expect(side('removed')).toBe(after.replace(/\n$/, ''));
      }),
    );
  });

  test('does not compare long texts with nothing in common line by line', () => {
    const many = (name: string): string => Array.from({ length: 3_000 }, (_, index) => `${name}${index}`).join('\n');
    const lines = diffLines(many('a'), many('b'));
    expect(lines.slice(0, 3_000).every(({ kind }) => kind === 'removed')).toBe(true);
    expect(lines.slice(3_000).every(({ kind }) => kind === 'added')).toBe(true);
  });
});

test('lines far from any change are counted, not shown', () => {
  const before = Array.from({ length: 20 }, (_, index) => `line ${index}`);
  const after = before.with(10, 'other');
  const parts = partsOf(diffLines(before.join('\n'), after.join('\n')));
  expect(parts.map((part) => ('skipped' in part ? part.skipped : part.lines.length))).toEqual([7, 8, 6]);
  expect(partsOf([])).toEqual([]);
  expect(partsOf(diffLines('a\nb', 'a\nb'))).toEqual([{ skipped: 2 }]);
});
