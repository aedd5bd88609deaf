import { describe, expect, test } from '@jest/globals';
import { evaluate } from './evaluate.ts';

/** Templates and what Helm 3.22 makes of them. */
const CASES: readonly (readonly [template: string, output: string])[] = [
  ['{{ toJson .Values.m }}', '{"a":1,"b":{"c":"d","e":[1,2]},"z":null}'],
  ['{{ mustToYaml .Values.m2 }}', 'a: 2\nb:\n  c: x\n  f: 1\ng: []'],
  ['{{ mustToToml .Values.m2 }}', 'a = 2.0\ng = []\n\n[b]\n  c = "x"\n  f = 1.0\n'],
  ['{{ toJson "<a & b>" }}', '"\\u003ca \\u0026 b\\u003e"'],
  [
    '{{ toPrettyJson .Values.m }}',
    '{\n  "a": 1,\n  "b": {\n    "c": "d",\n    "e": [\n      1,\n      2\n    ]\n  },\n  "z": null\n}',
  ],
  ['{{ toRawJson "<a & b>" }}', '"<a & b>"'],
  // The next six since Helm 4.
  ['{{ mustToYaml (dict "a" (list 1 "x")) }}', 'a:\n- 1\n- x'],
  ['{{ mustToYaml .Values.missing }}', 'null'],
  ['{{ mustToToml (dict "a" (list 1 "x")) }}', 'a = [1, "x"]\n'],
  ['{{ mustToToml 1 }}', '1'],
  [
    '{{ mustToToml nil | contains "x" }}',
    'ERR template: c/t:1:3: executing "c/t" at <mustToToml nil>: error calling mustToToml: reflect: call of reflect.Value.Type on zero Value',
  ],
  [
    '{{ mustToYaml (float64 "inf") }}',
    'ERR template: c/t:1:3: executing "c/t" at <mustToYaml (float64 "inf")>: error calling mustToYaml: error marshaling into JSON: json: unsupported value: +Inf',
  ],
  ['{{ mustToJson .Values.l }}', '["a","b","c","a",1,2.5,true,null]'],
  ['{{ toJson .Values.uni }}', '"héllo wörld ß"'],
  ['{{ toJson 1.0 }}', '1'],
  ['{{ toJson 1e21 }}', '1e+21'],
  ['{{ toJson 1e-7 }}', '1e-7'],
  ['{{ toJson .Values.big }}', '12345678901'],
  ['{{ toJson nil }}', 'null'],
  ['{{ toJson (list) }}', '[]'],
  ['{{ toPrettyJson (list (dict) (list) 1) }}', '[\n  {},\n  [],\n  1\n]'],
  ['{{ toJson (float64 "nan") }}', ''],
  ['{{ toJson (tuple 1 (int64 2) "a\\u2028b") }}', '[1,2,"a\\u2028b"]'],
  ['{{ toJson "\\x00\\x1f\\b\\f\\n" }}', '"\\u0000\\u001f\\b\\f\\n"'],
  ['{{ fromJson "{\\"a\\":[1,2.5,\\"x\\",null,true]}" }}', 'map[a:[1 2.5 x <nil> true]]'],
  ['{{ fromJson "[1]" }}', 'map[Error:json: cannot unmarshal array into Go value of type map[string]interface {}]'],
  ['{{ fromJson "{" }}', 'map[Error:unexpected end of JSON input]'],
  ['{{ fromJson "{\\"a\\" 1}" }}', "map[Error:invalid character '1' after object key]"],
  ['{{ fromJson "x" }}', "map[Error:invalid character 'x' looking for beginning of value]"],
  ['{{ fromJson "" }}', 'map[Error:unexpected end of JSON input]'],
  ['{{ fromJson "{\\"a\\":1,}" }}', "map[Error:invalid character '}' looking for beginning of object key string]"],
  ['{{ fromJson "{} x" }}', "map[Error:invalid character 'x' after top-level value]"],
  ['{{ fromJson "null" }}', 'map[]'],
  [
    '{{ fromJson "\\"s\\"" }}',
    'map[Error:json: cannot unmarshal string into Go value of type map[string]interface {}]',
  ],
  ['{{ fromJson "tru" }}', "map[Error:invalid character ' ' in literal true (expecting 'e')]"],
  ['{{ fromJson "{\\"a\\":tru}" }}', "map[Error:invalid character '}' in literal true (expecting 'e')]"],
  ['{{ fromJson "[1 2]" }}', "map[Error:invalid character '2' after array element]"],
  ['{{ fromJson "{\\"a\\":01}" }}', "map[Error:invalid character '1' after object key:value pair]"],
  ['{{ fromJson "{\'a\':1}" }}', "map[Error:invalid character '\\'' looking for beginning of object key string]"],
  ['{{ fromJson "{\\"a\\":\\"\\\\x\\"}" }}', "map[Error:invalid character 'x' in string escape code]"],
  ['{{ fromJson "3" }}', 'map[Error:json: cannot unmarshal number into Go value of type map[string]interface {}]'],
  ['{{ fromJsonArray "[1,\\"a\\"]" }}', '[1 a]'],
  ['{{ fromJsonArray "{}" }}', '[json: cannot unmarshal object into Go value of type []interface {}]'],
  ['{{ fromJsonArray "[" }}', '[unexpected end of JSON input]'],
  ['{{ mustFromJson "[1,2]" }}', '[1 2]'],
  ['{{ mustFromJson "\\"x\\"" }}', 'x'],
  ['{{ mustFromJson "1" }}', '1'],
  ['{{ fromYaml "a: 1\\nb: [x, y]" }}', 'map[a:1 b:[x true]]'],
  [
    '{{ fromYaml "- a" }}',
    'map[Error:error unmarshaling JSON: while decoding JSON: json: cannot unmarshal array into Go value of type map[string]interface {}]',
  ],
  [
    '{{ fromYaml "str" }}',
    'map[Error:error unmarshaling JSON: while decoding JSON: json: cannot unmarshal string into Go value of type map[string]interface {}]',
  ],
  ['{{ fromYaml "" }}', 'map[]'],
  [
    '{{ fromYaml "3" }}',
    'map[Error:error unmarshaling JSON: while decoding JSON: json: cannot unmarshal number into Go value of type map[string]interface {}]',
  ],
  [
    '{{ fromYaml "true" }}',
    'map[Error:error unmarshaling JSON: while decoding JSON: json: cannot unmarshal bool into Go value of type map[string]interface {}]',
  ],
  ['{{ fromYamlArray "- a\\n- b: 1" }}', '[a map[b:1]]'],
  [
    '{{ fromYamlArray "a: 1" }}',
    '[error unmarshaling JSON: while decoding JSON: json: cannot unmarshal object into Go value of type []interface {}]',
  ],
  ['{{ fromYamlArray "" }}', '[]'],
  ['{{ (fromYaml "a: yes\\nb: 010\\nc: 1_000\\nd: 2001-01-01").d }}', '2001-01-01'],
  ['{{ (fromYaml "a: 0o17").a }}', '15'],
  ['{{ toYaml .Values.m }}', 'a: 1\nb:\n  c: d\n  e:\n  - 1\n  - 2\nz: null'],
  ['{{ toYaml .Values.l }}', '- a\n- b\n- c\n- a\n- 1\n- 2.5\n- true\n- null'],
  ['{{ toYaml "x: y" }}', "'x: y'"],
  ['{{ toYaml 1 }}', '1'],
  ['{{ toYaml nil }}', 'null'],
  ['{{ toYaml .Values.multi }}', '|\n  line1\n  line2'],
  ['{{ toYaml true }}', 'true'],
  ['{{ toYaml (list) }}', '[]'],
  ['{{ toYaml (dict) }}', '{}'],
  ['{{ toYaml (int64 5) }}', '5'],
  ['{{ toYaml .Values.big }}', '12345678901'],
  ['{{ toYamlPretty .Values.m }}', 'a: 1\nb:\n  c: d\n  e:\n    - 1\n    - 2\nz: null'],
  ['{{ toYamlPretty .Values.l }}', '- a\n- b\n- c\n- a\n- 1\n- 2.5\n- true\n- null'],
  ['{{ toYamlPretty .Values.multi }}', '|\n  line1\n  line2'],
  ['{{ toYamlPretty .Values.big }}', '1.2345678901e+10'],
  ['{{ toYamlPretty 5 }}', '5'],
  ['{{ toToml .Values.m }}', 'a = 1.0\n\n[b]\n  c = "d"\n  e = [1.0, 2.0]\n'],
  [
    '{{ toToml (dict "a b" "q\\"\\n" "t" (list (dict "x" 1) (dict "y" 2)) "f" 1.5 "i" 3 "n" (list 1 (list 2)) "s" (dict "u" (dict "v" 1))) }}',
    '"a b" = "q\\"\\n"\nf = 1.5\ni = 3\nn = [1, [2]]\n\n[s]\n  [s.u]\n    v = 1\n\n[[t]]\n  x = 1\n\n[[t]]\n  y = 2\n',
  ],
  ['{{ toToml (list 1 2) }}', '[1, 2]'],
  ['{{ toToml "x" }}', '"x"'],
  ['{{ toToml 1i }}', "unsupported type for key '': complex128"],
  ['{{ toToml (dict "a" (list 1 1i)) }}', 'unsupported type: complex128'],
  ['{{ toToml (dict "a" (list nil)) }}', 'toml: cannot encode array with nil element'],
  ['{{ toToml (list (dict)) }}', 'toml: top-level values must be Go maps or structs'],
  [
    '{{ toToml (dict "e" (dict) "l" (list) "m" (list (dict "a" 1 "b" (dict "c" 2)) 1)) }}',
    'l = []\nm = [{a = 1, b = {c = 2}}, 1]\n\n[e]\n',
  ],
  [
    '{{ fromToml "a = 1\\nb = \\"x\\"\\n[t]\\nc = [1, 2.5]\\n[[tt]]\\nd = true" | toJson }}',
    '{"a":1,"b":"x","t":{"c":[1,2.5]},"tt":[{"d":true}]}',
  ],
  ['{{ (fromToml "a = 1").a | add 1 }}', '2'],
  [
    '{{ fromJson `{"a":[1e400,"-1e400",2],"b":1e500}` }}',
    'map[Error:json: cannot unmarshal number 1e400 into Go value of type float64 a:[<nil> -1e400 2] b:<nil>]',
  ],
  ['{{ fromJson "1e400" }}', 'map[Error:json: cannot unmarshal number into Go value of type map[string]interface {}]'],
  ['{{ fromJsonArray "[1, -1e400]" }}', '[json: cannot unmarshal number -1e400 into Go value of type float64]'],
  ['{{ fromJsonArray "1e400" }}', '[json: cannot unmarshal number into Go value of type []interface {}]'],
  [
    '{{ (fromToml "[t]\\na = 1\\nb = x").Error }}',
    'toml: line 3 (last key "t.b"): expected value but found "x" instead',
  ],
  ['{{ (fromToml "a = 1\\na = 2").Error }}', `toml: line 2 (last key "a"): Key 'a' has already been defined.`],
  ['{{ (fromToml "a = 1979-05-27").a }}', '1979-05-27 00:00:00 +0000 date-local'],
  ['{{ fromToml "a = 1979-05-27\\nb = [07:32:00]" | toToml }}', 'a = 1979-05-27\nb = [07:32:00]\n'],
  ['{{ toToml (dict "a" (toDate "2006-01-02" "2024-01-31")) }}', 'a = 2024-01-31T00:00:00Z\n'],
  ['{{ toYamlPretty (list (toDate "2006-01-02" "2024-01-31")) }}', '- 2024-01-31T00:00:00Z'],
  ['{{ toJson (toDate "2006-01-02" "2024-01-31") }}', '"2024-01-31T00:00:00Z"'],
  [
    '{{ .Values.m | toYaml | indent 2 | trim | quote }}',
    '"a: 1\\n  b:\\n    c: d\\n    e:\\n    - 1\\n    - 2\\n  z: null"',
  ],
  ['{{ mustToPrettyJson 1 }}', '1'],
  ['{{ mustToRawJson "<" }}', '"<"'],
  ['{{ fromJson "é" }}', "map[Error:invalid character 'Ã' looking for beginning of value]"],
  ['{{ fromJson "{\\"a\\":\\"\\n\\"}" }}', "map[Error:invalid character '\\n' in string literal]"],
  ['{{ fromJson "-" }}', "map[Error:invalid character ' ' in numeric literal]"],
  ['{{ fromJson "1." }}', "map[Error:invalid character ' ' after decimal point in numeric literal]"],
  ['{{ fromJson "[1,]" }}', "map[Error:invalid character ']' looking for beginning of value]"],
  ['{{ fromJson "{\\"a\\":\\"\\\\ud800\\"}" }}', 'map[a:�]'],
  ['{{ fromJson "{\\"a\\":1,\\"a\\":2}" }}', 'map[a:2]'],
  ['{{ fromJson "\\"" }}', 'map[Error:unexpected end of JSON input]'],
  [
    '{{ toYaml (dict "k" "a: b" "n" "123" "t" "true" "d" "2001-01-01" "m" "x\\ny\\n" "e" "") }}',
    'd: "2001-01-01"\ne: ""\nk: \'a: b\'\nm: |\n  x\n  y\n"n": "123"\nt: "true"',
  ],
  ['{{ toYaml (list (list 1 2) (dict "a" (list)) ) }}', '- - 1\n  - 2\n- a: []'],
  ['{{ toYaml (until 2) }}', '- 0\n- 1'],
  ['{{ toYaml (splitList "," "a,b") }}', '- a\n- b'],
  ['{{ toJson (split "," "a,b") }}', '{"_0":"a","_1":"b"}'],
  ['{{ toYaml (semver "1.2.3") }}', '1.2.3'],
  ['{{ toToml (semver "1.2.3") }}', '"1.2.3"'],
  [
    '{{ toToml (dict "a" 1.0 "b" (int64 5) "c" nil "d" (list 1.5 2) "e" "x\\ty\\x7f" "f.g" true "h" 1e10 "i" (list "a" (dict "x" 1)) "j" (list (list (dict "a" 1)))) }}',
    'a = 1.0\nb = 5\nd = [1.5, 2]\ne = "x\\ty\\u007f"\n"f.g" = true\nh = 1e+10\ni = ["a", {x = 1}]\nj = [[{a = 1}]]\n',
  ],
  ['{{ toToml 5 }}', '5'],
  ['{{ toToml true }}', 'true'],
  ['{{ toToml (dict) }}', ''],
  [
    '{{ fromToml "d = 2020-01-01T00:00:00Z\\ne = 2020-01-01\\nf = 1979-05-27T07:32:00\\ng = 07:32:00" | toJson }}',
    '{"d":"2020-01-01T00:00:00Z","e":"2020-01-01T00:00:00Z","f":"1979-05-27T07:32:00Z","g":"0000-01-01T07:32:00Z"}',
  ],
  ['{{ fromToml "a = [{b=1},{b=2}]\\n[x.y]\\nz=0x1F" | toJson }}', '{"a":[{"b":1},{"b":2}],"x":{"y":{"z":31}}}'],
];

