import { describe, expect, test } from '@jest/globals';
import { evaluate } from '../evaluate.ts';

/** Templates and what Helm 3.22 makes of them. */
const CASES: readonly (readonly [template: string, output: string])[] = [
  ['{{ join "," .Values.strs }}', 'pear,apple,fig'],
  ['{{ join "-" .Values.l }}', 'a-b-c-a-1-2.5-true'],
  ['{{ join "," "x" }}', 'x'],
  ['{{ join "," nil }}', ''],
  ['{{ join "," .Values.nums }}', '3,1,2'],
  ['{{ join "," (tuple 1 2.5 true) }}', '1,2.5,true'],
  ['{{ sortAlpha .Values.strs }}', '[apple fig pear]'],
  ['{{ sortAlpha .Values.l }}', '[1 2.5 a a b c true]'],
  ['{{ sortAlpha "x" }}', '[x]'],
  ['{{ sortAlpha .Values.nums | join "," }}', '1,2,3'],
  ['{{ first .Values.strs }}', 'pear'],
  ['{{ last .Values.strs }}', 'fig'],
  ['{{ rest .Values.strs }}', '[apple fig]'],
  ['{{ initial .Values.strs }}', '[pear apple]'],
  ['{{ first .Values.el }}', ''],
  ['{{ rest .Values.el }}', '[]'],
  ['{{ reverse .Values.nums }}', '[2 1 3]'],
  ['{{ compact .Values.l }}', '[a b c a 1 2.5 true]'],
  ['{{ uniq .Values.l }}', '[a b c 1 2.5 true <nil>]'],
  ['{{ without .Values.l "a" 1 2.5 }}', '[b c 1 true <nil>]'],
  ['{{ has "a" .Values.l }}', 'true'],
  ['{{ has 1 .Values.nums }}', 'false'],
  ['{{ has 1.0 .Values.nums }}', 'true'],
  ['{{ has "x" nil }}', 'false'],
  ['{{ append .Values.strs "x" }}', '[pear apple fig x]'],
  ['{{ prepend .Values.strs 1 }}', '[1 pear apple fig]'],
  ['{{ push .Values.el 1 }}', '[1]'],
  ['{{ mustPush (list 1 "a") 2 }}', '[1 a 2]'],
  ['{{ concat .Values.strs .Values.nums (list 1 2) }}', '[pear apple fig 3 1 2 1 2]'],
  ['{{ concat }}', '[]'],
  ['{{ slice .Values.nums 1 }}', '[1 2]'],
  ['{{ slice .Values.nums 0 2 }}', '[3 1]'],
  ['{{ slice .Values.nums 1 1 }}', '[]'],
  ['{{ slice .Values.el 1 }}', ''],
  ['{{ chunk 2 .Values.nums }}', '[[3 1] [2]]'],
  ['{{ chunk 3 (until 7) }}', '[[0 1 2] [3 4 5] [6]]'],
  ['{{ chunk 10 .Values.nums }}', '[[3 1 2]]'],
  ['{{ chunk 2 .Values.el }}', '[]'],
  ['{{ toStrings .Values.l }}', '[a b c a 1 2.5 true]'],
  ['{{ toStrings "x" }}', '[x]'],
  ['{{ toStrings nil }}', '[]'],
  ['{{ toStrings .Values.nums }}', '[3 1 2]'],
  [
    '{{ range $k, $v := .Values.m }}{{ $k }}={{ $v }};{{ end }}{{ range tuple 1 2 }}{{ . }}{{ end }}',
    'a=1;b=map[c:d e:[1 2]];z=;12',
  ],
  ['{{ list 1 nil "a" }}', '[1 <nil> a]'],
  ['{{ list nil | first }}', ''],
  ['{{ list }}', '[]'],
  ['{{ len (list nil) }}', '1'],
  ['{{ mustRest (list 1 2) }}', '[2]'],
  ['{{ mustHas 1 (list 1) }}', 'true'],
  ['{{ mustSlice (list 1 2 3) 1 2 }}', '[2]'],
  ['{{ mustUniq (list 1 1) }}', '[1]'],
  ['{{ mustWithout (list 1 2) 1 }}', '[2]'],
  ['{{ mustAppend (list) 1 }}', '[1]'],
  ['{{ mustPrepend (list) 1 }}', '[1]'],
  ['{{ mustReverse (list 1 2) }}', '[2 1]'],
  ['{{ mustInitial (list 1 2) }}', '[1]'],
  ['{{ mustLast (list 1) }}', '1'],
  ['{{ mustFirst (list 1) }}', '1'],
  ['{{ mustCompact (list 1 0) }}', '[1]'],
  ['{{ mustChunk 1 (list 1) }}', '[[1]]'],
  ['{{ $x := list 1 2 3 }}{{ range $i, $e := $x }}{{ $i }}{{ $e }}{{ end }} {{ index (chunk 2 $x) 1 0 }}', '011223 3'],
  ['{{ list nil 1 | toYaml }}', '- null\n- 1'],
  ['{{ list 1 2 | join "," }}', '1,2'],
  ['{{ list "a" "b" | sortAlpha | join "," }}', 'a,b'],
  ['{{ "a" | list | first }}', 'a'],
];

