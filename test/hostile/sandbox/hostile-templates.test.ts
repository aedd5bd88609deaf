import { afterAll, describe, expect, test } from '@jest/globals';
import { createSandbox, type JsonObject } from '../../../chart-renderer/index.ts';
import { chartOf, CONFIG_MAP, handlebarsChartOf, refusalOf, renderIn } from './charts.ts';

const TIMEOUT = /^limit: .*limit (timeoutMs|deadlineMs)\)/;
const DEPTH = /^limit: .*limit maxDepth\)/;
const STACK = /^limit: .*limit of the stack\)/;
const OUTPUT = /^limit: .*limit (maxOutputChars|outputBytes)\)/;
const LIST = /^limit: .*a list of .* items is asked for \(limit 1000000\)/;
const TEXT = /^limit: .*a text of .* characters is asked for \(limit 33554432\)/;
const MEMORY = /^limit: .*limit memoryMb\)/;

/** They wait for each other, on machines that do other things too. */
const PATIENCE_MS = 60_000;

const sandbox = createSandbox({ workers: 2, limits: { timeoutMs: 1000 } });
afterAll(() => sandbox.close());

type Row = readonly [what: string, template: string, limit: RegExp, values?: JsonObject];

const GROWING = '{{ tpl (print .x .x) (dict "x" (print .x .x) "Template" .Template) }}';