/** Templates and Helm's errors. */
const ERRORS: readonly (readonly [template: string, error: string])[] = [
  [
    '{{ mustToYaml (float64 "inf") }}',
    'template: c/t:1:3: executing "c/t" at <mustToYaml (float64 "inf")>: error calling mustToYaml: error marshaling into JSON: json: unsupported value: +Inf',
  ],
  [
    '{{ mustToToml .Values.l }}',
    'template: c/t:1:3: executing "c/t" at <mustToToml .Values.l>: error calling mustToToml: toml: cannot encode array with nil element',
  ],
  [
    '{{ mustToJson (float64 "inf") }}',
    'template: c/t:1:3: executing "c/t" at <mustToJson (float64 "inf")>: error calling mustToJson: json: unsupported value: +Inf',
  ],
  [
    '{{ toRawJson (float64 "inf") }}',
    'template: c/t:1:3: executing "c/t" at <toRawJson (float64 "inf")>: error calling toRawJson: json: unsupported value: +Inf',
  ],
  [
    '{{ mustFromJson "{" }}',
    'template: c/t:1:3: executing "c/t" at <mustFromJson "{">: error calling mustFromJson: unexpected end of JSON input',
  ],
  [
    '{{ toToml nil }}',
    'template: c/t:1:3: executing "c/t" at <toToml nil>: error calling toToml: reflect: call of reflect.Value.Type on zero Value',
  ],
];

describe('data formats', () => {
  test.each(CASES)('%s', (template, output) => {
    expect(evaluate(template)).toBe(output);
  });

  test.each(ERRORS)('%s fails', (template, error) => {
    expect(evaluate(template)).toBe(`ERR ${error}`);
  });
});
