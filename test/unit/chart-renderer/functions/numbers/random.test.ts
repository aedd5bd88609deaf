import { describe, expect, test } from '@jest/globals';
import { evaluate } from '../evaluate.ts';

const PATTERNS: readonly (readonly [template: string, output: RegExp])[] = [
  ['{{ randAlphaNum 40 }}', /^(?=.*[0-9])[A-Za-z0-9]{40}$/],
  ['{{ randAlphaNum 1 }}', /^[0-9]$/],
  ['{{ randAlpha 40 }}', /^[A-Za-z]{40}$/],
  ['{{ randNumeric 40 }}', /^[0-9]{40}$/],
  ['{{ randAscii 40 }}', /^[ -~]{40}$/],
  ['{{ randAlpha 0 }}{{ randAlphaNum -1 }}', /^$/],
  ['{{ randBytes 16 }}', /^[A-Za-z0-9+/]{22}==$/],
  ['{{ randInt 3 5 }}', /^[34]$/],
  ['{{ shuffle "aab" }}', /^(?:aab|aba|baa)$/],
  ['{{ uuidv4 }}', /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/],
];

describe('random', () => {
  test.each(PATTERNS)('%s', (template, output) => {
    expect(evaluate(template)).toMatch(output);
  });

  test('a new value is drawn each time', () => {
    expect(evaluate('{{ randAlpha 40 }}')).not.toBe(evaluate('{{ randAlpha 40 }}'));
  });

  test('an empty range is refused as in Go', () => {
    expect(evaluate('{{ randInt 5 5 }}')).toMatch(/error calling randInt: invalid argument to Intn$/);
  });
});
