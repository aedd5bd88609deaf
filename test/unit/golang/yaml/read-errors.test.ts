import { expect, test } from '@jest/globals';
import { readYaml } from '../../../../golang/yaml/index.ts';

function errorOf(input: string | Uint8Array): string {
  try {
    return `none: ${JSON.stringify(readYaml(input))}`;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** Recorded from Helm 3.22. */
test.each<[text: string, message: string]>([
  ['a: b: c', 'yaml: mapping values are not allowed in this context'],
  ['a: 1\nb: c: d', 'yaml: line 2: mapping values are not allowed in this context'],
  ['a: 1\n b: 2', 'yaml: line 2: mapping values are not allowed in this context'],
  ['a:\n  b: 1\n c: 2', 'yaml: line 2: did not find expected key'],
  ['a: 1\nb', "yaml: line 3: could not find expected ':'"],
  ['a: 1\nb: - x', 'yaml: line 2: block sequence entries are not allowed in this context'],
  ['a:\n\tb: 1', 'yaml: line 2: found character that cannot start any token'],
  ['a: @x', 'yaml: found character that cannot start any token'],
  ['a: 1\nb: "x', 'yaml: line 2: found unexpected end of stream'],
  ['a: 1\nb: "\\q"', 'yaml: line 2: found unknown escape character'],
  ['a: *x', "yaml: unknown anchor 'x' referenced"],
  ['- a\nb: 1', "yaml: line 1: did not find expected '-' indicator"],
  ['a: [1, 2', "yaml: line 1: did not find expected ',' or ']'"],
  ['a: {b: 1\nc: 2}', "yaml: line 1: did not find expected ',' or '}'"],
  ['a: {{ .Values.x }}', 'yaml: invalid map key: map[interface {}]interface {}{".Values.x":interface {}(nil)}'],
  ['%YAML 1.2\n---\na: 1', 'yaml: found incompatible YAML document'],
  ['a: !t!x 1', 'yaml: found undefined tag handle'],
  ['a: |\n\tx', 'yaml: line 2: found a tab character where an indentation space is expected'],
  ['a: |x\n', 'yaml: did not find expected comment or line break'],
  ['a: &a [*a]', "yaml: anchor 'a' value contains itself"],
  ['a: !!int x', 'yaml: cannot decode !!str `x` as a !!int'],
  ['<<: 1', 'yaml: map merge requires map or sequence of maps as the value'],
  ['a: {~: 1}', 'unsupported map key of type: %!s(<nil>), key: <nil>, value: 1'],
  ['a: .inf', 'json: unsupported value: +Inf'],
  ['a: x\u0007', 'yaml: control characters are not allowed'],
])('%j is refused in the words of Helm', (text, message) => {
  expect(errorOf(text)).toBe(message);
});

const bytes = (...parts: (string | number)[]): Uint8Array =>
  Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part) : Buffer.from([part]))));

/** Recorded from Helm 3.22, which reads by chunks of 512 bytes. */
test.each<[name: string, input: Uint8Array, message: string]>([
  ['Latin-1', bytes('a: caf', 0xe9, '\n'), 'yaml: incomplete UTF-8 octet sequence'],
  ['a trailing byte in front', bytes('a: ', 0x80), 'yaml: invalid leading UTF-8 octet'],
  ['an invalid byte', bytes('a: ', 0xff, '\n'), 'yaml: invalid leading UTF-8 octet'],
  ['an overlong zero', bytes('a: ', 0xc0, 0x80, '\n'), 'yaml: invalid length of a UTF-8 sequence'],
  ['a surrogate', bytes('a: ', 0xed, 0xa0, 0x80), 'yaml: invalid Unicode character'],
  ['a wrong second byte', bytes('a: ', 0xe9, 'xx'), 'yaml: invalid trailing UTF-8 octet'],
  ['UTF-16', Buffer.from('\ufeffa: é', 'utf16le'), 'none: {"a":"é"}'],
  ['UTF-16, big end first', Buffer.from('\ufeffa: é', 'utf16le').swap16(), 'none: {"a":"é"}'],
  ['a byte order mark', bytes('\ufeffa: 1'), 'none: {"a":1}'],
  [
    'a fault near the first document',
    bytes('a: b\n---\n# ', 'x'.repeat(300), '\x01'),
    'yaml: control characters are not allowed',
  ],
  ['a fault far from the first document', bytes('a: b\n---\n# ', 'x'.repeat(600), '\x01'), 'none: {"a":"b"}'],
  [
    'a fault far from an error',
    bytes('a: b: c\n# ', 'x'.repeat(600), '\x01'),
    'yaml: mapping values are not allowed in this context',
  ],
])('bytes with %s', (_name, input, message) => {
  expect(errorOf(input)).toBe(message);
});
