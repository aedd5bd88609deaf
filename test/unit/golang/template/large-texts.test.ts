import { describe, expect, test } from '@jest/globals';
import { fromJson } from '../../../../golang/reflect/index.ts';
import { TemplateFile, TemplateSet } from '../../../../golang/template/index.ts';
import { Dice } from '../../../conformance/random/dice.ts';
import { FUNCTIONS } from './recorded/functions.ts';

const LARGE = { latin: 'spec: {}\n'.repeat(2000), wide: 'spec: "…"\n'.repeat(2000) };
const PARTS = [
  LARGE.latin,
  LARGE.wide,
  'small\n',
  '{{ .text }}',
  '{{ if .flag }}yes{{ else }}no{{ end }}',
  `{{ if .flag }}${LARGE.latin}{{ end }}`,
  `{{ if .flag }}${LARGE.latin}{{ else }}${LARGE.wide}{{ end }}`,
  `{{ range .list }}${LARGE.latin}{{ . }}{{ end }}`,
  '{{ template "large" . }}',
  '{{ include "large" . }}',
];
const HELPERS = `{{ define "large" }}<${LARGE.wide}{{ .text }}>{{ end }}{{ define "whole" }}{{ include "a" . }}{{ end }}`;

function setOf(text: string): TemplateSet {
  const set = new TemplateSet('gotpl', FUNCTIONS);
  set.add(new TemplateFile('helpers', HELPERS));
  set.add(new TemplateFile('a', text));
  return set;
}

function dataOf(dice: Dice, depth = 0): Record<string, unknown> {
  return {
    text: dice.pick(['', 'x', 'y']),
    flag: dice.pick([true, false]),
    list: dice.pick([[], [1], [1, 2], [2, 1]]),
    inner: depth < 2 ? dataOf(dice, depth + 1) : {},
  };
}

describe('a template with large texts', () => {
  test.each(Array.from({ length: 25 }, (_none, seed) => seed))('writes what it does as a whole, seed %i', (seed) => {
    const dice = new Dice(seed);
    const parts = Array.from({ length: 6 }, () => dice.pick(PARTS));
    const text = [...parts, '{{ if .inner }}{{ include "a" .inner }}{{ end }}'].join('');
    const set = setOf(text);
    for (let time = 0; time < 12; time++) {
      const data = fromJson(dataOf(dice) as Parameters<typeof fromJson>[0]);
      expect(set.execute('a', data)).toBe(setOf(text).execute('whole', data));
    }
  });

  test('writes the same again, after something else and after a failure', () => {
    const set = setOf(`${LARGE.latin}{{ .text }}{{ if .flag }}{{ fail "no" }}{{ end }}${LARGE.wide}`);
    const of = (text: string): string => set.execute('a', fromJson({ text }));
    expect(of('1')).toBe(`${LARGE.latin}1${LARGE.wide}`);
    expect(() => set.execute('a', fromJson({ flag: true }))).toThrow('no');
    expect(of('2')).toBe(`${LARGE.latin}2${LARGE.wide}`);
    expect(of('2')).toBe(`${LARGE.latin}2${LARGE.wide}`);
    expect(of('1')).toBe(`${LARGE.latin}1${LARGE.wide}`);
  });

  test('counts each of them towards the limit of output', () => {
    const set = setOf(LARGE.latin.repeat(2));
    expect(() => set.execute('a', null, { budget: { maxOutputChars: LARGE.latin.length } })).toThrow('maxOutputChars');
  });
});
