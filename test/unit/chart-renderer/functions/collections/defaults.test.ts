import { describe, expect, test } from '@jest/globals';
import { evaluate } from '../evaluate.ts';

/** Templates and what Helm 3.22 makes of them. */
const CASES: readonly (readonly [template: string, output: string])[] = [
  ['{{ default "d" "" }}', 'd'],
  ['{{ default "d" "x" }}', 'x'],
  ['{{ "" | default "d" }}', 'd'],
  ['{{ default 1 0 }}', '1'],
  ['{{ default "d" .Values.nil }}', 'd'],
  ['{{ default "d" .Values.e }}', 'd'],
  ['{{ default "d" }}', 'd'],
  ['{{ default "d" .Values.missing }}', 'd'],
  ['{{ empty .Values.e }}', 'true'],
  ['{{ empty 0 }}', 'true'],
  ['{{ empty "x" }}', 'false'],
  ['{{ empty nil }}', 'true'],
  ['{{ coalesce nil "" 0 "a" "b" }}', 'a'],
  ['{{ coalesce nil }}', ''],
  ['{{ all 1 "a" }}', 'true'],
  ['{{ all 1 0 }}', 'false'],
  ['{{ any 0 "" 1 }}', 'true'],
  ['{{ any }}', 'false'],
  ['{{ all }}', 'true'],
  ['{{ ternary "y" "n" true }}', 'y'],
  ['{{ ternary "y" "n" .Values.no }}', 'n'],
  ['{{ .Values.b | ternary 1 2 }}', '1'],
  ['{{ .Values.m.b.c | default "z" }}', 'd'],
  ['{{ (.Values.m.q).r | default "z" }}', 'z'],
];

/** Templates and Helm's errors. */
const ERRORS: readonly (readonly [template: string, error: string])[] = [
  ['{{ ternary 1 2 "x" }}', 'template: c/t:1:15: executing "c/t" at <"x">: expected bool; found "x"'],
];

describe('defaults', () => {
  test.each(CASES)('%s', (template, output) => {
    expect(evaluate(template)).toBe(output);
  });

  test.each(ERRORS)('%s fails', (template, error) => {
    expect(evaluate(template)).toBe(`ERR ${error}`);
  });
});
