import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type Oracle, startOracles } from '../rendering/oracle.ts';
import { probe } from '../rendering/probe.ts';

let oracles: readonly Oracle[];

beforeAll(async () => {
  oracles = await startOracles();
}, 600_000);

afterAll(() => Promise.all(oracles.map((oracle) => oracle.stop())));

/** Pieces of TOML that are each to be read or refused, parted by bars. */
const KEYS = [
  `a|a =|a = |a\n= 1|= 1|. = 1|a. = 1|a..b = 1|ä = 1|"ä" = 1|a = 1 b = 2|a = 1,|[]|[.a]|[a.]|[a|[[a]|[[a]]x|[a]]|[a] b`,
  `|[ä]|"" = 1|[""]\na=1|a.""."b c" = x`,
]
  .join('')
  .split('|');

const TABLES = [
  `a = 1\na = 2|a.b = 1\na.b = 2|[a]\nb=1\n[a]|a=1\n[a]|a=1\n[a.b]|a=[1]\n[[a]]|[a]\n[[a]]|[[a]]\n[a]`,
  `|[a.b]\n[a]\nc=1\n[a]|a={b=1}\n[a]|a={b=1}\n[a.c]\nd=1|a.b=1\n[a]\nc=2|[a]\nb.c=1\n[a.b]\nd=1|[a.b.c]\n[[a.b]]`,
  `|a=[{b=1,b=2}]|a={b={c=1},b.d=2}|a=[[{b=1}],[{c=1}]]|[[a]]\nb=1\n[a.c]\nd=1\n[[a]]\nb=2|a=[{b=1}]\n[[a]]`,
  `|a.b=1\na={c=2}|a = [1]\na = {b=2}|[t]\n"" = [1]\n[t]|a={b=1,=2}|a=[{b=[{c=1},{c=2}]},{b=[{c=3}]}]`,
]
  .join('')
  .split('|');

const NUMBERS = [
  `0|-0|00|01|+1|-|+x|1_000|1__0|1_|0_1|0b101|0b2|0b|0o17|0o9|0xdead_beef|0xg|0x_1|+0x1|9223372036854775807`,
  `|9223372036854775808|-9223372036854775808|1.5|1.|.5|-.5|1.2.3|1_.5|0.1_0|1e5|1e|1e+|1e1_0|1e_1|1e400|-1e400|1e-400`,
  `|00.5|-01.5|infx|-ix|+nanx|index|1979-05-27|1979-5-27|1979-13-27|1979-02-30|07:32|07:32:00.5|7:32:00|25:00:00|12-|1:`,
  `|1979-05-27T07:32|1979-05-27T07:32:00Z|1979-05-27t07:32:00z|1979-05-27 07:32:00.5-07:00|1979-05-27T7:32:00`,
  `|1979-05-27T00:00:00+00:00`,
]
  .join('')
  .split('|');

const STRINGS = [
  `"|'|"""|'''|"x\ny"|'x\ny'|"x\r\ny"|"\\q"|"\\|"\\xZZ"|"\\x4|"\\u12G4"|"\\uD800"|"\\U00110000"`,
  `|"\\U0001F600 \\e \\x41 \\t\\\\"|"""\\\n   b"""|"""\n x \\   \n y"""|"""x\\ y"""|"""x"""""|"""x""""""|'''x'''''`,
  `|'''x''''''|"""a""b"""|'''\r\nx'''|"" "|'x' 'y'|"\u0001"|"\u007f"|"\t"|"a\rb"|true|True|truex|😀`,
]
  .join('')
  .split('|');

const LISTS = [
  `[1, 2|[1,,2]|[1 2]|[,1]|[1] 2|[\n 1, # x\n 2,\n]|[1,\n# y\n|{b=1|{b=1,}|{b=1,,c=2}|{b=1 c=2}|{b=1\n}|{,}|{} 2`,
  `|{ # c\n b = 1, # d\n}|{b = [1, {c = "x}]}|{b.c = 1, b.d = 2}`,
]
  .join('')
  .split('|');

const DOCUMENT = `# all
a = "x\\n" # of
[b.c]
"d e".f = [1, 2.5, '''
g''']
[[h]]
i = {j = 1979-05-27T07:32:00Z, k = true}
`;

const VALUES = [...NUMBERS, ...STRINGS, ...LISTS];
const WHOLE =
  '\0a = 1|ä\0\0\0\0\0|\ufeffa = 1|a = 1\r\nb = 2\r\n|a = 1\rb|#c|#c\u0001|x=1\n\n\ny=\n|x=1\n\n\n[y\n]'.split('|');

const texts = [
  ...KEYS,
  ...TABLES,
  ...VALUES.flatMap((value) => [`a = ${value}`, `[t]\na = 1\nb = ${value}\n`]),
  ...WHOLE,
  ...Array.from(DOCUMENT, (_char, end) => DOCUMENT.slice(0, end)),
  ...Array.from(DOCUMENT, (_char, at) => `${DOCUMENT.slice(0, at)}"${DOCUMENT.slice(at)}`),
  ...Array.from(DOCUMENT, (_char, at) => `${DOCUMENT.slice(0, at)}${DOCUMENT.slice(at + 1)}`),
];

test.each(['fromToml .', 'fromToml . | printf "%v"', 'fromToml . | toToml'])(
  '%s gives what Helm gives, and the same words for an error',
  async (expression) => {
    for (const oracle of oracles) {
      const probed = await probe(oracle, expression, texts);
      expect(probed.filter(({ helm }) => helm.includes('toml: line')).length).toBeGreaterThan(300);
      expect(probed.filter(({ helm, ours }) => helm !== ours)).toEqual([]);
    }
  },
);
