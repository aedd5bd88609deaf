import { expect, test } from '@jest/globals';
import { inOneOrder } from './random-order.ts';

test.each([
  ['lines', "app:\n- at '/b': 1\n- at '/a': 2", "app:\n- at '/a': 2\n- at '/b': 1"],
  ['names in a line', "additional properties 'a', 'b' not allowed", "additional properties 'b', 'a' not allowed"],
  ['what the next chart follows', "- at '': not 'x'\n- at '': not 'y'lib:", "- at '': not 'y'\n- at '': not 'x'lib:"],
])('the order of %s does not matter', (_title, one, other) => {
  expect(inOneOrder(one)).toBe(inOneOrder(other));
});

test('all other differences matter', () => {
  expect(inOneOrder("- at '/a': 1")).not.toBe(inOneOrder("- at '/a': 2"));
});
