import { expect, test } from '@jest/globals';
import { customHealth } from '../../../resources/health/custom/custom.ts';
import { cut, yellow } from '../../../resources/index.ts';
import { cpuMs } from '../../support/cpu-time.ts';
import { object } from './objects.ts';

test.each([
  ['abcd', 4, 'abcd'],
  ['abcde', 4, 'abc…'],
  ['ab🚀', 4, 'ab🚀'],
  ['ab🚀d', 4, 'ab…'],
  ['a🚀de', 4, 'a🚀…'],
  ['a\ud83dbcd', 4, 'a\ud83db…'],
])('%j, cut to %d, is %j', (text, max, expected) => {
  expect(cut(text, max)).toBe(expected);
});

test('a health message is cut, and text far beyond the cut is not processed', () => {
  expect(yellow('a \n b').message).toBe('a b');
  expect(yellow(`${'a'.repeat(398)}🚀b`).message).toBe(`${'a'.repeat(398)}…`);
  expect(yellow(`a${' '.repeat(1_000_000)}b`).message).toBe('a…');
  const long = 'aA '.repeat(5_000_000);
  const before = cpuMs();
  expect(yellow(long).message).toHaveLength(400);
  for (const field of ['phase', 'state']) customHealth(object('Gadget/g', { status: { [field]: long } }), { pods: [] });
  expect(cpuMs() - before).toBeLessThan(500);
});
