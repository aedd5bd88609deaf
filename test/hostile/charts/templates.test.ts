import { afterAll, describe, expect, test } from '@jest/globals';
import { createSandbox, type JsonObject } from '../../../chart-renderer/index.ts';
import { chartOf, hasty, NAMED_LIMIT, refusalOf, renderIn } from '../sandbox/charts.ts';

// They wait for each other, on machines that do other things too.
const sandbox = createSandbox({ workers: 2 });
afterAll(() => sandbox.close());

const TIMEOUT = /^Limit: .*\(limit timeoutMs\)$/;
const DEPTH = /^Limit: .*\(limit maxDepth\)$/;
const STACK = /^Limit: .*\(limit of the stack\)$/;
const OUTPUT = /^Limit: .*\(limit maxOutputChars\)$/;
const LIST = /^Limit: .*the chart asks for a list of .* items, more than 1000000 \(limit listItems\)$/;
const TEXT = /^Limit: .*the chart asks for a text of .* characters, more than 33554432 \(limit textChars\)$/;

type Row = readonly [what: string, template: string, limit: RegExp, values?: JsonObject];

const RECURSION = '{{ define "a" }}{{ include "a" . }}{{ end }}{{ include "a" . }}';
const DEEP_RECURSION = `{{ define "a" }}{{ if . }}{{ with . }}{{ range list . }}{{ include "a" . | indent 1 | trim | upper }}
  {{ end }}{{ end }}{{ end }}{{ end }}{{ include "a" . }}`;
const BY_TURNS =
  '{{ define "a" }}{{ include "b" . }}{{ end }}{{ define "b" }}{{ include "a" . }}{{ end }}{{ include "a" . }}';
const GROWING = '{{ tpl (print .x .x) (dict "x" (print .x .x) "Template" .Template) }}';

describe('a template is stopped', () => {
  test.concurrent.each<Row>([
    ['an endless list', '{{ range until 1000000000 }}x{{ end }}', LIST],
    ['a list in steps', '{{ untilStep 0 2000000000 1 }}', LIST],
    ['a list that doubles', '{{ $x := list 1 }}{{ range until 60 }}{{ $x = concat $x $x }}{{ end }}', NAMED_LIMIT],
    ['much output', '{{ range until 1000 }}{{ repeat 100000 "x" }}{{ end }}', OUTPUT],
    ['a gigabyte of text', '{{ repeat 1000000000 "x" }}', TEXT],
    ['a gigabyte of indentation', String.raw`{{ "a\nb" | nindent 500000000 }}`, TEXT],
    ['a text put between all characters', '{{ replace "" (repeat 30000 "x") (repeat 30000 "y") }}', TEXT],
    ['text that doubles', '{{ $x := "xxxx" }}{{ range until 40 }}{{ $x = print $x $x }}{{ end }}', NAMED_LIMIT],
    ['an include of itself', RECURSION, DEPTH],
    ['a template of itself', RECURSION.replaceAll('include', 'template'), DEPTH],
    ['an include of itself inside much else', DEEP_RECURSION, DEPTH],
    ['includes of each other', BY_TURNS, DEPTH],
    ['a tpl of itself', '{{ tpl .Values.x . }}', DEPTH, { x: '{{ tpl .Values.x . }}' }],
    ['a tpl that grows', '{{ tpl .Values.x (dict "x" .Values.x "Template" .Template) }}', NAMED_LIMIT, { x: GROWING }],
    ['a dict inside itself', '{{ $x := dict }}{{ $_ := set $x "a" $x }}{{ $x }}', STACK],
  ])('%s', async (_what, template, limit, values = {}) => {
    expect(await refusalOf(renderIn(sandbox, chartOf(template), values))).toMatch(limit);
  });

  test.each<readonly [string, string]>([
    ['a billion rounds', '{{ range 1000000000000 }}{{ end }}'],
    ['keys without end', '{{ range until 100000 }}{{ $_ := genPrivateKey "rsa" }}{{ end }}'],
    ['bcrypt without end', '{{ range until 100000 }}{{ $_ := bcrypt "x" }}{{ end }}'],
    ['passwords without end', '{{ range until 100000 }}{{ $_ := derivePassword 1 "long" "a" "b" "c" }}{{ end }}'],
  ])('%s', async (_what, template) => {
    const limited = hasty();
    expect(await refusalOf(renderIn(limited, chartOf(template)))).toMatch(TIMEOUT);
    limited.close();
  });
});

describe('a template behaves as in Go', () => {
  test.each<readonly [what: string, template: string, output: string, values?: JsonObject]>([
    [
      'at a depth of 990',
      '{{ define "a" }}{{ if lt . 990 }}{{ include "a" (add1 . | int) | trim }}{{ end }}.{{ end }}{{ include "a" 1 }}',
      '.'.repeat(990),
    ],
    ['with a width of a billion', '{{ printf "%999999999d" 1 }}', '%!(NOVERB)%!(EXTRA int=1)'],
    ['with steps of nothing', '{{ untilStep 0 10 0 }}', '[]'],
    [
      'with a pattern made for backtracking',
      '{{ regexMatch "^(a+)+$" .Values.x }}',
      'false',
      { x: `${'a'.repeat(20_000)}b` },
    ],
    ['with a text of 4 MB for tpl', '{{ tpl .Values.x . | len }}', '4000000', { x: 'x'.repeat(4_000_000) }],
    ['with .Files outside of the chart', '{{ .Files.Get "../../etc/passwd" }}{{ .Files.Get "/etc/passwd" }}', ''],
    ['except that getHostByName resolves nothing', '{{ getHostByName "localhost" }}', ''],
  ])('%s', async (_what, template, output, values = {}) => {
    const { files } = await renderIn(sandbox, chartOf(`# ${template}`), values);
    expect(files['app/templates/x.yaml']).toBe(`# ${output}`);
  });

  test.each<readonly [what: string, template: string]>([
    ['a field', '{{ .Values.__proto__ }}{{ .Values.constructor }}{{ .Chart.constructor }}{{ .Files.constructor }}'],
    ['an index', '{{ index .Values "__proto__" }}{{ index .Values "constructor" }}{{ get .Values "toString" }}'],
    ['a call', '{{ (dict).hasOwnProperty "x" }}'],
  ])('and sees nothing of JavaScript through %s', async (_what, template) => {
    const outcome = await renderIn(sandbox, chartOf(`# ${template}`)).catch((error: Error) => error.message);
    expect(JSON.stringify(outcome)).not.toMatch(/native code|\[object|function/i);
  });

  test.each(['env', 'expandenv'])('and as in Helm has no %s', async (name) => {
    expect(await refusalOf(renderIn(sandbox, chartOf(`{{ ${name} "PATH" }}`)))).toBe(
      `Parse: parse error at (app/templates/x.yaml:1): function "${name}" not defined`,
    );
  });
});
