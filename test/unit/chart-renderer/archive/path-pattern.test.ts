import { expect, test } from '@jest/globals';
import { compilePathPattern } from '../../../../chart-renderer/archive/path-pattern.ts';
import { cpuMs } from '../../../support/cpu-time.ts';

test.each([
  ['*.md', 'a.md', true],
  ['*.md', 'a/b.md', false],
  ['a/*/c', 'a/b/c', true],
  ['a?c', 'abc', true],
  ['a?c', 'a/c', false],
  ['[a-c]x', 'bx', true],
  ['[^a-c]x', 'bx', false],
  ['\\*', '*', true],
  ['\\*', 'a', false],
  ['a.b', 'axb', false],
  ['a***', 'abc', true],
  ['[[]', '[', true],
])('%s on %s: %s', (pattern, path, expected) => {
  expect(compilePathPattern(pattern)(path)).toBe(expected);
});

test.each(['[a', '[]', 'a\\', '[]a]'])('%s is malformed', (pattern) => {
  expect(() => compilePathPattern(pattern)).toThrow('syntax error in pattern');
});

test('a pattern of many stars takes linear time', () => {
  const matches = compilePathPattern(`${'*a'.repeat(50)}b`);
  const start = cpuMs();
  expect(matches('a'.repeat(5000))).toBe(false);
  expect(cpuMs() - start).toBeLessThan(1000);
});
