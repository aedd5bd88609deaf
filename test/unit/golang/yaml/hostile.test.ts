import { describe, expect, test } from '@jest/globals';
import { readJson, writeJson } from '../../../../golang/json/index.ts';
import { readYaml, writeYaml, YamlError } from '../../../../golang/yaml/index.ts';
import { cpuMs } from '../../../support/cpu-time.ts';

const MAX_MS = 4000;

/** The code of the error that reading throws, or undefined where it throws none. */
function codeOf(text: string): string | undefined {
  try {
    readYaml(text);
    return undefined;
  } catch (error) {
    return error instanceof YamlError ? error.code : String(error);
  }
}

function laughs(levels: number, width: number): string {
  const line = (level: number): string =>
    `a${level}: &a${level} [${Array(width)
      .fill(`*a${level - 1}`)
      .join(',')}]`;
  return ['a0: &a0 [lol]', ...Array.from({ length: levels }, (_unused, i) => line(i + 1))].join('\n');
}

function merges(count: number): string {
  const keys = Array.from({ length: count }, (_unused, i) => `  k${i}: ${i}`);
  const uses = Array.from({ length: count }, (_unused, i) => `m${i}:\n  <<: *b`);
  return ['base: &b', ...keys, ...uses].join('\n');
}

describe('hostile YAML', () => {
  test.each<[name: string, text: string, code: string]>([
    ['billion laughs', laughs(9, 10), 'Limit'],
    ['many merges of many keys', merges(4000), 'Limit'],
    ['deep flow lists', '['.repeat(100_000), 'Limit'],
    ['deep flow maps', '{'.repeat(50_000), 'Limit'],
    ['flow maps in flow maps', `${'{"a": '.repeat(9_000)}1${'}'.repeat(9_000)}`, 'Limit'],
    ['flow maps and lists in each other', `${'{"a": ['.repeat(5_000)}1${']}'.repeat(5_000)}`, 'Limit'],
    ['deep explicit keys', '? '.repeat(20_000), 'Limit'],
    ['deep block lists', '- '.repeat(20_000), 'Limit'],
    ['a text of 9 MB', 'a: 1\n'.repeat(1_800_000), 'Limit'],
    ['a value within itself', 'a: &a {b: *a}', 'Syntax'],
    ['a NUL', 'a: \0', 'Syntax'],
    ['infinity', 'a: .inf', 'Unsupported'],
    ['a null key', '~: 1', 'Unsupported'],
  ])('%s is refused in time', (_name, text, code) => {
    const start = cpuMs();
    expect(codeOf(text)).toBe(code);
    expect(cpuMs() - start).toBeLessThan(MAX_MS);
  });

  test.each<[name: string, text: string]>([
    ['200,000 aliases', `a: &a x\nl:\n${'- *a\n'.repeat(200_000)}`],
    ['a scalar of 5 MB', `a: ${'x'.repeat(5_000_000)}`],
    ['50,000 documents', '---\na: 1\n'.repeat(50_000)],
    [
      'a flow map of 5,000 lines that are not indented',
      `a: {\n${Array.from({ length: 5000 }, (_unused, i) => `"k${i}": 1,\n`).join('')}}`,
    ],
  ])('%s is read in time', (_name, text) => {
    const start = cpuMs();
    expect(codeOf(text)).toBeUndefined();
    expect(cpuMs() - start).toBeLessThan(MAX_MS);
  });

  test('keys named like parts of a prototype are plain keys', () => {
    const value = readYaml('__proto__: {x: 1}\nconstructor: 2\n<<: {__proto__: {y: 2}}') as object;
    expect(Object.keys(value)).toEqual(['__proto__', 'constructor']);
    expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
    expect(({} as Record<string, unknown>)['x']).toBeUndefined();
  });

  test('aliases give copies of their values', () => {
    const value = readYaml('a: &a {x: 1}\nb: *a') as Record<string, object>;
    expect(value['b']).toEqual(value['a']);
    expect(value['b']).not.toBe(value['a']);
  });

  test('errors name the line', () => {
    expect(() => readYaml('a: 1\nb: "x\n')).toThrow(expect.objectContaining({ line: 3, code: 'Syntax' }));
  });

  test('values nested too deeply are not written', () => {
    let deep: unknown = 1;
    for (let i = 0; i < 5000; i++) deep = [deep];
    expect(() => writeYaml(deep)).toThrow(RangeError);
    expect(() => writeJson(deep)).toThrow(RangeError);
    expect(() => readJson('['.repeat(5000) + ']'.repeat(5000))).toThrow('exceeded max depth');
  });
});

test.each<[string, (count: number) => string]>([
  ['a block list', (count) => `a:\n${'- x\n'.repeat(count)}`],
  ['a block mapping', (count) => Array.from({ length: count / 2 }, (_, index) => `k${index}: x\n`).join('')],
  ['a list of words', (count) => `a: [${'x, '.repeat(count)}x]\n`],
  ['a flow list', (count) => `a: [${'[], '.repeat(count)}x]\n`],
  ['lists in lists', (count) => `a:\n${'- - x\n'.repeat(count / 2)}`],
])('%s is read up to a limit, and no further', (_title, text) => {
  expect(() => readYaml(text(900), 1_000)).not.toThrow();
  const limited = { code: 'Limit', message: 'YAML of more than 1000 keys and values is refused' };
  expect(() => readYaml(text(1_100), 1_000)).toThrow(expect.objectContaining(limited));
  // What is wrong behind is not seen any more.
  expect(() => readYaml(`${text(4_000)}\n]`, 1_000)).toThrow(expect.objectContaining(limited));
  expect(() => readYaml(text(4_000))).not.toThrow();
});

test('the values that an alias stands for count each time', () => {
  const text = (count: number): string => `a: &a [${'x, '.repeat(89)}x]\nb:\n${'- *a\n'.repeat(count)}`;
  expect(() => readYaml(text(9), 1_000)).not.toThrow();
  expect(() => readYaml(text(11), 1_000)).toThrow('YAML of more than 1000 keys and values is refused');
});
