import { describe, expect, test } from '@jest/globals';

import { type Budget, define, TemplateError, TemplateFile, TemplateSet } from '../../../../golang/template/index.ts';
import type { Value } from '../../../../golang/reflect/index.ts';
import { FUNCTIONS } from './recorded/functions.ts';
import { cpuMs } from '../../../support/cpu-time.ts';

function failureOf(text: string, budget: Partial<Budget> = {}, dot: Value = new Map()): TemplateError {
  try {
    const set = new TemplateSet('gotpl', FUNCTIONS);
    set.add(new TemplateFile('a.yaml', text));
    set.execute('a.yaml', dot, { budget });
  } catch (error) {
    if (error instanceof TemplateError) return error;
    throw error;
  }
  throw new Error('the template did not fail');
}

/** Templates that each call the one before twice. */
function doubling(levels: number, call: string): string {
  const level = (i: number): string => `{{define "e${i}"}}{{${call} "e${i - 1}" .}}{{${call} "e${i - 1}" .}}{{end}}`;
  const defines = Array.from({ length: levels }, (_unused, i) => level(i + 1));
  return `{{define "e0"}}xxxxxxxxxx{{end}}${defines.join('')}{{${call} "e${levels}" .}}`;
}

describe('the limits of an execution', () => {
  test.each([
    ['template', '{{define "q"}}{{template "q" .}}{{end}}{{template "q" .}}'],
    ['include', '{{define "q"}}{{include "q" .}}{{end}}{{include "q" .}}'],
    ['two by turns', '{{define "a"}}{{include "b" .}}{{end}}{{define "b"}}{{template "a" .}}{{end}}{{include "a" .}}'],
  ])('endless recursion by %s is stopped at a maximum depth', (_by, text) => {
    const error = failureOf(text, { maxDepth: 100 });
    expect(error.code).toBe('Limit');
    expect(error.message).toContain('maxDepth');
  });

  test('recursion deeper than the stack is a limit too', () => {
    const error = failureOf('{{define "q"}}{{template "q" .}}{{end}}{{template "q" .}}', { maxDepth: Infinity });
    expect(error.code).toBe('Limit');
  });

  test.each(['template', 'include'])('output that doubles at every level of %s is stopped', (call) => {
    const error = failureOf(doubling(30, call), { maxOutputChars: 100_000 });
    expect(error.code).toBe('Limit');
    expect(error.message).toContain('maxOutputChars');
  });

  test.each(['{{range 1000000000000}}{{end}}', doubling(60, 'template').replace('xxxxxxxxxx', '')])(
    'endless work without output is stopped when its time is up',
    (text) => {
      let asked = 0;
      const error = failureOf(text, { isTimeOver: () => ++asked === 3 });
      expect(error.code).toBe('Limit');
      expect(error.message).toContain('timeoutMs');
      expect(asked).toBe(3);
    },
  );

  test('strings longer than the runtime can hold are a limit', () => {
    const functions = new Map(FUNCTIONS).set(
      'grow',
      define(['string'], (text) => text.repeat(2 ** 30)),
    );
    const set = new TemplateSet('gotpl', functions);
    set.add(new TemplateFile('a.yaml', '{{ grow "ab" }}'));
    expect(() => set.execute('a.yaml', null)).toThrow(expect.objectContaining({ code: 'Limit' }));
  });
});

describe('hostile sources', () => {
  test.each([
    ['parentheses', `{{ ${'('.repeat(20_000)}`, 'Parse'],
    ['blocks', '{{if 1}}'.repeat(20_000), 'Parse'],
    ['else if', `{{if 0}}${'{{else if 0}}'.repeat(20_000)}{{end}}`, 'Parse'],
    ['pipes', `{{ 1${' | print'.repeat(20_000)} }}`, 'Limit'],
    ['fields', `{{ .a${'.a'.repeat(20_000)} }}`, 'Execute'],
    ['digits', `{{ 0${'7'.repeat(50_000)}8 }}`, 'Parse'],
  ])('endless %s give a typed error', (_what, text, code) => {
    expect(failureOf(text).code).toBe(code);
  });

  test.each([
    ['hexadecimal digits', `{{ 0x${'f'.repeat(100_000)} }}`],
    ['digits before an exponent', `{{ 1${'0'.repeat(100_000)}e }}`],
    ['variables', `{{ $a := 1 }}${'{{ $x := 1 }}'.repeat(40_000)}{{ $z := 1 }}${'{{ $z }}'.repeat(40_000)}{{ end }}`],
  ])('very many %s are found invalid in little time', (_what, text) => {
    const start = cpuMs();
    expect(failureOf(text).code).toBe('Parse');
    expect(cpuMs() - start).toBeLessThan(2000);
  });

  test.each([
    ['before a trim marker', `${' '.repeat(200_000)}x{{- 1 }}`],
    ['inside an action', `{{ 1${' '.repeat(200_000)} }}`],
    ['behind a trim marker', `{{ 1 -}}${' '.repeat(200_000)}x`],
  ])('long runs of blanks %s take little time', (_where, text) => {
    const start = cpuMs();
    const set = new TemplateSet('gotpl', FUNCTIONS);
    set.add(new TemplateFile('a.yaml', text));
    expect(set.execute('a.yaml', null)).toContain('1');
    expect(cpuMs() - start).toBeLessThan(2000);
  });

  test.each(['__proto__', 'constructor', 'toString', 'hasOwnProperty'])('%s is a key like any other', (name) => {
    const set = new TemplateSet('gotpl', FUNCTIONS);
    set.add(
      new TemplateFile('a.yaml', `{{ .${name} }}{{ index . "${name}" }}{{ len . }}{{ (dict "${name}" 1).${name} }}`),
    );
    expect(set.execute('a.yaml', new Map())).toBe('<no value><no value>01');
  });
});
