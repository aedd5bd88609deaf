import { describe, expect, test } from '@jest/globals';
import { evaluate } from '../evaluate.ts';

/** Templates and what Helm 3.22 makes of them. */
const CASES: readonly (readonly [template: string, output: string])[] = [
  ['{{ sha1sum "a" }}', '86f7e437faa5a7fce15d1ddcb9eaeaea377667b8'],
  ['{{ sha256sum .Values.uni }}', 'ad0d35c76288653c6c5415125bdb6349a9e26ccddd43a4f03937e0480f47ed5c'],
  [
    '{{ sha512sum "" }}',
    'cf83e1357eefb8bdf1542850d66d8007d620e4050b5715dc83f4a921d36ce9ce47d0d13c5d85f2b0ff8318d2877eec2f63b931bd47417a81a538327af927da3e',
  ],
  ['{{ adler32sum "Wikipedia" }}', '300286872'],
];

describe('hashes', () => {
  test.each(CASES)('%s', (template, output) => {
    expect(evaluate(template)).toBe(output);
  });
});
