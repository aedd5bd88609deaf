import { describe, expect, test } from '@jest/globals';

import {
  defineContextual,
  defineVariadic,
  type FunctionTable,
  TemplateError,
  TemplateFile,
  type TemplateFunction,
  TemplateSet,
} from '../../../../golang/template/index.ts';
import { fromJson } from '../../../../golang/reflect/index.ts';
import { FUNCTIONS } from './recorded/functions.ts';

const functions: FunctionTable = new Map<string, TemplateFunction>([
  ...FUNCTIONS,
  ['tpl', defineContextual(['string', 'any'], (context, text, dot) => context.render(text, dot))],
  ['hosted', defineContextual([], ({ host }) => (typeof host === 'string' ? host : null))],
  [
    'counted',
    defineContextual([], ({ scratch }) => {
      const count = Number(scratch.get('counted') ?? 0) + 1;
      scratch.set('counted', count);
      return count;
    }),
  ],
]);

function setOf(files: Record<string, string>): TemplateSet {
  const set = new TemplateSet('gotpl', functions);
  for (const [name, text] of Object.entries(files)) set.add(new TemplateFile(name, text));
  return set;
}

function errorOf(run: () => unknown): TemplateError {
  try {
    run();
  } catch (error) {
    if (error instanceof TemplateError) return error;
    throw error;
  }
  throw new Error('nothing failed');
}

describe('templates in several files', () => {
  test('call each other', () => {
    const set = setOf({ 'a.yaml': '{{ include "x" . }}', '_h.tpl': '{{ define "x" }}<{{ .v }}>{{ end }}' });
    expect(set.execute('a.yaml', fromJson({ v: 1 }))).toBe('<1>');
  });

  test('a later definition replaces an earlier one, a blank one does not', () => {
    const set = setOf({
      a: '{{ define "x" }}1{{ end }}',
      b: '{{ define "x" }}2{{ end }}',
      c: '{{ define "x" }} {{ end }}',
    });
    expect(set.execute('x', null)).toBe('2');
  });

  test('sets that share parsed texts do not share definitions', () => {
    const text = '{{ include "x" . }}';
    const one = setOf({ a: text, b: '{{ define "x" }}1{{ end }}' });
    const two = setOf({ a: text, b: '{{ define "x" }}2{{ end }}' });
    expect([one.execute('a', null), two.execute('a', null), one.execute('a', null)]).toEqual(['1', '2', '1']);
  });

  test('the same text under another name has that name in its errors', () => {
    const set = setOf({ 'a.yaml': '{{ fail "x" }}', 'b.yaml': '{{ fail "x" }}' });
    expect(errorOf(() => set.execute('b.yaml', null)).position?.template).toBe('b.yaml');
  });

  test('an unknown template is an error', () => {
    expect(errorOf(() => setOf({}).execute('nope', null)).message).toBe(
      'template: no template "nope" associated with template "gotpl"',
    );
  });
});

describe('text rendered at run time', () => {
  test('sees the templates of its set and its own definitions', () => {
    const set = setOf({
      a: `{{ tpl .text . }}`,
      h: '{{ define "x" }}old{{ end }}{{ define "y" }}{{ include "x" . }}{{ end }}',
    });
    const text = '{{ define "x" }}new{{ end }}{{ include "y" . }}{{ include "x" . }}';
    expect(set.execute('a', fromJson({ text }))).toBe('newnew');
    expect(set.execute('y', null)).toBe('old');
  });

  test('keeps its definitions to itself', () => {
    const set = setOf({
      a: `{{ tpl "{{ define \\"z\\" }}z{{ end }}" . }}{{ include "z" . }}`.replaceAll('\\\\', '\\'),
    });
    expect(errorOf(() => set.execute('a', null)).message).toContain('no template "z" associated with template "gotpl"');
  });

  test('with a syntax error has the code of a parse error at its origin', () => {
    const error = errorOf(() => setOf({ a: '\n{{ tpl "{{ if }}" . }}' }).execute('a', null));
    expect(error.message).toBe(
      'template: a:2:3: executing "a" at <tpl "{{ if }}" .>: error calling tpl: template: gotpl:1: missing value for if',
    );
    expect(error.cause).toMatchObject({ code: 'Parse' });
  });
});

describe('errors', () => {
  test('name the place of the innermost failure, and have Go’s chain in their text', () => {
    const set = setOf({
      'c/a.yaml': 'é: {{ include "x" . | upper }}',
      'c/_h.tpl': '{{ define "x" }}\nüü {{ .Values.a.b }}\n{{ end }}',
    });
    const error = errorOf(() => set.execute('c/a.yaml', fromJson({ Values: {} })));
    expect(error.code).toBe('Execute');
    expect(error.position).toEqual({ template: 'c/_h.tpl', line: 2, column: 15, snippet: 'üü {{ .Values.a.b }}' });
    expect(error.message).toBe(
      'template: c/a.yaml:1:7: executing "c/a.yaml" at <include "x" .>: error calling include: ' +
        'template: c/_h.tpl:2:15: executing "x" at <.Values.a.b>: nil pointer evaluating interface {}.b',
    );
  });

  test('in parsing name the line', () => {
    const error = errorOf(() => setOf({ a: 'x\n{{ nope }}\n' }));
    expect(error.code).toBe('Parse');
    expect(error.position).toEqual({ template: 'a', line: 2, column: undefined, snippet: '{{ nope }}' });
  });
});

describe('functions', () => {
  test('receive what the caller passed, and keep state for one execution', () => {
    const set = setOf({ a: '{{ hosted }}{{ counted }}{{ counted }}' });
    expect(set.execute('a', null, { host: 'h' })).toBe('h12');
    expect(set.execute('a', null, { host: 'i' })).toBe('i12');
  });

  test('in the table replace the built-in ones, and then and/or evaluate all arguments', () => {
    const table = new Map(functions).set(
      'or',
      defineVariadic([], 'any', () => 'mine'),
    );
    const set = new TemplateSet('gotpl', table);
    set.add(new TemplateFile('a', '{{ or true (fail "evaluated") }}'));
    expect(() => set.execute('a', null)).toThrow('evaluated');
  });
});
