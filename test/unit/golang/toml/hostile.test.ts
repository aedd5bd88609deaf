import { expect, test } from '@jest/globals';
import { readToml } from '../../../../golang/toml/index.ts';
import { cpuMs } from '../../../support/cpu-time.ts';

const MAX_MS = 4000;

function lines(count: number, line: (i: number) => string): string {
  return Array.from({ length: count }, (_unused, i) => line(i)).join('');
}

const LONG = 'x'.repeat(200_000);

test.each<[what: string, text: string]>([
  ['many keys below a deep header', `[${'a.'.repeat(998)}a]\n${lines(20_000, (i) => `k${i} = 1\n`)}`],
  ['many dotted keys in a table with a long name', `["${LONG}"]\n${lines(2000, (i) => `k${i}.b = 1\n`)}`],
  ['many dotted keys in braces of a long name', `"${LONG}" = {${lines(2000, (i) => `k${i}.b = 1,`)}}`],
  ['many headers with many parts', lines(1000, (i) => `[${'a.'.repeat(500)}b${i}]\n`)],
  ['many tables of a list', '[[a]]\n'.repeat(100_000)],
])('%s are read in time', (_what, text) => {
  const start = cpuMs();
  expect(readToml(text).size).toBe(1);
  expect(cpuMs() - start).toBeLessThan(MAX_MS);
});

test.each<[what: string, text: string]>([
  ['a key', `${'a.'.repeat(100_000)}a = 1`],
  ['a header', `[${'a.'.repeat(100_000)}a]`],
  ['lists', `a = ${'['.repeat(100_000)}`],
  ['braces', `a = ${'{a='.repeat(100_000)}`],
])('%s nested too deeply is refused', (_what, text) => {
  expect(() => readToml(text)).toThrow('toml: nested more than 1000 deep');
});

test('integers of many digits are refused unless they are all zeros', () => {
  expect(() => readToml(`a = ${'1'.repeat(100_000)}`)).toThrow('out of range for int64');
  expect(() => readToml(`a = 0x${'1'.repeat(100_000)}`)).toThrow('out of range for int64');
  expect(readToml(`a = 0x${'0'.repeat(100)}1`).get('a')).toMatchObject({ value: 1n });
});

test('names of prototypes are ordinary keys', () => {
  expect([...readToml('__proto__.x = 1\n[constructor.y]').keys()]).toEqual(['__proto__', 'constructor']);
  expect(({} as { x?: unknown }).x).toBeUndefined();
});
