import { randomBytes } from 'node:crypto';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { jsonOf, pack, packedJson, parseJson } from '../../../../resources/index.ts';

const small = { name: 'web', labels: { a: 'b' }, replicas: 2, paused: false, nothing: null };
const large = {
  text: 'x'.repeat(100_000),
  list: Array.from({ length: 5_000 }, (_, index) => ({ name: `a${index}`, value: 1234567890123456789n })),
  map: Object.fromEntries(Array.from({ length: 5_000 }, (_, index) => [`k${index}`, 'v'])),
};

test('any JSON reads the same once packed, in the same order of keys', () => {
  fc.assert(
    fc.property(
      fc.dictionary(
        fc.string(),
        fc.jsonValue({ maxDepth: 4 }).map((value) => parseJson(jsonOf(value))),
      ),
      (map) => {
        expect(pack(map).value).toEqual(map);
        expect(jsonOf(pack(map).value)).toBe(jsonOf(map));
        expect(packedJson(pack(map).value)).toBe(jsonOf(map));
        expect(packedJson(map)).toBe(jsonOf(map));
      },
    ),
  );
});

test('large parts read the same, at any depth, however often they are read, and when they are packed again', () => {
  const object = { small, spec: { ...small, large, deep: { deeper: { deepest: large } } } };
  const { value } = pack(pack(object).value);
  for (let time = 0; time < 2; time += 1) {
    expect(value).toEqual(object);
    expect(value.spec.deep.deeper.deepest.list[7]).toEqual({ name: 'a7', value: 1234567890123456789n });
  }
  expect(jsonOf({ ...value })).toBe(jsonOf(object));
});

test('its JSON is that of the original, also within another item', () => {
  const object = { small, nothing: undefined, spec: { ...small, large, deep: { deeper: { deepest: large } } } };
  const { value } = pack(object);
  expect(packedJson({ source: 'a.yaml', object: value })).toBe(jsonOf({ source: 'a.yaml', object }));
  expect(packedJson([value])).toBe(jsonOf([object]));
});

test('packed values are not packed again', () => {
  const { value } = pack({ large });
  expect(pack(value).value).toBe(value);
});

test('a small value stays the very same value', () => {
  expect(pack({ small }).value.small).toBe(small);
});

test('keys with a meaning in JavaScript are ordinary keys', () => {
  const odd = JSON.parse(`{"__proto__": ${jsonOf(large)}, "constructor": "x"}`) as object;
  expect(jsonOf(pack(odd).value)).toBe(jsonOf(odd));
});

test.each([
  ['a long text', { text: large.text }],
  ['a long list', { list: large.list }],
  ['a map of many keys', { map: large.map }],
])('%s takes a fraction of its size', (_what, object) => {
  expect(pack(object).bytes).toBeLessThan(jsonOf(object).length / 2);
});

test('packed values take the memory that they claim to take', () => {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  // What one collection finds unused is given back by the next one at the latest.
  const taken = (): number => (collect(), collect(), collect(), process.memoryUsage().arrayBuffers);
  const before = taken();
  const packs = Array.from({ length: 200 }, () => pack({ data: { text: randomBytes(24_750).toString('base64') } }));
  const said = packs.reduce((sum, { bytes }) => sum + bytes, 0);
  expect(taken() - before).toBeLessThan(said * 1.2);
});
