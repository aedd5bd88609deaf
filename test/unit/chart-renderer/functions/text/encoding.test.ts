import { describe, expect, test } from '@jest/globals';
import { evaluate } from '../evaluate.ts';

/** Templates and what Helm 3.22 makes of them. */
const CASES: readonly (readonly [template: string, output: string])[] = [
  ['{{ b64enc "hello" }}', 'aGVsbG8='],
  ['{{ b64dec "aGVsbG8=" }}', 'hello'],
  ['{{ b64dec "aGVsbG8" }}', 'illegal base64 data at input byte 4'],
  ['{{ b64dec "a*b" }}', 'illegal base64 data at input byte 1'],
  ['{{ b64dec "aGVs\\nbG8=" }}', 'hello'],
  ['{{ b64dec "aG=s" }}', 'illegal base64 data at input byte 2'],
  ['{{ b64dec "=" }}', 'illegal base64 data at input byte 0'],
  ['{{ b64dec "aGVsbG8=x" }}', 'illegal base64 data at input byte 8'],
  ['{{ b64dec "aG==" }}', 'h'],
  ['{{ b64dec "aG=" }}', 'illegal base64 data at input byte 3'],
  ['{{ b32enc "hello" }}', 'NBSWY3DP'],
  ['{{ b32dec "NBSWY3DP" }}', 'hello'],
  ['{{ b32enc "a" }}', 'ME======'],
  ['{{ b32dec "ME======" }}', 'a'],
  ['{{ b32dec "1" }}', 'illegal base32 data at input byte 0'],
  ['{{ b64enc .Values.uni }}', 'aMOpbGxvIHfDtnJsZCDDnw=='],
  ['{{ "/4B/" | b64dec | b64enc }}', '/4B/'],
  ['{{ "/4B/" | b64dec | sha256sum }}', '5a0ff49b5d820258a63b412bc3f553b162d0885e90a285844b3d17fcd717a1c2'],
  ['{{ b32dec "NBSWY3D" }}', 'illegal base32 data at input byte 0'],
  ['{{ b32dec "nbsw" }}', 'illegal base32 data at input byte 0'],
];

/** Templates and Helm's errors. */
const ERRORS: readonly (readonly [template: string, error: string])[] = [
  [
    '{{ b64enc .Values.l }}',
    'template: c/t:1:17: executing "c/t" at <.Values.l>: wrong type for value; expected string; got []interface {}',
  ],
  ['{{ b64enc nil }}', 'template: c/t:1:10: executing "c/t" at <nil>: cannot assign nil to string'],
];

describe('encoding', () => {
  test.each(CASES)('%s', (template, output) => {
    expect(evaluate(template)).toBe(output);
  });

  test.each(ERRORS)('%s fails', (template, error) => {
    expect(evaluate(template)).toBe(`ERR ${error}`);
  });
});
