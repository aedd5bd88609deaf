import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { readExactYaml, readYaml, writeReadableYaml, writeYaml } from '../../../../golang/yaml/index.ts';

const text = fc.string({ unit: 'binary' });

test('what is shown reads back as the value that it was, whatever characters are in it', () => {
  const values = fc.dictionary(text, fc.oneof(text, fc.array(text), fc.dictionary(text, text), fc.maxSafeInteger()));
  fc.assert(
    fc.property(values, (value) => {
      expect(readExactYaml(writeReadableYaml(value), Number)).toEqual(value);
    }),
    { numRuns: 1_000 },
  );
});

test.each([
  [{ a: '\u0080' }, '{\n  "a": "\\u0080"\n}\n'],
  [{ a: 'x\u0085y' }, '{\n  "a": "x\\u0085y"\n}\n'],
  [{ a: { '<<': 'x' } }, '{\n  "a": {\n    "<<": "x"\n  }\n}\n'],
])('%j, which Go’s YAML refuses or reads as another value, is shown as JSON', (value, shown) => {
  expect(writeReadableYaml(value)).toBe(shown);
  expect(readYaml(shown)).toEqual(value);
});

test('a key that is too long for YAML is shown as JSON', () => {
  const value = { ['k'.repeat(2_000)]: 1 };
  expect(() => writeYaml(value)).toThrow();
  expect(JSON.parse(writeReadableYaml(value))).toEqual(value);
});

test('everything else is shown as kubectl and Helm write it', () => {
  const value = { b: ['x', { c: null }], a: 'say "<<": y\n', n: 12345678901234567890n };
  expect(writeReadableYaml(value)).toBe(writeYaml(value));
});
