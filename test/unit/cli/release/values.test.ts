import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { givenValues } from '../../../../cli/release/values.ts';

let directory: string;
const none = { values: [], set: [], 'set-string': [], 'set-json': [], 'set-file': [], 'set-literal': [] };

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'coxswain-values-'));
});
afterAll(async () => rm(directory, { recursive: true }));

const file = async (name: string, text: string): Promise<string> => {
  const path = join(directory, name);
  await writeFile(path, text);
  return path;
};

describe('givenValues', () => {
  test('without flags there are no values', async () => {
    expect(await givenValues(none)).toEqual({});
  });

  test('later files win, tables are merged, lists are not', async () => {
    const values = [
      await file('1.yaml', 'a: {b: 1, c: [1, 2]}\nkeep: yes\n'),
      await file('2.yaml', 'a: {c: [3]}\nnothing: null\n'),
      await file('empty.yaml', '# nothing\n'),
    ];
    expect(await givenValues({ ...none, values })).toEqual({ a: { b: 1, c: [3] }, keep: true, nothing: null });
  });

  test('--set wins over files, --set-string over --set, which guesses types as Helm does', async () => {
    const values = [await file('3.yaml', 'a: file\nb: file\nc: file\n')];
    const set = ['b=1,c=1', 'd={x,2}', 'e.f[1]=true'];
    const given = await givenValues({ ...none, values, set, 'set-string': ['c=1'] });
    expect(given).toEqual({ a: 'file', b: 1, c: '1', d: ['x', 2], e: { f: [null, true] } });
  });

  test('JSON, files and literals are set as Helm sets them, one over the other', async () => {
    const given = await givenValues({
      ...none,
      'set-json': ['a={"b":[1,{"c":null}]}', 'x=1'],
      set: ['a.d=2'],
      'set-file': [`file=${await file('text.txt', 'a,b={c}\n')}`],
      'set-literal': ['x=a,b=[c]\\d', 'a.e=$1'],
    });
    expect(given).toEqual({
      a: { b: [1, { c: null }], d: 2, e: '$1' },
      file: 'a,b={c}\n',
      x: 'a,b=[c]\\d',
    });
    await expect(givenValues({ ...none, 'set-file': ['a=/gone'] })).rejects.toThrow('/gone cannot be read');
    await expect(givenValues({ ...none, 'set-literal': ['a'] })).rejects.toThrow('it takes PATH=VALUE');
  });

  test('a key named __proto__ is a key', async () => {
    const given = await givenValues({ ...none, set: ['__proto__.polluted=1'] });
    expect(Object.hasOwn(given, '__proto__')).toBe(true);
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
  });

  test.each([
    ['broken.yaml', 'a: [1', /broken\.yaml cannot be read/],
    ['list.yaml', '- a\n', /list\.yaml cannot be read: the text is YAML, but not a map/],
  ])('%s is refused by its name', async (name, text, message) => {
    const values = [await file(name, text)];
    await expect(givenValues({ ...none, values })).rejects.toThrow(message);
  });
});