/** Templates and Helm's errors. */
const ERRORS: readonly (readonly [template: string, error: string])[] = [
  [
    '{{ first "x" }}',
    'template: c/t:1:3: executing "c/t" at <first "x">: error calling first: Cannot find first on type string',
  ],
  [
    '{{ first nil }}',
    'template: c/t:1:3: executing "c/t" at <first nil>: error calling first: runtime error: invalid memory address or nil pointer dereference',
  ],
  [
    '{{ rest .Values.m }}',
    'template: c/t:1:3: executing "c/t" at <rest .Values.m>: error calling rest: Cannot find rest on type map',
  ],
  [
    '{{ slice .Values.nums 1 9 }}',
    'template: c/t:1:3: executing "c/t" at <slice .Values.nums 1 9>: error calling slice: reflect.Value.Slice: slice index out of bounds',
  ],
  [
    '{{ slice .Values.nums 2 1 }}',
    'template: c/t:1:3: executing "c/t" at <slice .Values.nums 2 1>: error calling slice: reflect.Value.Slice: slice index out of bounds',
  ],
  [
    '{{ slice "abc" 1 }}',
    'template: c/t:1:3: executing "c/t" at <slice "abc" 1>: error calling slice: list should be type of slice or array but string',
  ],
  [
    '{{ append "x" 1 }}',
    'template: c/t:1:3: executing "c/t" at <append "x" 1>: error calling append: Cannot push on type string',
  ],
  [
    '{{ concat "x" }}',
    'template: c/t:1:3: executing "c/t" at <concat "x">: error calling concat: Cannot concat type string as list',
  ],
  [
    '{{ concat nil }}',
    'template: c/t:1:3: executing "c/t" at <concat nil>: error calling concat: runtime error: invalid memory address or nil pointer dereference',
  ],
  [
    '{{ has "a" "abc" }}',
    'template: c/t:1:3: executing "c/t" at <has "a" "abc">: error calling has: Cannot find has on type string',
  ],
  ['{{ uniq 3 }}', 'template: c/t:1:3: executing "c/t" at <uniq 3>: error calling uniq: Cannot find uniq on type int'],
  [
    '{{ chunk 0 .Values.nums }}',
    'template: c/t:1:3: executing "c/t" at <chunk 0 .Values.nums>: error calling chunk: runtime error: makeslice: len out of range',
  ],
  [
    '{{ define "g" }}{{ first 3 }}{{ end }}{{ include "g" . }}',
    'template: c/t:1:41: executing "c/t" at <include "g" .>: error calling include: template: c/t:1:19: executing "g" at <first 3>: error calling first: Cannot find first on type int',
  ],
  ['{{ join "," }}', 'template: c/t:1:3: executing "c/t" at <join>: wrong number of args for join: want 2 got 1'],
];

describe('lists', () => {
  test.each(CASES)('%s', (template, output) => {
    expect(evaluate(template)).toBe(output);
  });

  test.each(ERRORS)('%s fails', (template, error) => {
    expect(evaluate(template)).toBe(`ERR ${error}`);
  });
});
