import { describe, expect, test } from '@jest/globals';
import { evaluate } from '../evaluate.ts';

/** Templates and what Helm 3.22 makes of them. */
const CASES: readonly (readonly [template: string, output: string])[] = [
  ['{{ trimAll "$" "$5.00$" }}', '5.00'],
  ['{{ trimSuffix "-" "hello-" }}', 'hello'],
  ['{{ trimPrefix "-" "-hello" }}', 'hello'],
  ['{{ trimall "xy" "xyhelloyx" }}', 'hello'],
  ['{{ repeat 3 "hello" }}', 'hellohellohello'],
  ['{{ "ab" | repeat 0 }}', ''],
  ['{{ substr 0 5 "hello world" }}', 'hello'],
  ['{{ substr 2 -1 "hello" }}', 'llo'],
  ['{{ substr -1 3 "hello" }}', 'hel'],
  ['{{ substr 1 100 "hello" }}', 'ello'],
  ['{{ nospace "hello w o r l d" }}', 'helloworld'],
  ['{{ trunc 5 "hello world" }}', 'hello'],
  ['{{ trunc -5 "hello world" }}', 'world'],
  ['{{ trunc 50 "x" }}', 'x'],
  ['{{ trunc -50 "x" }}', 'x'],
  ['{{ trunc 3 .Values.uni }}', 'hé'],
  ['{{ abbrev 5 "hello world" }}', 'he...'],
  ['{{ abbrev 3 "hello world" }}', 'hello world'],
  ['{{ abbrevboth 5 10 "1234 5678 9123" }}', '...5678...'],
  ['{{ abbrevboth 5 10 "1234567890123456789" }}', '...6789...'],
  ['{{ abbrevboth 0 10 "1234567890123456789" }}', '1234567...'],
  ['{{ abbrevboth 12 10 "1234567890123456789" }}', '...3456789'],
  ['{{ initials "First Try" }}', 'FT'],
  ['{{ initials .Values.uni }}', 'hwÃ'],
  ['{{ contains "cat" "catch" }}', 'true'],
  ['{{ hasPrefix "cat" "catch" }}', 'true'],
  ['{{ hasSuffix "cat" "catch" }}', 'false'],
  [
    '{{ quote "a" 1 nil 1.5 true "q\\"x" .Values.uni "tab\\t\\x00" }}',
    '"a" "1" "1.5" "true" "q\\"x" "héllo wörld ß" "tab\\t\\x00"',
  ],
  ['{{ squote "a" 1 nil 1.5 }}', "'a' '1' '1.5'"],
  ['{{ quote .Values.l }}', '"[a b c a 1 2.5 true <nil>]"'],
  ['{{ squote .Values.m }}', "'map[a:1 b:map[c:d e:[1 2]] z:<nil>]'"],
  ['{{ cat "hello" 1 nil .Values.l "x" }}', 'hello 1 [a b c a 1 2.5 true <nil>] x'],
  ['{{ cat }}', ''],
  ['{{ cat "100%" "a" }}', '100% a'],
  ['{{ indent 4 .Values.multi }}', '    line1\n    line2\n    '],
  ['{{ nindent 2 "a\\nb" }}', '\n  a\n  b'],
  ['{{ indent 0 "x" }}', 'x'],
  ['{{ replace " " "-" .Values.s }}', 'hello-world'],
  ['{{ replace "" "-" "abc" }}', '-a-b-c-'],
  ['{{ replace "l" "$1$&" "hello" }}', 'he$1$&$1$&o'],
  ['{{ plural "one anchovy" "many anchovies" 1 }}', 'one anchovy'],
  ['{{ plural "one" "many" 2 }}', 'many'],
  ['{{ splitList "$" "foo$bar$baz" }}', '[foo bar baz]'],
  ['{{ (split "$" "foo$bar$baz")._1 }}', 'bar'],
  ['{{ splitn "$" 2 "foo$bar$baz" }}', 'map[_0:foo _1:bar$baz]'],
  ['{{ splitList "" "abc" }}', '[a b c]'],
  ['{{ split "," "" }}', 'map[_0:]'],
  ['{{ splitn "," 0 "a" }}', 'map[]'],
  ['{{ splitn "," -1 "a,b" }}', 'map[_0:a _1:b]'],
  ['{{ len (splitList "," "") }}', '1'],
  ['{{ toString 1 }}', '1'],
  ['{{ toString 1.5 }}', '1.5'],
  ['{{ toString true }}', 'true'],
  ['{{ toString nil }}', '<nil>'],
  ['{{ toString .Values.l }}', '[a b c a 1 2.5 true <nil>]'],
  ['{{ toString .Values.m }}', 'map[a:1 b:map[c:d e:[1 2]] z:<nil>]'],
  ['{{ toString .Values.big }}', '1.2345678901e+10'],
  ['{{ printf "%s-%d" .Values.s 3 | replace " " "" | trunc 8 | trimSuffix "-" }}', 'hellowor'],
  ['{{ hello }}', 'Hello!'],
  ['{{ substr 1 4 .Values.uni }}', 'él'],
  ['{{ abbrev 9 .Values.uni }}', 'héllo...'],
  ['{{ trimAll "é" "éaé" }}', 'a'],
  ['{{ replace "é" "e" .Values.uni }}', 'hello wörld ß'],
  ['{{ contains "ö" .Values.uni }}', 'true'],
  ['{{ splitList "ö" .Values.uni }}', '[héllo w rld ß]'],
  ['{{ repeat 2 "é" }}', 'éé'],
  ['{{ 1234567.0 | toString }}', '1.234567e+06'],
  ['{{ quote 1234567.0 }}', '"1.234567e+06"'],
  ['{{ squote 1234567.0 }}', "'1.234567e+06'"],
  ['{{ 12345678.0 | toString | quote }}', '"1.2345678e+07"'],
  ['{{ .Values.big | quote }}', '"1.2345678901e+10"'],
  ['{{ trunc 3.0 "abcdef" }}', 'abc'],
  ['{{ trunc (int .Values.n) "abcdef" }}', 'abc'],
  ['{{ .Values.uni | trunc 6 }}', 'héllo'],
];

