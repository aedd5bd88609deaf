import { describe, expect, test } from '@jest/globals';
import { maskFor, textsToMask } from '../../../../resources/index.ts';

const PASSWORD = 'c0rrect "horse"/b@ttery ü';
const KEY = '-----BEGIN-----\nMIIEvQIB\nqx4=\n-----END-----';
const hex = (text: string): string => Buffer.from(text).toString('hex');
const base64 = (text: string): string => Buffer.from(text).toString('base64');

describe('maskFor', () => {
  const mask = maskFor([
    PASSWORD,
    'hunter2',
    '4711',
    'q'.repeat(300),
    'a-very-long-key-of-an-api',
    ...textsToMask([KEY]),
  ]);

  test.each([
    ['in several lines', `key: ${KEY};`, 'key: ***;'],
    ['indented', `key: |\n    ${KEY.replaceAll('\n', '\n    ')}\n`, 'key: |\n    ***\n'],
    ['indented in JSON', JSON.stringify(`\t${KEY.replaceAll('\n', '\n\t')}`), '"\\t***"'],
    ['as it stands', `password=${PASSWORD};`, 'password=***;'],
    ['more than once', `${PASSWORD}${PASSWORD}`, '******'],
    ['in JSON', JSON.stringify({ password: PASSWORD }), '{"password":"***"}'],
    ['in JSON of Go', '"c0rrect \\"horse\\"/b@ttery \\u00fc"', '"***"'],
    ['in a URL', `https://u:${encodeURIComponent(PASSWORD)}@db/x`, 'https://u:***@db/x'],
    ['in a query', `?p=${new URLSearchParams({ p: PASSWORD }).toString().slice(2)}`, '?p=***'],
    ['in base64', `data: ${base64(PASSWORD)}`, 'data: ***'],
    ['in base64 of more, one byte before', `auth: ${base64(`u:${PASSWORD}`)} x`, 'auth: *** x'],
    ['in base64 of more, two bytes before', `auth: ${base64(`us:${PASSWORD}`)}`, 'auth: ***'],
    ['in base64 of more, three bytes before', `auth: ${base64(`usr:${PASSWORD}`)}`, 'auth: ***'],
    ['in base64 that begins elsewhere', `xy${base64(PASSWORD)}`, '***'],
    ['in base64 for URLs', base64(`??${PASSWORD}>>`).replaceAll('+', '-').replaceAll('/', '_'), '***'],
    ['in base64 of base64', base64(`{"auth":"${base64(`u:${PASSWORD}`)}"}`), '***'],
    ['in base64 of JSON', base64(JSON.stringify({ p: PASSWORD })), '***'],
    ['in hexadecimal digits', `0x${hex(PASSWORD)}`, '0x***'],
    ['in hexadecimal digits of more', `=${hex(`us:${PASSWORD}!`).toUpperCase()};`, '=***;'],
    ['in hexadecimal digits after an odd one', `f${hex(PASSWORD)}`, '***'],
    ['in base64 of hexadecimal digits', base64(hex(PASSWORD)), '***'],
    ['all of a long value', `<${'q'.repeat(300)}>`, '<***>'],
    ['a long value as far as it is the same', `<${'q'.repeat(200)}>`, '<***>'],
    ['the beginning, where the text is cut', 'key "a-very-long-k…" is bad', 'key "***…" is bad'],
    ['the beginning, where a server cuts', 'key "a-very-long-k..." is bad', 'key "***..." is bad'],
    ['a short one as a word', "'hunter2' does not match", "'***' does not match"],
    ['a short one in base64', base64('user:hunter2'), '***'],
    ['a number as a word', 'port 4711 is taken', 'port *** is taken'],
    ['no short one in a word', 'hunter2x, hunter2-a, shunter2, 47110', 'hunter2x, hunter2-a, shunter2, 47110'],
    [
      'nothing else',
      'correct horse, aHVudGVyMw==, %zz, \\, a-very-long',
      'correct horse, aHVudGVyMw==, %zz, \\, a-very-long',
    ],
  ])('%s', (_where, text, expected) => {
    expect(mask(text)).toBe(expected);
    expect(mask(expected)).toBe(expected);
  });

  test('masks the longest of several values that begin alike', () => {
    expect(maskFor(['abcdefgh', 'abcdefghij', 'abcd'])('<abcdefghij> <abcdefgh> <abcd> <abcde>')).toBe(
      '<***> <***> <***> <abcde>',
    );
  });

  test('shows nothing if there are too many values to look for', () => {
    const values = Array.from({ length: 20_001 }, (_, index) => `value-${index}`);
    expect(maskFor(values)('anything')).toBe('*** (left out: there are more than 20000 values from Secrets to mask)');
  });

  test('checks no value twice, whatever the text', () => {
    // Each position of the text begins like each of the values, and none of them is there.
    const values = Array.from({ length: 10_000 }, (_, index) => `${'a'.repeat(100 + (index % 50))}${index}`);
    const text = 'a'.repeat(60).concat('b').repeat(2_000);
    expect(maskFor(values)(text)).toBe(text);
  });
});

describe('textsToMask', () => {
  test.each([
    ['a line end is not part of a value', ['hunter2\n'], ['hunter2']],
    [
      'a key as a whole and line by line',
      ['-----BEGIN-----\nMIIEvQIB\nqx4=\n-----END-----\n'],
      ['-----BEGIN-----\nMIIEvQIB\nqx4=\n-----END-----', '-----BEGIN-----', 'MIIEvQIB', '-----END-----'],
    ],
    [
      'no short lines, and the whole without its indents',
      ['{\n  "password": "x",\n  "a": 1\n}'],
      ['{\n  "password": "x",\n  "a": 1\n}', '{\n"password": "x",\n"a": 1\n}', '"password": "x",'],
    ],
    ['nothing that is not a secret', ['', 'abc', 'true', 'FALSE', 'null', '  x '], []],
  ])('%s', (_what, texts, expected) => {
    expect([...textsToMask(texts)]).toEqual(expected);
  });
});
