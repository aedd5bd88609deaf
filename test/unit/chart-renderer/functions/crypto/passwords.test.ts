import { describe, expect, test } from '@jest/globals';
import { evaluate } from '../evaluate.ts';

/** Templates and what Helm 3.22 makes of them. */
const CASES: readonly (readonly [template: string, output: string])[] = [
  ['{{ htpasswd "a:b" "x" }}', 'invalid username: a:b'],
  ['{{ derivePassword 1 "long" "password" "user" "example.com" }}', 'ZedaFaxcZaso9*'],
  ['{{ derivePassword 2 "maximum" "p" "u" "s" }}', 'GVrMlwPINBRhIcQLa58%'],
  ['{{ derivePassword 1 "pin" "p" "u" "s" }}', '2461'],
  ['{{ derivePassword 1 "nope" "p" "u" "s" }}', 'cannot find password template nope'],
];

/** Templates and Helm's errors. */
const ERRORS: readonly (readonly [template: string, error: string])[] = [
  [
    '{{ decryptAES "k" "x" }}',
    'template: c/t:1:3: executing "c/t" at <decryptAES "k" "x">: error calling decryptAES: illegal base64 data at input byte 0',
  ],
];

describe('passwords', () => {
  test.each(CASES)('%s', (template, output) => {
    expect(evaluate(template)).toBe(output);
  });

  test.each(ERRORS)('%s fails', (template, error) => {
    expect(evaluate(template)).toBe(`ERR ${error}`);
  });
});
