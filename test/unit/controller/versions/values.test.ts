import { describe, expect, test } from '@jest/globals';
import { inputsDigest, mergedValues, NO_INPUTS, textsOf } from '../../../../controller/versions/inputs/values.ts';
import type { Values, ValuesReference } from '../../../../crds/index.ts';
import { digestOfJson, type KubeObject } from '../../../../resources/index.ts';
import type { SourceText } from '../../../../controller/pass/failures/source-text.ts';
import { release } from '../releases.ts';
import { runThrough } from '../../../support/run-through.ts';

function reference(more: Partial<ValuesReference> = {}): ValuesReference {
  return { kind: 'ConfigMap', name: 'defaults', key: 'values.yaml', ...more };
}

function configMap(data: Record<string, string>, binaryData: Record<string, string> = {}): KubeObject {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'defaults' }, data, binaryData };
}

function secret(data: Record<string, string>): KubeObject {
  return { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'defaults' }, data };
}

const base64 = (text: string): string => Buffer.from(text).toString('base64');

/** The text of one reference where `objects` are what there is, by kind. */
function read(one: ValuesReference, objects: KubeObject[]): string | undefined {
  const isNamed = ({ kind, metadata }: KubeObject): boolean => kind === one.kind && metadata.name === one.name;
  const texts = textsOf({ valuesFrom: [one] }, [objects.find(isNamed)]);
  runThrough(inputsDigest(texts));
  return texts[0]?.text;
}

describe('a text', () => {
  test.each<[string, Partial<ValuesReference>, KubeObject, string]>([
    ['a ConfigMap', {}, configMap({ 'values.yaml': 'a: 1' }), 'a: 1'],
    ['a ConfigMap, empty text', {}, configMap({ 'values.yaml': '' }), ''],
    ['binary data of a ConfigMap', {}, configMap({}, { 'values.yaml': base64('a: ☃') }), 'a: ☃'],
    ['a Secret', { kind: 'Secret', key: 'k' }, secret({ k: base64('a: 1') }), 'a: 1'],
    ['a Secret, empty text', { kind: 'Secret', key: 'k' }, secret({ k: '' }), ''],
  ])('reads %s', (_title, more, object, expected) => {
    expect(read(reference(more), [object])).toBe(expected);
  });

  test.each<[string, Partial<ValuesReference>, KubeObject[]]>([
    ['there is no such object', {}, []],
    ['only one of the other kind has the name', { kind: 'Secret' }, [configMap({ 'values.yaml': '' })]],
    ['it has no such key', { key: 'other' }, [configMap({ 'values.yaml': '' })]],
    ['it has no data at all', {}, [{ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'defaults' } }]],
    [
      'a Secret has the key in binaryData only',
      { kind: 'Secret' },
      [{ ...secret({}), binaryData: { 'values.yaml': '' } }],
    ],
    ['the key is one that every object inherits', { key: 'constructor' }, [configMap({})]],
    ['the key is the prototype', { kind: 'Secret', key: '__proto__' }, [secret({})]],
  ])('where %s, stalls unless it is optional', (_title, more, objects) => {
    const wanted = { code: 'ValuesNotFound', retry: 'later' };
    expect(() => read(reference(more), objects)).toThrow(expect.objectContaining(wanted));
    expect(read(reference({ ...more, optional: true }), objects)).toBeUndefined();
  });

  test('names what is missing', () => {
    expect(() => read(reference({ kind: 'Secret', key: 'k' }), [])).toThrow(/key "k" of Secret defaults/);
  });

  test('is parsed on demand, once', () => {
    let reads = 0;
    const object = configMap({ 'values.yaml': 'a: 1' });
    const counted = new Proxy(object, {
      get: (target, field) => {
        if (field === 'data') reads += 1;
        return Reflect.get(target, field) as unknown;
      },
    });
    const [one] = textsOf({ valuesFrom: [reference()] }, [counted]);
    expect(reads).toBe(0);
    expect([one?.text, one?.text, reads]).toEqual(['a: 1', 'a: 1', 1]);
  });

  test('is refused if all together have more than 4 Mi characters, before the rest is read', () => {
    const rest: SourceText = {
      reference: reference(),
      get text(): string {
        throw new Error('was read');
      },
    };
    const long = { reference: reference({ key: 'long' }), text: 'x'.repeat(1024 * 1024) };
    expect(runThrough(inputsDigest([long, long, long, long]))).toMatch(/^sha256:/);
    expect(() => runThrough(inputsDigest([long, long, long, long, long, rest]))).toThrow(
      expect.objectContaining({
        code: 'LimitExceeded',
        message:
          'the texts of spec.valuesFrom may have 4 Mi characters together, and exceed that with valuesFrom: key "long" of ConfigMap defaults',
      }),
    );
  });
});

