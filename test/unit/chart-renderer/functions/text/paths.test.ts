import { describe, expect, test } from '@jest/globals';
import { evaluate } from '../evaluate.ts';

/** Templates and what Helm 3.22 makes of them. */
const CASES: readonly (readonly [template: string, output: string])[] = [
  ['{{ base "foo/bar/baz" }}', 'baz'],
  ['{{ base "" }}', '.'],
  ['{{ base "/" }}', '/'],
  ['{{ base "a/" }}', 'a'],
  ['{{ dir "a/b/c" }}', 'a/b'],
  ['{{ dir "a" }}', '.'],
  ['{{ dir "/a" }}', '/'],
  ['{{ dir "" }}', '.'],
  ['{{ dir "a//b/" }}', 'a/b'],
  ['{{ clean "a/../b/./c//" }}', 'b/c'],
  ['{{ clean "" }}', '.'],
  ['{{ clean "/../a" }}', '/a'],
  ['{{ clean "../../a/.." }}', '../..'],
  ['{{ ext "a/b.tar.gz" }}', '.gz'],
  ['{{ ext "a.b/c" }}', ''],
  ['{{ isAbs "/a" }}', 'true'],
  ['{{ osBase "a/b" }}', 'b'],
  ['{{ osDir "a/b" }}', 'a'],
  ['{{ osExt "a.b" }}', '.b'],
  ['{{ osIsAbs "a" }}', 'false'],
  ['{{ osClean "a//b" }}', 'a/b'],
];

describe('paths', () => {
  test.each(CASES)('%s', (template, output) => {
    expect(evaluate(template)).toBe(output);
  });
});
