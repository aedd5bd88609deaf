import { describe, expect, test } from '@jest/globals';
import { evaluate } from '../evaluate.ts';

/** Templates and what Helm 3.22 makes of them. */
const CASES: readonly (readonly [template: string, output: string])[] = [
  ['{{ wrap 5 "hello cruel world" }}', 'hello\ncruel\nworld'],
  ['{{ wrap 80 .Values.s }}', 'hello world'],
  ['{{ wrapWith 5 "\\t" "Hello World long" }}', 'Hello\tWorld\tlong'],
  ['{{ wrapWith 3 "" "abcdefghi jk" }}', 'abc\ndef\nghi\njk'],
  ['{{ wrap 3 "abcdefghi jk lm" }}', 'abcdefghi\njk\nlm'],
  ['{{ wrap 0 "a b" }}', 'a\nb'],
  ['{{ wrap 10 .Values.uni }}', 'héllo\nwörld ß'],
  ['{{ wrapWith 4 "é" .Values.uni }}', 'héléloéwöréldéß'],
];

describe('wrap', () => {
  test.each(CASES)('%s', (template, output) => {
    expect(evaluate(template)).toBe(output);
  });
});
