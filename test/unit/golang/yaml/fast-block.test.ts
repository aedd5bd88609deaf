import { expect, test } from '@jest/globals';
import { type MappingBuilder, NEEDS_WHOLE_READER, readFastBlock } from '../../../../golang/yaml/fast/block.ts';
import { readYamlMaps, type YamlMapValue } from '../../../../golang/yaml/read.ts';
import { seededRandom } from '../../../conformance/random/random-yaml.ts';

const BUILDER: MappingBuilder<YamlMapValue, Map<string, YamlMapValue>> = {
  create: () => new Map(),
  set: (mapping, key, value) => void mapping.set(key, value),
  number: (value) => (Number.isFinite(value) ? value : undefined),
};

/** What the whole reader makes of the text: the plain one does not know a comment with a tab in it. */
function readWhole(text: string): unknown {
  try {
    return readYamlMaps(`#\t\n${text}`);
  } catch (error) {
    return (error as Error).message;
  }
}

test.each([
  'a: 1\nb:\n  c: yes\n  d: "x: y"\n',
  "# values\n---\nlist:\n- a\n-   b: 'c'\n    d: # nothing\nmore:\n  - - \n",
  'text: |\n  a\n\n    b\n  c\n\n\nother: |-\n  x\n',
  'words: [a, "b, c", \'d\']\nempty: {}\nnone: []\n"quoted/key": ~\nbelow:\n  {}\n',
  'url: http://x/y#z # comment\ntime: 12:30\nrange: ^1.2\nnumber: 1_000\n',
  'a: b\n  c # d\ne: f\n\n\n   - g\n',
  'a: b\n  c\n  # d\ne:\n- f\n\n  g:h\n- i\n',
  'port: &port 80\nname: &n "x"\nlist: [1, 2.5]\nports: \n- *port\n- *n # again\n',
  'a: "\\"b\\" \\x41\\\n  c\n\n  d"\ne: \'it\'\'s\n  f\'\n',
  'a: |\n\n\n  b\n   c\nd: |-\n# e\nf: |\n\ng: |-\n  \n   h\n',
  'a:\n  b: |\n  c: |-\n    d',
  '’: \ue000\na: “”\nb: 😀\n',
])('the fast reader reads the same as the full reader: %j', (text) => {
  const value = readFastBlock(text, BUILDER);
  if (value !== NEEDS_WHOLE_READER) expect(value).toEqual(readWhole(text));
  expect(readYamlMaps(text)).toEqual(readWhole(text));
});

test.each([
  ['a: b\n  c\n\n  d\n', 'b c\nd'],
  ['a: |\n\n\n  b\n', '\n\nb\n'],
  ['a: |-\n  b', 'b'],
  ['a: |\n  b', 'b'],
  ['a: |\n\n# b\n', ''],
  ["a: 'it''s\n\n b'\n", "it's\nb"],
  ['a: "\\n\\u00e9"\n', '\né'],
  ['a: &x 0x10\n', 16],
])('%j is read by the fast reader', (text, value) => {
  expect(readFastBlock(text, BUILDER)).toEqual(new Map([['a', value]]));
});

test.each([
  'a: *x\n',
  'a: &x {}\n',
  'a: &x\n',
  'a: &x"b"\n',
  `a: &x b\nc:\n${'- *x\n'.repeat(101)}`,
  'a: b\n  c: d\n',
  'a: b # c\n  d\n',
  'a: b\n  # c\n  d\n',
  'a: |+\n  b\n',
  'a: |\n    \n  b\n',
  'a: |\n  b\n   ',
  'a: "\\y"\n',
  'a: "b\n---\n',
  '<<: {}\n',
  'a: !!str 1\n',
  'a: |2\n  b\n',
  'a: >\n  b\n',
  'a: [b, ]\n',
  'a: {b: c}\n',
  'a: {b]\n',
  'yes: 1\n',
  '1: 2\n',
  '? a\n',
  'a:\tb\n',
  'a: .inf\n',
  'a: b: c\n',
  'a: "b" c\n',
  ' a: 1\nb: 2\n',
  'a: 1\n b: 2\n',
  'a:\n    b: 1\n  c: 2\n',
  '- a\nb: 1\n',
  'a: 1\n---\nb: 2\n',
  'plain\n',
])('anything more is left to the full reader: %j', (text) => {
  expect(readFastBlock(text, BUILDER)).toBe(NEEDS_WHOLE_READER);
});

const PIECES =
  `a:· b:·1 k.e-y:·v yes: "q":·x 'q': c ~ 1e3 0x1F .5 "x" 'y' | - -· : · ·· #·c ·#·d [] {} [a,·b] ["x"·,y] [a·b] --- ¶ ¶¶ ¶· ¶·· ¶···· ¶-·
¶··-· |¶ |-¶ |¶···· a:¶ a:·b¶ -·a:·1¶ ··b:·2¶ x:¶·· ...¶ ..
&a· *a¶ *a·# ··w¶ ···-·w¶ "\\" '' ''' "" ¶··" ¶' |¶¶ |-¶#·`
    .split(/\s+/)
    .map((piece) => piece.replaceAll('·', ' ').replaceAll('¶', '\n'));

test('both readers read random documents alike', () => {
  const random = seededRandom(5);
  let plainOnes = 0;
  for (let i = 0; i < 20_000; i++) {
    const length = 1 + Math.floor(random() * 10);
    const pieces = Array.from({ length }, () => PIECES[Math.floor(random() * PIECES.length)] ?? '');
    const text = `${pieces.join('')}\n`;
    const value = readFastBlock(text, BUILDER);
    if (value === NEEDS_WHOLE_READER) continue;
    plainOnes++;
    expect({ text, value }).toEqual({ text, value: readWhole(text) });
  }
  expect(plainOnes).toBeGreaterThan(1000);
});
