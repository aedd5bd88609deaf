import { describe, expect, test } from '@jest/globals';
import { evaluate } from '../evaluate.ts';

/** Templates and what Helm 3.22 makes of them. */
const CASES: readonly (readonly [template: string, output: string])[] = [
  ['{{ dict "a" 1 "b" }}', 'map[a:1 b:]'],
  ['{{ dict 1 2 nil 3 }}', 'map[1:2 <nil>:3]'],
  ['{{ get .Values.m "a" }}', '1'],
  ['{{ get .Values.m "zz" }}', ''],
  ['{{ get .Values.m "z" }}', ''],
  ['{{ hasKey .Values.m "z" }}', 'true'],
  ['{{ hasKey .Values.m "q" }}', 'false'],
  ['{{ keys .Values.m | sortAlpha }}', '[a b z]'],
  ['{{ values (dict "a" 1) }}', '[1]'],
  ['{{ pluck "a" .Values.m .Values.m2 .Values.e }}', '[1 2]'],
  ['{{ pick .Values.m "a" "q" }}', 'map[a:1]'],
  ['{{ omit .Values.m "b" }}', 'map[a:1 z:<nil>]'],
  ['{{ $d := dict "a" 1 }}{{ $_ := set $d "b" 2 }}{{ $_ := unset $d "a" }}{{ $d }}', 'map[b:2]'],
  ['{{ dig "b" "c" "def" .Values.m }}', 'd'],
  ['{{ dig "b" "x" "def" .Values.m }}', 'def'],
  ['{{ dig "x" "y" "def" .Values.m }}', 'def'],
  ['{{ dig "z" "def" .Values.m }}', ''],
  [
    '{{ merge (dict "a" 1 "b" (dict "c" 1 "d" "")) (dict "a" 2 "b" (dict "c" 2 "d" 5 "e" 3) "f" (list 1)) | toJson }}',
    '{"a":1,"b":{"c":1,"d":5,"e":3},"f":[1]}',
  ],
  [
    '{{ mergeOverwrite (dict "a" 1 "b" (dict "c" 1 "d" "")) (dict "a" 2 "b" (dict "c" 2 "d" 5 "e" 3) "f" (list 1)) | toJson }}',
    '{"a":2,"b":{"c":2,"d":5,"e":3},"f":[1]}',
  ],
  ['{{ merge .Values.m .Values.m2 | toJson }}', '{"a":1,"b":{"c":"d","e":[1,2],"f":1},"g":[],"z":null}'],
  [
    '{{ mergeOverwrite (dict "a" 1 "l" (list 1 2) "x" nil "m" (dict "k" "v")) (dict "a" 0 "l" (list) "x" 3 "m" "str") | toJson }}',
    '{"a":0,"l":[],"m":"str","x":3}',
  ],
  [
    '{{ merge (dict "a" "" "l" (list) "s" "v") (dict "a" "x" "l" (list 1) "s" (dict "q" 1)) | toJson }}',
    '{"a":"x","l":[1],"s":"v"}',
  ],
  ['{{ mergeOverwrite (dict "a" 1) (dict "a" nil) | toJson }}', '{"a":null}'],
  ['{{ merge (dict "a" nil) (dict "a" 5) (dict "a" 6) | toJson }}', '{"a":5}'],
  ['{{ merge (dict) (dict "a" (list 1)) | toJson }}', '{"a":[1]}'],
  ['{{ merge (dict "b" 1) (dict "a" (list 1)) | toJson }}', '{"a":[1],"b":1}'],
  ['{{ merge (dict "m" (dict)) (dict "m" (dict "a" 1)) | toJson }}', '{"m":{"a":1}}'],
  ['{{ merge (dict "l" (list 1) ) (dict "l" (list 2)) | toJson }}', '{"l":[1]}'],
  ['{{ merge nil (dict "a" 1) | toJson }}', '{"a":1}'],
  ['{{ deepCopy .Values.m | toJson }}', '{"a":1,"b":{"c":"d","e":[1,2]},"z":null}'],
  ['{{ dict "a" 1 | toYaml | nindent 4 }}', '\n    a: 1'],
  ['{{ mustMerge (dict) (dict "a" 1) }}', 'map[a:1]'],
  ['{{ mustMergeOverwrite (dict "a" 0) (dict "a" 1) }}', 'map[a:1]'],
  ['{{ mustDeepCopy 1 }}', '1'],
  ['{{ dict "a" (dict "b" nil) | toYaml }}', 'a:\n  b: null'],
  ['{{ dict "a" nil | toJson }}', '{"a":null}'],
  ['{{ get .Values "n" }}', '3'],
  ['{{ hasKey .Values "n" }}', 'true'],
  ['{{ set .Values "new" 1 | len }}', '22'],
  ['{{ merge (dict) .Values | len }}', '20'],
];

/** Templates and Helm's errors. */
const ERRORS: readonly (readonly [template: string, error: string])[] = [
  [
    '{{ dig "a" "c" "def" .Values.m }}',
    'template: c/t:1:3: executing "c/t" at <dig "a" "c" "def" .Values.m>: error calling dig: interface conversion: interface {} is float64, not map[string]interface {}',
  ],
  [
    '{{ dig "a" .Values.m }}',
    'template: c/t:1:3: executing "c/t" at <dig "a" .Values.m>: error calling dig: dig needs at least three arguments',
  ],
  [
    '{{ dig "z" "c" "def" .Values.m }}',
    'template: c/t:1:3: executing "c/t" at <dig "z" "c" "def" .Values.m>: error calling dig: interface conversion: interface {} is nil, not map[string]interface {}',
  ],
  [
    '{{ dig 1 "c" .Values.m }}',
    'template: c/t:1:3: executing "c/t" at <dig 1 "c" .Values.m>: error calling dig: interface conversion: interface {} is int, not string',
  ],
  [
    '{{ dig "a" "c" "x" }}',
    'template: c/t:1:3: executing "c/t" at <dig "a" "c" "x">: error calling dig: interface conversion: interface {} is string, not map[string]interface {}',
  ],
  [
    '{{ merge 1 (dict) }}',
    'template: c/t:1:9: executing "c/t" at <1>: can\'t handle 1 for arg of type map[string]interface {}',
  ],
  [
    '{{ hasKey .Values.l "a" }}',
    'template: c/t:1:17: executing "c/t" at <.Values.l>: wrong type for value; expected map[string]interface {}; got []interface {}',
  ],
  [
    '{{ hasKey .Values.missing "a" }}',
    'template: c/t:1:17: executing "c/t" at <.Values.missing>: wrong type for value; expected map[string]interface {}; got interface {}',
  ],
  [
    '{{ hasKey "x" "a" }}',
    'template: c/t:1:10: executing "c/t" at <"x">: can\'t handle "x" for arg of type map[string]interface {}',
  ],
  [
    '{{ keys "x" }}',
    'template: c/t:1:8: executing "c/t" at <"x">: can\'t handle "x" for arg of type map[string]interface {}',
  ],
  ['{{ pick .Values.m 1 }}', 'template: c/t:1:18: executing "c/t" at <1>: expected string; found 1'],
];

describe('dicts', () => {
  test.each(CASES)('%s', (template, output) => {
    expect(evaluate(template)).toBe(output);
  });

  test.each(ERRORS)('%s fails', (template, error) => {
    expect(evaluate(template)).toBe(`ERR ${error}`);
  });
});
