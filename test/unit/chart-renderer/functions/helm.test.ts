import { describe, expect, test } from '@jest/globals';
import { evaluate } from './evaluate.ts';

/** Templates and what Helm 3.22 makes of them. */
const CASES: readonly (readonly [template: string, output: string])[] = [
  ['{{ required "msg" .Values.s }}', 'hello world'],
  ['{{ required "msg" 0 }}', '0'],
  ['{{ required "m" false }}', 'false'],
  ['{{ tpl .Values.tpl . }} {{ tpl "{{ define \\"x\\" }}in{{ end }}{{ include \\"x\\" . }}" . }}', 'HELLO WORLD in'],
  [
    '{{ define "a" }}A{{ . }}{{ end }}{{ include "a" 5 }} {{ include "a" nil }} {{ include "a" . | len | lt 3 }}',
    'A5 A true',
  ],
  ['{{ lookup "v1" "Secret" "ns" "n" }}', 'map[]'],
  ['{{ getHostByName "localhost" }}', ''],
  ['{{ tpl "{{ .Values.s }}{{ .Values.nope }}" . }}', 'hello world'],
  ['{{ tpl "" . }}', ''],
  ['{{ tpl "x" nil }}', 'x'],
];

/** Templates and Helm's errors. */
const ERRORS: readonly (readonly [template: string, error: string])[] = [
  [
    '{{ required "value needed" .Values.nil }}',
    'template: c/t:1:3: executing "c/t" at <required "value needed" .Values.nil>: error calling required: value needed',
  ],
  [
    '{{ required "value needed" "" }}',
    'template: c/t:1:3: executing "c/t" at <required "value needed" "">: error calling required: value needed',
  ],
  ['{{ fail "boom" }}', 'template: c/t:1:3: executing "c/t" at <fail "boom">: error calling fail: boom'],
  [
    '{{ tpl "{{ fail \\"deep\\" }}" . }}',
    'template: c/t:1:3: executing "c/t" at <tpl "{{ fail \\"deep\\" }}" .>: error calling tpl: error during tpl function execution for "{{ fail \\"deep\\" }}": template: gotpl:1:3: executing "gotpl" at <fail "deep">: error calling fail: deep',
  ],
  [
    '{{ tpl "{{ .x" . }}',
    'template: c/t:1:3: executing "c/t" at <tpl "{{ .x" .>: error calling tpl: cannot parse template "{{ .x": template: gotpl:1: unclosed action',
  ],
  [
    '{{ include "nope" . }}',
    'template: c/t:1:3: executing "c/t" at <include "nope" .>: error calling include: template: no template "nope" associated with template "gotpl"',
  ],
  [
    '{{ define "f" }}{{ fail "inner" }}{{ end }}{{ include "f" . }}',
    'template: c/t:1:46: executing "c/t" at <include "f" .>: error calling include: template: c/t:1:19: executing "f" at <fail "inner">: error calling fail: inner',
  ],
  [
    '{{ tpl "{{ template \\"nope\\" }}" . }}',
    'template: c/t:1:3: executing "c/t" at <tpl "{{ template \\"nope\\" }}" .>: error calling tpl: error during tpl function execution for "{{ template \\"nope\\" }}": template: gotpl:1:12: executing "gotpl" at <{{template "nope"}}>: template "nope" not defined',
  ],
  ['{{ tpl 1 . }}', 'template: c/t:1:7: executing "c/t" at <1>: expected string; found 1'],
  [
    '{{ include "x" }}',
    'template: c/t:1:3: executing "c/t" at <include>: wrong number of args for include: want 2 got 1',
  ],
  ['{{ required 1 2 }}', 'template: c/t:1:12: executing "c/t" at <1>: expected string; found 1'],
  ['{{ fail 1 }}', 'template: c/t:1:8: executing "c/t" at <1>: expected string; found 1'],
];

describe('helm', () => {
  test.each(CASES)('%s', (template, output) => {
    expect(evaluate(template)).toBe(output);
  });

  test.each(ERRORS)('%s fails', (template, error) => {
    expect(evaluate(template)).toBe(`ERR ${error}`);
  });
});