/** Templates and Helm's errors. */
const ERRORS: readonly (readonly [template: string, error: string])[] = [
  [
    '{{ repeat -1 "x" }}',
    'template: c/t:1:3: executing "c/t" at <repeat -1 "x">: error calling repeat: strings: negative Repeat count',
  ],
  [
    '{{ substr 7 9 "hello" }}',
    'template: c/t:1:3: executing "c/t" at <substr 7 9 "hello">: error calling substr: runtime error: slice bounds out of range [7:5]',
  ],
  [
    '{{ substr -1 9 "hello" }}',
    'template: c/t:1:3: executing "c/t" at <substr -1 9 "hello">: error calling substr: runtime error: slice bounds out of range [:9] with length 5',
  ],
  [
    '{{ substr 4 2 "hello" }}',
    'template: c/t:1:3: executing "c/t" at <substr 4 2 "hello">: error calling substr: runtime error: slice bounds out of range [4:2]',
  ],
  [
    '{{ indent -1 "x" }}',
    'template: c/t:1:3: executing "c/t" at <indent -1 "x">: error calling indent: strings: negative Repeat count',
  ],
  [
    '{{ trunc .Values.n "abc" }}',
    'template: c/t:1:16: executing "c/t" at <.Values.n>: wrong type for value; expected int; got float64',
  ],
  ['{{ trunc "a" "abc" }}', 'template: c/t:1:9: executing "c/t" at <"a">: expected integer; found "a"'],
  ['{{ indent "a" "b" }}', 'template: c/t:1:10: executing "c/t" at <"a">: expected integer; found "a"'],
  [
    '{{ nindent 2 .Values.m }}',
    'template: c/t:1:20: executing "c/t" at <.Values.m>: wrong type for value; expected string; got map[string]interface {}',
  ],
  ['{{ trunc 3.7 "abcdef" }}', 'template: c/t:1:9: executing "c/t" at <3.7>: expected integer; found 3.7'],
  [
    '{{ trunc .Values.f "abcdef" }}',
    'template: c/t:1:16: executing "c/t" at <.Values.f>: wrong type for value; expected int; got float64',
  ],
];

describe('strings', () => {
  test.each(CASES)('%s', (template, output) => {
    expect(evaluate(template)).toBe(output);
  });

  test.each(ERRORS)('%s fails', (template, error) => {
    expect(evaluate(template)).toBe(`ERR ${error}`);
  });
});
