import { describe, expect, test } from '@jest/globals';
import { CelCostError, CelError, compiled, Steps, type Value } from '../../../../golang/cel/index.ts';
import { DATABASE, EXPRESSIONS } from '../../../support/objects/cel-expressions.ts';

const MAX = 10_000;

function valueOf(source: string, object: unknown = DATABASE, steps = new Steps(MAX)): Value {
  return compiled(source, ['object']).evaluate(new Map([['object', object]]), steps);
}

// What they are in the API server: test/cluster/releases/status/health-checks.test.ts.
test.each(EXPRESSIONS)('%s', (source, value) => {
  expect(valueOf(source)).toBe(value);
});

describe('an expression has no value', () => {
  test.each<[string, string, boolean]>([
    ['object.missing', 'there is no field missing', true],
    ['object.spec.names[3]', 'there is no item 3', true],
    ['object.spec["missing"]', 'there is no key missing', true],
    ['object.status.none.deeper', 'a null has no field deeper', true],
    ['object.status.members.all(m, m.lag < 10)', 'there is no field lag', true],
    ['object.spec.instances.deeper', 'a int has no field deeper', false],
    ['object.spec.instances + "a"', '"+" takes no int and string', false],
    ['object.spec.instances + 0.5', '"+" takes no int and double', false],
    ['"a" < 1', '"<" takes no string and int', false],
    ['1 && true', '"&&" takes no int', false],
    ['object.spec.names.size', 'a list has no field size', false],
    ['1 / 0', 'division by zero', false],
    ['9223372036854775807 + 1', 'an int overflows', false],
    ['int("x")', 'a text is no int', false],
    ['"a".matches("(")', '( is no pattern', false],
    ['"a".matches("a{1000}")', 'a pattern may have no braces', false],
    ['object.spec.names.all(n, n)', '"all" takes no string', false],
  ])('%s: %s', (source, why, isAbsence) => {
    let error: unknown;
    try {
      valueOf(source);
    } catch (thrown) {
      error = thrown;
    }
    expect(error).toBeInstanceOf(CelError);
    expect(error).toMatchObject({ message: expect.stringContaining(why), isAbsence });
  });
});

describe('what is no expression is refused, and says where', () => {
  test.each([
    ['', 'at character 1: it ends where'],
    ['object.spec.', 'at character 13: it ends where'],
    ['object..spec', 'at character 8: "." stands where'],
    ['object.spec = 3', 'at character 13: "=" does not belong'],
    ['statu.x == 1', 'at character 1: there is no variable statu; there are object'],
    ['object.x == 1 && foo(object)', 'at character 18: there is no function foo'],
    ['object.x.foo()', 'at character 1: there is no method foo'],
    ['startsWith("a", "b")', 'there is no function startsWith'],
    ['"a".startsWith()', 'startsWith takes another number of arguments'],
    ['object.all(1, true)', 'all takes a name and 1 expression'],
    ['object.map(x)', 'map takes a name and 1 or 2 expression'],
    ['has(object)', 'has takes a field'],
    ['"a', 'a text is not closed'],
    ['"\\z"', '\\z is no escape'],
    ['object.x == 1 object', 'at character 15: "object" stands where'],
    ['[1, 2', 'it ends where'],
    ['x.all(x, x)', 'there is no variable x'],
    [`${'('.repeat(50)}1${')'.repeat(50)}`, 'it is nested too deeply'],
    [`1${'[0]'.repeat(50)}`, 'it is nested too deeply'],
    [`${'!'.repeat(50)}true`, 'it is nested too deeply'],
    [`1${' + 1'.repeat(2_000)}`, 'it is longer than'],
  ])('%s', (source, why) => {
    expect(() => compiled(source, ['object'])).toThrow(why);
  });
});

describe('whatever the expression and the object, it takes no more steps than it is given', () => {
  const many = { list: Array.from({ length: 3_000 }, (_, index) => index), text: 'a'.repeat(1_000_000) };

  test.each([
    'object.list.all(a, object.list.all(b, object.list.all(c, true)))',
    `[object.text]${'.map(a, a + a)'.repeat(30)}`,
    `["aaaaaaaaaaaaaaaa"]${'.map(a, a + a)'.repeat(30)}`,
    `[[1, 2, 3, 4]]${'.map(a, a + a)'.repeat(30)}`,
    'object.text.matches("(a|aa)+$")',
    'object.list.exists(a, object.text.contains("b"))',
    'object.list.map(a, object.text + object.text).size() == 0',
    'object.list == object.list.map(a, a) && object.list in [object.list, object.list]',
  ])('%s', (source) => {
    const steps = new Steps(MAX);
    expect(() => valueOf(source, many, steps)).toThrow(/takes too many steps|makes a/);
  });

  test('and says so by an error of its own, whatever stands beside it', () => {
    expect(() => valueOf('true && (object.list.all(a, object.list.all(b, true)) || true)', many)).toThrow(CelCostError);
  });

  test('keys that an object inherits are none of its fields', () => {
    for (const name of ['constructor', '__proto__', 'toString', 'length'])
      expect(valueOf(`has(object.${name}) || "${name}" in object`, {})).toBe(false);
    expect(() => valueOf('object.constructor', {})).toThrow('there is no field');
  });
});
