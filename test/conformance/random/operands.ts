import type { Dice } from './dice.ts';

/** What the templates made at random see as `.Values`. */
export const VALUES_TEXT = String.raw`
s: hello world
empty: ""
uni: "héé €😀 ß\u2028ǅ"
ctl: "a\tb\x00\x7f\u00a0\ufeff<&'\">"
multi: "line1\n  line2\n\nline4\n"
num: "42"
hex: "0x1f"
ver: 1.2.3-beta.1+meta
url: https://user:pa%20ss@host.example.com:8080/a%20b/c?x=1&y=2#frag
tpl: "{{ .Values.s | upper }}"
json: '{"b":[1,2.5,"x",null,true],"a":{"c":1e3}}'
yaml: "a: 1\nb: [x, y]\n"
re: "a(x*)b"
date: "2023-05-06T07:08:09Z"
cnt: 3
zero: 0
neg: -7
big: 12345678901
huge: 9007199254740993
f: 1.5
tiny: 0.000001
exp: 1e21
t: true
off1: false
nul: null
l: [a, b, c, a, 1, 2.5, true, null]
nums: [3, 1, 2]
strs: [pear, apple, fig]
maps: [{name: x, v: 1}, {name: y, v: 2}]
nested: [[1, 2], [3]]
el: []
m: {a: 1, b: {c: d, e: [1, 2]}, z: null}
m2: {a: 2, b: {c: x, f: 1}, g: []}
em: {}
odd: {"a-b": 1, "1": x, "": e, "ü": y}
`;

const FIELDS = [
  ...'s empty uni ctl multi num hex ver url tpl json yaml re date cnt zero neg big huge f tiny exp t off1 nul'.split(
    ' ',
  ),
  ...'l nums strs maps nested el m m2 em odd missing m.b m.b.c m.z m.missing.x s.x nul.x l.x'.split(' '),
];

const STRINGS = [
  '""',
  '"a"',
  '"hello"',
  '"Hello World"',
  '`raw\n"text"`',
  '"héé€😀"',
  String.raw`"\u2028\x00\x7f\xff<&'"`,
  String.raw`"tab\tnl\n\\"`,
  '"1"',
  '"-1"',
  '" 1"',
  '"1.5"',
  '"1e3"',
  '"0x1f"',
  '"010"',
  '"true"',
  '"a,b,,c"',
  '"a b  c"',
  String.raw`"(\\d+)-(?P<x>[a-z]*)"`,
  '"[a-z"',
  '"^h(.)l*"',
  '"a: b"',
  '"- a\\n- 1"',
  String.raw`"{\"a\":[1,{\"b\":null}]}"`,
  '"1.2.3"',
  '"v1.2.3-rc.1"',
  '"^1.2"',
  '">=1.0.0 <2 || ~3.1"',
  '"2006-01-02"',
  '"2020-02-30"',
  '"15:04:05.000 MST -0700"',
  '"UTC"',
  '"Europe/Paris"',
  '"72h3m0.5s"',
  '"http://u:p@h:80/p/../q?a=b#f"',
  '"../a/./b//c.tar.gz"',
  '"%d|%s|%v|%q"',
  '"aGVsbG8="',
  '"camelCaseText_and-more"',
  '"map"',
  '"string"',
  '"$1-${x}"',
  '"name"',
];

const NUMBERS = [
  ...'0 1 -1 2 3 5 10 100 255 -255 0x1F 0b11 0o17 1_000 1.5 -2.5 0.1 1e3 1e21 1e-7 .5'.split(' '),
  ...'0XfF 0B1_0 0O7 017 0_7 1. +2 1E+3 2.5e-3 0x1p4 0X1.8P-1 3i 1.5-2i 0x1p1+1i 0i'.split(' '),
  "'a'",
  "'\\n'",
  "'é'",
  "'\\''",
  "'\\x41'",
  "'\\u00e9'",
  "'😀'",
  "' '",
  "'}'",
  '9223372036854775807',
  '-9223372036854775808',
  '4294967296',
  '1000000',
  '(int64 7)',
  '(int 3)',
  '(float64 2)',
  '(len .Values.l)',
  '(int64 -2)',
  '(1 | toString | atoi)',
];

const LISTS = [
  '(list)',
  '(list 1 2 3)',
  '(list "a" 1 nil true 1.5)',
  '(list "b" "a" "c")',
  '(list (list 1) (list 2))',
  '(list (dict "a" 1))',
  '(splitList "," "x,y,z")',
  '(until 3)',
  '(list nil nil)',
  '(list "" 0 false nil (list) "x")',
];

const MAPS = [
  '(dict)',
  '(dict "a" 1)',
  '(dict "a" (dict "b" nil) "c" (list 1))',
  '(dict "k" "v" "n" 1.5)',
  '(dict 1 2)',
  '(split "," "x,y")',
  '(urlParse "https://a.b/c?d#e")',
  '(deepCopy .Values.m)',
  '(deepCopy .Values.m2)',
];

const REST = [
  'nil',
  'true',
  'false',
  '.',
  '$',
  '.Chart',
  '.Release.Name',
  '.Files',
  '.Capabilities.KubeVersion',
  '.Template',
];

/** A value as templates write it, odd ones among them; the same for the same dice. */
export function operand(dice: Dice): string {
  switch (dice.below(10)) {
    case 0:
    case 1:
    case 2:
      return `.Values.${dice.pick(FIELDS)}`;
    case 3:
    case 4:
      return dice.pick(STRINGS);
    case 5:
    case 6:
      return dice.pick(NUMBERS);
    case 7:
      return dice.pick(LISTS);
    case 8:
      return dice.pick(MAPS);
    default:
      return dice.pick(REST);
  }
}
