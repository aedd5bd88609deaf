import { describe, expect, test } from '@jest/globals';
import { HELM_FUNCTIONS } from '../../../../chart-renderer/functions/index.ts';
import { TemplateError, TemplateFile, TemplateSet } from '../../../../golang/template/index.ts';
import { evaluate } from './evaluate.ts';
import { cpuMs } from '../../../support/cpu-time.ts';

const BOMBS: readonly string[] = [
  '{{ repeat 1000000000 "xxxxxxxx" }}',
  '{{ until 1000000000 }}',
  '{{ untilStep 0 2000000000 1 }}',
  '{{ seq 1000000000 }}',
  '{{ indent 1000000000 "x" }}',
  '{{ "a\\nb" | nindent 900000000 }}',
  '{{ randAlphaNum 1000000000 }}',
  '{{ randBytes 1000000000 }}',
  '{{ replace "" (repeat 1000 "x") (repeat 1000000 "y") }}',
  '{{ regexReplaceAll "" (repeat 1000000 "y") (repeat 1000 "x") }}',
  '{{ wrapWith 1 (repeat 10000 "x") (repeat 1000000 "y") }}',
];

describe('limits', () => {
  test.each(BOMBS)('%s is stopped before it takes up memory', (template) => {
    const set = new TemplateSet('gotpl', HELM_FUNCTIONS);
    set.add(new TemplateFile('t', template));
    const start = cpuMs();
    let code: unknown;
    try {
      set.execute('t', new Map());
    } catch (error) {
      code = error instanceof TemplateError ? error.code : error;
    }
    expect(code).toBe('Limit');
    expect(cpuMs() - start).toBeLessThan(2000);
  });

  test('regular expressions take linear time', () => {
    const start = cpuMs();
    expect(evaluate('{{ regexMatch "^(a+)+$" (print (repeat 5000 "a") "!") }}')).toBe('false');
    expect(cpuMs() - start).toBeLessThan(2000);
  });

  test('distinct items of a long list are found without comparing all pairs', () => {
    expect(evaluate('{{ until 100000 | uniq | len }}')).toBe('100000');
  });

  test('keys named like a prototype are plain keys', () => {
    expect(evaluate('{{ $d := dict "__proto__" (dict "x" 1) "constructor" 2 }}{{ merge (dict) $d | toJson }}')).toBe(
      '{"__proto__":{"x":1},"constructor":2}',
    );
    expect(({} as Record<string, unknown>)['x']).toBeUndefined();
  });
});