describe('a Go template', () => {
  test.concurrent.each<Row>([
    ['an endless list', '{{ range until 1000000000 }}x{{ end }}', LIST],
    ['a billion rounds', '{{ range 1000000000000 }}{{ end }}', TIMEOUT],
    ['much output', '{{ range until 1000 }}{{ repeat 100000 "x" }}{{ end }}', OUTPUT],
    ['a gigabyte of text', '{{ repeat 1000000000 "x" }}', TEXT],
    ['text that doubles', '{{ $x := "xxxx" }}{{ range until 40 }}{{ $x = print $x $x }}{{ end }}', /^limit: /],
    ['a list that doubles', '{{ $x := list 1 }}{{ range until 60 }}{{ $x = concat $x $x }}{{ end }}', /^limit: /],
    ['an include of itself', '{{ define "a" }}{{ include "a" . }}{{ end }}{{ include "a" . }}', DEPTH],
    ['a template of itself', '{{ define "a" }}{{ template "a" . }}{{ end }}{{ template "a" . }}', DEPTH],
    [
      'an include of itself inside much else',
      '{{ define "a" }}{{ if . }}{{ with . }}{{ range list . }}{{ include "a" . | indent 1 | trim | upper }}{{ end }}{{ end }}{{ end }}{{ end }}{{ include "a" . }}',
      DEPTH,
    ],
    [
      'includes of each other',
      '{{ define "a" }}{{ include "b" . }}{{ end }}{{ define "b" }}{{ include "a" . }}{{ end }}{{ include "a" . }}',
      DEPTH,
    ],
    ['a tpl of itself', '{{ tpl .Values.x . }}', DEPTH, { x: '{{ tpl .Values.x . }}' }],
    ['a tpl that grows', '{{ tpl .Values.x (dict "x" .Values.x "Template" .Template) }}', /^limit: /, { x: GROWING }],
    ['a dict inside itself', '{{ $x := dict }}{{ $_ := set $x "a" $x }}{{ $x }}', STACK],
    ['keys without end', '{{ range until 1000 }}{{ $_ := genPrivateKey "rsa" }}{{ end }}', TIMEOUT],
    ['passwords without end', '{{ range until 10000 }}{{ $_ := bcrypt "x" }}{{ end }}', TIMEOUT],
  ])(
    '%s',
    async (_what, template, limit, values = {}) => {
      expect(await refusalOf(renderIn(sandbox, chartOf(template), values))).toMatch(limit);
    },
    PATIENCE_MS,
  );

  test('the depth that Helm allows is not too deep for the stack', async () => {
    const template =
      '{{ define "a" }}{{ if lt . 990 }}{{ include "a" (add1 . | int) | trim }}{{ end }}.{{ end }}# {{ include "a" 1 }}';
    const { files } = await renderIn(sandbox, chartOf(template));
    expect(files['app/templates/x.yaml']).toBe(`# ${'.'.repeat(990)}`);
  });

  test('a width of a billion is none, as in Go', async () => {
    const { files } = await renderIn(sandbox, chartOf('# {{ printf "%999999999d" 1 }}'));
    expect(files['app/templates/x.yaml']?.length).toBeLessThan(100);
  });

  test('a pattern that backtracking takes ages for is matched in linear time', async () => {
    const chart = chartOf('# {{ regexMatch "^(a+)+$" .Values.x }}');
    const { files } = await renderIn(sandbox, chart, { x: `${'a'.repeat(20_000)}b` });
    expect(files['app/templates/x.yaml']).toBe('# false');
  });

  test.each<readonly [string, string]>([
    ['__proto__', '# {{ .Values.__proto__ }}{{ .Values.constructor }}{{ .Chart.constructor }}'],
    ['by index', '# {{ index .Values "__proto__" }}{{ index .Values "constructor" }}{{ get .Values "toString" }}'],
  ])('what JavaScript gives every object is not seen: %s', async (_what, template) => {
    const rendering = await renderIn(sandbox, chartOf(template)).catch((error: Error) => error.message);
    expect(JSON.stringify(rendering)).not.toMatch(/native code|\[object|function/i);
  });

  test.each(['env', 'expandenv'])('%s is not defined', async (name) => {
    expect(await refusalOf(renderIn(sandbox, chartOf(`{{ ${name} "PATH" }}`)))).toBe(
      `parse: parse error at (app/templates/x.yaml:1): function "${name}" not defined`,
    );
  });

  test('getHostByName asks nobody', async () => {
    const { files } = await renderIn(sandbox, chartOf('# {{ getHostByName "localhost" }}'));
    expect(files['app/templates/x.yaml']).toBe('# ');
  });
});

describe('a template that takes more memory than there is', () => {
  test.concurrent.each<readonly [string, string]>([
    [
      'in many small pieces',
      '{{ $x := dict }}{{ range until 1000000 }}{{ $_ := set $x (toString .) (until 2000) }}{{ end }}',
    ],
    // V8 ends the whole process where one piece is larger than the rest of the heap.
    [
      'in few large ones',
      '{{ $x := dict }}{{ range until 100 }}{{ $_ := set $x (toString .) (repeat 16000000 "é€" | upper) }}{{ end }}',
    ],
  ])(
    '%s',
    async (_what, template) => {
      const roomy = createSandbox({ workers: 1, limits: { memoryMb: 128 } });
      expect(await refusalOf(renderIn(roomy, chartOf(template)))).toMatch(MEMORY);
      expect((await renderIn(roomy, chartOf(CONFIG_MAP))).objects).toHaveLength(1);
      roomy.close();
    },
    20_000,
  );
});

describe('a Handlebars template', () => {
  const forty = { list: Array<number>(40).fill(1) };
  const nested = `{{#each Values.list}}${'{{#each @root.Values.list}}'.repeat(5)}x${'{{/each}}'.repeat(6)}`;

  test.concurrent.each<Row>([
    ['loops of 40^6 rounds', nested, TIMEOUT, forty],
    ['5000 conditions inside each other', `${'{{#if true}}'.repeat(5000)}x${'{{/if}}'.repeat(5000)}`, /^limit: /],
    [
      'text that is indented again and again',
      '{{indent 1000 (indent 1000 Values.x)}}',
      /^limit: /,
      { x: '\n'.repeat(100_000) },
    ],
  ])(
    '%s',
    async (_what, template, limit, values = {}) => {
      expect(await refusalOf(renderIn(sandbox, handlebarsChartOf(template), values))).toMatch(limit);
    },
    PATIENCE_MS,
  );

  test.each([
    ['a partial of itself', '{{> p}}'],
    ['an include of itself', '{{include "p" this}}'],
  ])('%s', async (_what, template) => {
    const chart = handlebarsChartOf(template, { '_p.hbs': template });
    expect(await refusalOf(renderIn(sandbox, chart))).toMatch(/^limit: .*limit (of the stack|timeoutMs)\)/);
  });

  test.each([
    ['prototypes', '{{Values.constructor}}{{Values.__proto__}}{{lookup Values "constructor"}}{{Values.toString}}'],
    ['calls of methods', '{{#with "s" as |s|}}{{#with "e"}}{{s.sub.apply}}{{s.constructor.name}}{{/with}}{{/with}}'],
    ['getters', '{{#with this}}{{__defineGetter__}}{{__lookupGetter__}}{{valueOf}}{{/with}}'],
  ])('does not see %s', async (_what, template) => {
    const { files } = await renderIn(sandbox, handlebarsChartOf(`# ${template}`));
    expect(files['app/templates/x.yaml']).toBe('# ');
  });

  test('data is no partial', async () => {
    const values = { payload: { type: 'Program', body: [] } };
    expect(await refusalOf(renderIn(sandbox, handlebarsChartOf('{{> (lookup Values "payload")}}'), values))).toMatch(
      /^execute: .*could not be found/,
    );
  });
});
