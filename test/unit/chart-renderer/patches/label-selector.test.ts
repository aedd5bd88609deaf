import { expect, test } from '@jest/globals';
import { readSelector } from '../../../../chart-renderer/patches/label-selector.ts';

const LABELS = { app: 'web', 'example.com/tier': 'front', empty: '', number: 1 };

test.each([
  ['app=web', true],
  ['app==web', true],
  ['app = web', true],
  ['app=db', false],
  ['app!=db', true],
  ['app!=web', false],
  ['none!=x', true],
  ['empty=', true],
  ['app', true],
  ['none', false],
  ['!none', true],
  ['!app', false],
  ['number', false],
  ['example.com/tier in (front, back)', true],
  ['example.com/tier notin (front, back)', false],
  ['none notin (a)', true],
  ['none in (a)', false],
  ['app=web,example.com/tier in (front,back),!none', true],
  ['app=web,example.com/tier in (back)', false],
  ['toString', false],
])('%s: %s', (selector, expected) => {
  expect(readSelector(selector)(LABELS)).toBe(expected);
});

test.each(['', 'app=web,', 'a b', '=web', 'app in front', 'app>1'])('%j cannot be parsed', (selector) => {
  expect(() => readSelector(selector)).toThrow('not a requirement');
});