describe('inputsDigest', () => {
  const digest = (...texts: (string | undefined)[]) =>
    runThrough(inputsDigest(texts.map((text) => ({ reference: reference({ optional: true }), text }))));

  test('depends on each text and on their order', () => {
    const all = [digest('a', 'b'), digest('b', 'a'), digest('ab'), digest('a', 'c'), digest('a'), digest()];
    expect(new Set(all).size).toBe(all.length);
    expect(digest('a', 'b')).toBe(digest('a', 'b'));
  });

  test('is the digest of a list', () => {
    expect(digest('a', undefined, 'ü☃')).toBe(digestOfJson(['a', null, 'ü☃']));
    expect(digest()).toBe(NO_INPUTS);
  });

  test('distinguishes absent from empty', () => {
    expect(digest(undefined)).not.toBe(digest(''));
  });
});

describe('mergedValues', () => {
  const merged = (values: Values, ...texts: SourceText[]) => runThrough(mergedValues(release({ values }).spec, texts));
  const table = (text: string | undefined): SourceText => ({ reference: reference(), text });
  test('lets others run after each text, and while it parses one', () => {
    const turns = mergedValues(release({ values: {} }).spec, [table('a: 1'), table('b: 2'), table(undefined)]);
    expect([...turns].length).toBeGreaterThanOrEqual(2);
    const long = mergedValues(release({ values: {} }).spec, [table(`a: [${'b: ,'.repeat(10_000)}]`)]);
    expect([...long].length).toBeGreaterThanOrEqual(8);
  });

  test.each([
    ['v3', { a: 1 }],
    ['v4', { a: 2, b: 3 }],
    [undefined, { a: 2, b: 3 }],
  ] as const)('reads a text of several documents as Helm %s does', (helmVersion, expected) => {
    const object = configMap({ 'values.yaml': 'a: 1\n---\na: 2\nb: 3\n' });
    const texts = textsOf({ valuesFrom: [reference()], ...(helmVersion && { helmVersion }) }, [object]);
    expect(merged({}, ...texts)).toEqual(expected);
  });

  const at = (targetPath: string, text: string): SourceText => ({
    reference: reference({ kind: 'Secret', targetPath }),
    text,
  });

  test.each<[string, Values, SourceText[], Values]>([
    ['spec.values alone', { a: 1 }, [], { a: 1 }],
    ['a source alone', {}, [table('a: {b: 1}')], { a: { b: 1 } }],
    ['later sources over earlier ones', {}, [table('a: 1\nb: 1'), table('b: 2\nc: 2')], { a: 1, b: 2, c: 2 }],
    ['spec.values over all', { b: 3 }, [table('a: 1\nb: 1'), table('b: 2')], { a: 1, b: 3 }],
    ['maps are merged', { a: { c: 3 } }, [table('a: {b: 1, c: 1}')], { a: { b: 1, c: 3 } }],
    ['lists are replaced', { a: [3] }, [table('a: [1, 2]')], { a: [3] }],
    ['an empty text has no values', { a: 1 }, [table(''), table('# nothing')], { a: 1 }],
    ['an absent optional source', { a: 1 }, [table(undefined)], { a: 1 }],
    ['a path takes the text as it is', {}, [at('db.password', '007')], { db: { password: '007' } }],
    ['a path takes YAML as text', {}, [at('config', 'a: 1\n')], { config: 'a: 1\n' }],
    [
      'a path beside a table',
      {},
      [table('db: {user: u}'), at('db.password', 'p')],
      { db: { user: 'u', password: 'p' } },
    ],
    ['a table over a path', {}, [at('a', 'text'), table('a: 2')], { a: 2 }],
    ['a place in a list', {}, [table('l: [{a: 1}]'), at('l[0].b', 'x')], { l: [{ a: 1, b: 'x' }] }],
  ])('%s', (_title, values, texts, expected) => {
    expect(merged(values, ...texts)).toEqual(expected);
  });

  test('does not change its input', () => {
    const values = { a: { b: 1 } };
    merged(values, table('a: {c: 2}'), at('a.d', 'x'));
    expect(values).toEqual({ a: { b: 1 } });
  });

  const many = (count: number, prefix = 'k'): Values =>
    Object.fromEntries(Array.from({ length: count }, (_, index) => [`${prefix}${index}`, '']));

  test.each<[string, Values, SourceText[], RegExp]>([
    [
      'a source',
      {},
      [table(`a: [${'{}, '.repeat(50_000)}]`)],
      /key "values.yaml" of ConfigMap defaults: YAML of more than/,
    ],
    ['spec.values', many(25_000), [], /^spec.values holds more than 50000 keys and values$/],
    [
      'all sources',
      {},
      ['a', 'b'].map((prefix) => table(JSON.stringify(many(15_000, prefix)))),
      /^the values of spec.valuesFrom hold more than 50000/,
    ],
    [
      'sources that give the same ones',
      {},
      Array.from({ length: 3 }, () => table(JSON.stringify(many(10_000)))),
      /^the values of spec.valuesFrom hold more than 50000/,
    ],
    [
      'all together',
      many(15_000),
      [table(JSON.stringify(many(15_000, 'a')))],
      /^spec.values and .* hold more than 50000/,
    ],
  ])('refuses more than 50,000 keys and values: %s', (_title, values, texts, message) => {
    const wanted = { code: 'LimitExceeded', message: expect.stringMatching(message) };
    expect(() => merged(values, ...texts)).toThrow(expect.objectContaining(wanted));
  });

  test('accepts anything up to that', () => {
    expect(Object.keys(merged(many(12_000), table(JSON.stringify(many(12_000, 'a')))))).toHaveLength(24_000);
  });

  test.each([
    ['a list', '[1, 2]'],
    ['a text', 'just words'],
    ['a number', '7'],
    ['no YAML', 'a: [1'],
  ])('refuses a source that is %s', (_title, text) => {
    const wanted = { code: 'ValuesInvalid', retry: 'later' };
    expect(() => merged({}, table(text))).toThrow(expect.objectContaining(wanted));
    expect(() => merged({}, table(text))).toThrow(/key "values.yaml" of ConfigMap defaults/);
  });

  test.each([
    'password: hunter2\n bad: [',
    'hunter2',
    '- hunter2',
    'a: &x hunter2\nb: *y',
    '"hunter2',
    'a: !!int hunter2',
    'a: *hunter2',
    '? {hunter2: [}',
  ])('never quotes a Secret that it refuses: %j', (text) => {
    const source = { reference: reference({ kind: 'Secret', key: 'k' }), text };
    let message = '';
    try {
      merged({}, source);
    } catch (error) {
      message = (error as Error).message;
    }
    expect(message).toMatch(/key "k" of Secret defaults/);
    expect(message).not.toContain('hunter2');
  });

  test('treats a path that names the prototype as an ordinary key, and touches no other object', () => {
    try {
      merged({}, at('__proto__.polluted', 'yes'), table('__proto__: {polluted: yes}'));
    } catch (error) {
      expect(error).toMatchObject({ code: 'ValuesInvalid' });
    }
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });
});
