import { describe, expect, test } from '@jest/globals';
import { evaluate } from '../evaluate.ts';

/** Templates and what Helm 3.22 makes of them. */
const CASES: readonly (readonly [template: string, output: string])[] = [
  ['{{ typeOf 1 }}', 'int'],
  ['{{ typeOf 1.5 }}', 'float64'],
  ['{{ typeOf "s" }}', 'string'],
  ['{{ typeOf true }}', 'bool'],
  ['{{ typeOf nil }}', '<nil>'],
  ['{{ typeOf .Values.l }}', '[]interface {}'],
  ['{{ typeOf .Values.m }}', 'map[string]interface {}'],
  ['{{ typeOf (list) }}', '[]interface {}'],
  ['{{ typeOf (until 3) }}', '[]int'],
  ['{{ typeOf (splitList "," "a") }}', '[]string'],
  ['{{ typeOf (int64 3) }}', 'int64'],
  ['{{ typeOf (split "," "a") }}', 'map[string]string'],
  ['{{ typeOf (chunk 1 .Values.nums) }}', '[][]interface {}'],
  ['{{ typeOf (semver "1.2.3") }}', '*semver.Version'],
  ['{{ typeOf (keys .Values.m) }}', '[]string'],
  ['{{ typeOf .Values }}', 'map[string]interface {}'],
  ['{{ typeOf (add 1 2) }}', 'int64'],
  ['{{ typeOf (len "a") }}', 'int'],
  ['{{ typeOf (regexFindAll "a" "b" -1) }}', '[]string'],
  ['{{ typeOf (fromYaml "a: 1").a }}', 'float64'],
  ['{{ typeOf (int 3.5) }}', 'int'],
  ['{{ typeOf (atoi "3") }}', 'int'],
  ['{{ typeOf (concat (list 1)) }}', '[]interface {}'],
  ['{{ typeOf (sortAlpha .Values.strs) }}', '[]string'],
  ['{{ typeOf (uniq .Values.l) }}', '[]interface {}'],
  ['{{ typeOf (slice (until 3) 1) }}', '[]int'],
  ['{{ typeOf (rest (until 3)) }}', '[]interface {}'],
  ['{{ typeOf (floor 3) }}', 'float64'],
  ['{{ typeOf (pluck "a" .Values.m) }}', '[]interface {}'],
  ['{{ typeOf (toStrings .Values.l) }}', '[]string'],
  ['{{ typeOf (semver "1.2.3").Major }}', 'uint64'],
  ['{{ typeOf (fromToml "a = 1").a }}', 'int64'],
  ['{{ typeOf .Values.n }}', 'float64'],
  ['{{ kindOf 1 }}', 'int'],
  ['{{ kindOf 1.5 }}', 'float64'],
  ['{{ kindOf nil }}', 'invalid'],
  ['{{ kindOf .Values.l }}', 'slice'],
  ['{{ kindOf .Values.m }}', 'map'],
  ['{{ kindOf (int64 3) }}', 'int64'],
  ['{{ kindOf (semver "1.0.0") }}', 'ptr'],
  ['{{ kindIs "map" .Values.m }}', 'true'],
  ['{{ typeIs "string" "x" }}', 'true'],
  ['{{ typeIsLike "semver.Version" (semver "1.0.0") }}', 'true'],
  ['{{ deepEqual (list 1 2) (list 1 2) }}', 'true'],
  ['{{ deepEqual 1 1.0 }}', 'false'],
  ['{{ deepEqual .Values.m (fromJson (toJson .Values.m)) }}', 'true'],
  ['{{ deepEqual (list "a") (splitList "," "a") }}', 'false'],
  ['{{ deepEqual nil nil }}', 'true'],
  ['{{ typeOf (fromToml "[[a]]\\nb=1").a }}', '[]map[string]interface {}'],
];

describe('reflection', () => {
  test.each(CASES)('%s', (template, output) => {
    expect(evaluate(template)).toBe(output);
  });
});
