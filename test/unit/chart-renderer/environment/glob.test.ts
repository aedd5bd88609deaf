import { expect, test } from '@jest/globals';
import { compileGlob } from '../../../../chart-renderer/environment/glob.ts';

test.each([
  ['config/*', 'config/a', true],
  ['config/*', 'config/a/b', false],
  ['config/**', 'config/a/b', true],
  ['**.yaml', 'a/b.yaml', true],
  ['{a,b}.yaml', 'b.yaml', true],
  ['{a,b}.yaml', 'c.yaml', false],
  ['{a{1,2},b}', 'a2', true],
  ['a,b', 'a,b', true],
  ['?', '/', false],
  ['[ab]', 'b', true],
  ['[!ab]', 'b', false],
  ['[a-c]', 'b', true],
  ['\\*', '*', true],
  ['a.b', 'axb', false],
  ['[', 'anything', true],
  ['{a', 'anything', true],
])('%s on %s: %s', (pattern, name, expected) => {
  expect(compileGlob(pattern)(name)).toBe(expected);
});
