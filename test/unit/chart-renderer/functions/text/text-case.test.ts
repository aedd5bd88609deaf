import { describe, expect, test } from '@jest/globals';
import { evaluate } from '../evaluate.ts';

/** Templates and what Helm 3.22 makes of them. */
const CASES: readonly (readonly [template: string, output: string])[] = [
  ['{{ upper .Values.s }}', 'HELLO WORLD'],
  ['{{ lower "ABC" }}', 'abc'],
  ['{{ title .Values.s }}', 'Hello World'],
  ['{{ untitle "Hello World" }}', 'hello world'],
  ['{{ upper .Values.uni }}', 'HÉLLO WÖRLD ß'],
  ['{{ title .Values.uni }}', 'Héllo Wörld ß'],
  ['{{ trim "  x y \\n" }}', 'x y'],
  ['{{ snakecase "FirstName" }}', 'first_name'],
  ['{{ snakecase "HTTPServer" }}', 'http_server'],
  ['{{ snakecase "NoHTTPS" }}', 'no_https'],
  ['{{ snakecase "GO_PATH" }}', 'go_path'],
  ['{{ snakecase "GO PATH" }}', 'go_path'],
  ['{{ snakecase "http2xx" }}', 'http_2xx'],
  ['{{ snakecase "HTTP20xOK" }}', 'http_20x_ok'],
  ['{{ snakecase "Duration2m3s" }}', 'duration_2m3s'],
  ['{{ snakecase "Bld4Floor3rd" }}', 'bld4_floor_3rd'],
  ['{{ snakecase "a.b-c" }}', 'a.b_c'],
  ['{{ snakecase "__a__" }}', '__a__'],
  ['{{ snakecase "1a2b" }}', '1a2b'],
  ['{{ snakecase "aB1" }}', 'a_b1'],
  ['{{ snakecase .Values.uni }}', 'héllo_wörld_ß'],
  ['{{ snakecase "$a+B" }}', '$_a_+_b'],
  ['{{ kebabcase "FirstName" }}', 'first-name'],
  ['{{ kebabcase "HTTPServer" }}', 'http-server'],
  ['{{ kebabcase "some_var Name-x" }}', 'some-var-name-x'],
  ['{{ kebabcase "X" }}', 'x'],
  ['{{ kebabcase "aBcDeF" }}', 'a-bc-de-f'],
  ['{{ kebabcase "ABC1D" }}', 'abc1-d'],
  ['{{ kebabcase "abc  def" }}', 'abc--def'],
  ['{{ camelcase "http_server" }}', 'HttpServer'],
  ['{{ camelcase "_camel_case" }}', '_CamelCase'],
  ['{{ camelcase "no_https" }}', 'NoHttps'],
  ['{{ camelcase "_complex__case_" }}', '_Complex_Case_'],
  ['{{ camelcase "all" }}', 'All'],
  ['{{ camelcase "GOLANG_IS_GREAT" }}', 'GolangIsGreat'],
  ['{{ camelcase "GOLANG" }}', 'Golang'],
  ['{{ camelcase "a" }}', 'A'],
  ['{{ camelcase "foo-bar baz" }}', 'FooBarBaz'],
  ['{{ camelcase "__" }}', '___'],
  ['{{ camelcase "FOO_bar" }}', 'FooBar'],
  ['{{ camelcase "fooBAR" }}', 'FooBAR'],
  ['{{ swapcase "This Is A.Test" }}', 'tHIS iS a.tEST'],
  ['{{ swapcase "aB cD" }}', 'Ab Cd'],
  ['{{ swapcase .Values.uni }}', 'HÉLLO WÖRLD ß'],
  ['{{ .Values.uni | upper | quote }}', '"HÉLLO WÖRLD ß"'],
];

/** Templates and Helm's errors. */
const ERRORS: readonly (readonly [template: string, error: string])[] = [
  ['{{ upper 1 }}', 'template: c/t:1:9: executing "c/t" at <1>: expected string; found 1'],
  [
    '{{ upper .Values.n }}',
    'template: c/t:1:16: executing "c/t" at <.Values.n>: wrong type for value; expected string; got float64',
  ],
  [
    '{{ upper .Values.nil }}',
    'template: c/t:1:16: executing "c/t" at <.Values.nil>: wrong type for value; expected string; got interface {}',
  ],
  [
    '{{ upper .Values.missing }}',
    'template: c/t:1:16: executing "c/t" at <.Values.missing>: wrong type for value; expected string; got interface {}',
  ],
  ['{{ upper }}', 'template: c/t:1:3: executing "c/t" at <upper>: wrong number of args for upper: want 1 got 0'],
  [
    '{{ upper "a" "b" }}',
    'template: c/t:1:3: executing "c/t" at <upper>: wrong number of args for upper: want 1 got 2',
  ],
];

describe('text case', () => {
  test.each(CASES)('%s', (template, output) => {
    expect(evaluate(template)).toBe(output);
  });

  test.each(ERRORS)('%s fails', (template, error) => {
    expect(evaluate(template)).toBe(`ERR ${error}`);
  });
});
