import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';

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

  test('puts one space in place of breaks and the white space around them', () => {
    const text = fc.string({ unit: fc.constantFrom(' ', '\t', '\n', '\r', '\u2028', '\u00a0', 'a', 'é') });
    fc.assert(
      fc.property(text, (given) => {
        expect(printable(given)).toBe(printable(given.replaceAll(/\s*[\n\r\u2028\u2029]\s*/gu, ' ')));
      }),
    );
  });

  test('handles a megabyte of spaces at once', () => {
    expect(printable(`a${' '.repeat(1_000_000)}b`)).toHaveLength(1_000_002);
  });
});
