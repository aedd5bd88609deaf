import { expect, test } from '@jest/globals';
import { lastLineOf } from '../../../../controller/watches/last-line.ts';

test.each([
  ['is the last one', 'a\nb\n', 'b'],
  ['is not blank', 'a\n  \n\n', 'a'],
  ['is empty if there is no text', '\n', ''],
  ['has no colours', '\u001B[31;1mpanic:\u001B[0m no\r\n', 'panic: no'],
  ['has no control characters, and none that turn the direction', 'a\u0000b\u0007\u202Ec\u2028d', 'a b c d'],
  ['is the error of a stack in Java', 'Caused by: X: no\n\tat a.B.c(B.java:1)\n\t... 3 more\n', 'Caused by: X: no'],
  ['is the error of a stack in Python', 'Traceback:\n  File "a", line 1\nKeyError: "b"', 'KeyError: "b"'],
  ['is a place where there is nothing else', '  at a\n  at b', 'at b'],
  ['is cut', 'a'.repeat(500), `${'a'.repeat(159)}…`],
])('%s', (_name, log, line) => {
  expect(lastLineOf(log)).toBe(line);
});
