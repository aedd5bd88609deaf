import { describe, expect, test } from '@jest/globals';

import { printable } from '../../../cli/terminal.ts';

describe('printable', () => {
  test.each([
    ['plain text', 'plain text'],
    ['é, 日本, 🎉 and →', 'é, 日本, 🎉 and →'],
    ['two\n  lines', 'two lines'],
    ['carriage\r\nreturn', 'carriage return'],
    ['line\u2028separator', 'line separator'],
    ['\u001b[31mred\u001b[0m', '[31mred[0m'],
    ['\u001b]0;title\u0007', ']0;title'],
    ['\u009b31mC1', '31mC1'],
    ['tab\tbell\u0007delete\u007f', 'tabbelldelete'],
    ['turned \u202egnp.exe\u202c around', 'turned gnp.exe around'],
    ['isolate \u2066x\u2069 mark \u200f\u200e\u061c', 'isolate x mark '],
  ])('makes %j %j', (text, expected) => {
    expect(printable(text)).toBe(expected);
  });
});
