import { describe, expect, test } from '@jest/globals';
import { evaluate } from '../evaluate.ts';

/** Templates and what Helm 3.22 makes of them. */
const CASES: readonly (readonly [template: string, output: string])[] = [
  ['{{ regexMatch "^[A-Za-z0-9._%+-]+@[A-Za-z0-9.-]+\\\\.[A-Za-z]{2,}$" "test@acme.com" }}', 'true'],
  ['{{ regexMatch "(" "x" }}', 'false'],
  ['{{ regexFindAll "[2,4,6,8]" "123456789" -1 }}', '[2 4 6 8]'],
  ['{{ regexFindAll "a*" "baaau" -1 }}', '[ aaa ]'],
  ['{{ regexFindAll "a" "aaaa" 2 }}', '[a a]'],
  ['{{ regexFindAll "a" "aaaa" 0 }}', '[]'],
  ['{{ regexFind "[a-zA-Z][1-9]" "abcd1234" }}', 'd1'],
  ['{{ regexFind "z" "a" }}', ''],
  ['{{ regexReplaceAll "a(x*)b" "-ab-axxb-" "${1}W" }}', '-W-xxW-'],
  ['{{ regexReplaceAll "a(x*)b" "-ab-axxb-" "$1W" }}', '---'],
  ['{{ regexReplaceAll "(?P<n>a)" "banana" "<${n}$n$$>" }}', 'b<aa$>n<aa$>n<aa$>'],
  ['{{ regexReplaceAllLiteral "a(x*)b" "-ab-axxb-" "${1}" }}', '-${1}-${1}-'],
  ['{{ regexReplaceAll "" "abc" "-" }}', '-a-b-c-'],
  ['{{ regexReplaceAll "x*" "abxc" "-" }}', '-a-b-c-'],
  ['{{ regexSplit "z+" "pizza" -1 }}', '[pi a]'],
  ['{{ regexSplit "" "abc" -1 }}', '[a b c]'],
  ['{{ regexSplit "a" "" -1 }}', '[]'],
  ['{{ regexSplit "," "a,b,c,d" 2 }}', '[a b,c,d]'],
  ['{{ regexSplit "," ",a,b," -1 }}', '[ a b ]'],
  ['{{ regexSplit "x" "abc" 0 }}', '[]'],
  ['{{ regexQuoteMeta "1.2.3*" }}', '1\\.2\\.3\\*'],
  ['{{ regexMatch "\\\\d+" "a1" }}', 'true'],
  ['{{ regexMatch "^\\\\pL+$" .Values.uni }}', 'false'],
  ['{{ regexReplaceAll "[^[:alnum:]]" .Values.uni "_" }}', 'h_llo_w_rld__'],
  ['{{ regexReplaceAll "(?i)H" .Values.uni "J" }}', 'Jéllo wörld ß'],
  ['{{ regexReplaceAll "(?m)^" .Values.multi "> " }}', '> line1\n> line2\n> '],
  ['{{ mustRegexSplit "a" "bab" -1 }}', '[b b]'],
  ['{{ mustRegexReplaceAll "a" "bab" "x" }}', 'bxb'],
  ['{{ mustRegexReplaceAllLiteral "a" "bab" "x" }}', 'bxb'],
  ['{{ mustRegexFindAll "a" "bab" -1 }}', '[a]'],
  ['{{ regexReplaceAll "([a-z]+)" "hello world" "<$0>" }}', '<hello> <world>'],
  ['{{ regexReplaceAll "(a)(b)?" "a" "[$2]" }}', '[]'],
  ['{{ regexFindAll "\\\\b\\\\w" "a bc d" -1 }}', '[a b d]'],
  ['{{ regexSplit "\\\\s*" "a b c" -1 }}', '[a b c]'],
  ['{{ regexFindAll "^" "abc" -1 | len }}', '1'],
  ['{{ regexReplaceAll "é" .Values.uni "e$1" }}', 'hello wörld ß'],
  ['{{ regexReplaceAll "(?s).*" "" "x" }}', 'x'],
  ['{{ regexReplaceAll "$" "abc" "x" }}', 'abcx'],
  ['{{ regexReplaceAll "b*" "abbc" "-" }}', '-a-c-'],
];

/** Templates and Helm's errors. */
const ERRORS: readonly (readonly [template: string, error: string])[] = [
  [
    '{{ regexFind "(" "x" }}',
    'template: c/t:1:3: executing "c/t" at <regexFind "(" "x">: error calling regexFind: regexp: Compile(`(`): error parsing regexp: missing closing ): `(`',
  ],
  [
    '{{ mustRegexFind "(" "x" }}',
    'template: c/t:1:3: executing "c/t" at <mustRegexFind "(" "x">: error calling mustRegexFind: error parsing regexp: missing closing ): `(`',
  ],
  [
    '{{ mustRegexMatch "a(?=b)" "x" }}',
    'template: c/t:1:3: executing "c/t" at <mustRegexMatch "a(?=b)" "x">: error calling mustRegexMatch: error parsing regexp: invalid or unsupported Perl syntax: `(?=`',
  ],
  [
    '{{ regexFindAll "`(" "x" 1 }}',
    'template: c/t:1:3: executing "c/t" at <regexFindAll "`(" "x" 1>: error calling regexFindAll: regexp: Compile("`("): error parsing regexp: missing closing ): ``(`',
  ],
  [
    '{{ regexFind "[a" "x" }}',
    'template: c/t:1:3: executing "c/t" at <regexFind "[a" "x">: error calling regexFind: regexp: Compile(`[a`): error parsing regexp: missing closing ]: `[a`',
  ],
  [
    '{{ regexReplaceAll "a{1001}" "x" "y" }}',
    'template: c/t:1:3: executing "c/t" at <regexReplaceAll "a{1001}" "x" "y">: error calling regexReplaceAll: regexp: Compile(`a{1001}`): error parsing regexp: invalid repeat count: `{1001}`',
  ],
  [
    '{{ regexFind "*" "x" }}',
    'template: c/t:1:3: executing "c/t" at <regexFind "*" "x">: error calling regexFind: regexp: Compile(`*`): error parsing regexp: missing argument to repetition operator: `*`',
  ],
];

describe('regex', () => {
  test.each(CASES)('%s', (template, output) => {
    expect(evaluate(template)).toBe(output);
  });

  test.each(ERRORS)('%s fails', (template, error) => {
    expect(evaluate(template)).toBe(`ERR ${error}`);
  });
});
