import { HELM_FUNCTIONS, type TemplateHost } from '../../../../chart-renderer/functions/index.ts';
import { fromJson, type Value } from '../../../../golang/reflect/index.ts';
import { TemplateFile, TemplateSet } from '../../../../golang/template/index.ts';

/** What the templates of the tables see as `.Values`. */
const VALUES = {
  s: 'hello world',
  n: 3,
  f: 1.5,
  big: 12345678901,
  neg: -7,
  b: true,
  no: false,
  nil: null,
  empty: '',
  l: ['a', 'b', 'c', 'a', 1, 2.5, true, null],
  nums: [3, 1, 2],
  strs: ['pear', 'apple', 'fig'],
  m: { a: 1, b: { c: 'd', e: [1, 2] }, z: null },
  m2: { a: 2, b: { c: 'x', f: 1 }, g: [] },
  e: {},
  el: [],
  uni: 'héllo wörld ß',
  multi: 'line1\nline2\n',
  ver: '1.2.3-beta.1+meta',
  url: 'https://user:pa%20ss@host.example.com:8080/a%20b/c?x=1&y=2#frag',
  tpl: '{{ .Values.s | upper }}',
};

/** The output of a template with Helm's functions, or `ERR` and Go's error text. */
export function evaluate(template: string, host: TemplateHost = {}): string {
  const set = new TemplateSet('gotpl', HELM_FUNCTIONS);
  const data = new Map<string, Value>([['Values', fromJson(VALUES)]]);
  try {
    set.add(new TemplateFile('c/t', template));
    return set.execute('c/t', data, { host }).replaceAll('<no value>', '');
  } catch (error) {
    return `ERR ${error instanceof Error ? error.message : String(error)}`;
  }
}
