import { describe, expect, test } from '@jest/globals';
import { CelCostError, CelError, compiled, Steps, type Value } from '../../../../golang/cel/index.ts';
import { cpuMs } from '../../../support/cpu-time.ts';
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
    ['object.spec.names[3]', 'there is no such item', true],
    ['object.spec["missing"]', 'there is no such key', true],
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
    ['"a".matches("(")', 'what "matches" is given is no pattern', false],
    ['"a".matches("(?i)a")', 'a pattern may have no flags', false],
    ['"a".matches("(?s:a)")', 'a pattern may have no flags', false],
    ['"a".matches("(?P<x>a)")', 'a pattern may have no flags', false],
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

test.each([
  'object.a.matches(object.secret + "(")',
  'object.a.matches(object.secret + "\\\\8")',
  'object.a.matches("[z-a" + object.secret)',
  'object.a.matches(object.secret + "+**")',
  'object.map[object.secret]',
  'object.map[object.number]',
  'object.list[object.number]',
  'object.number + object.secret',
  'object.secret && true',
  'int(object.secret)',
  'double(object.secret)',
  'object.secret.field',
])('the reason why %s has no value shows no value from the object', (source) => {
  const secrets = { secret: 'hunter2', number: 4711 };
  const evaluate = (): Value => valueOf(source, { a: 'a', map: {}, list: [], ...secrets });
  expect(evaluate).toThrow(CelError);
  expect(evaluate).not.toThrow(/hunter2|4711/);
});

describe('an invalid expression is refused, with the place of the error', () => {
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
    ['9223372036854775809', 'an int overflows'],
    [`0x${'f'.repeat(3_000)}`, 'an int overflows'],
  ])('%s', (source, why) => {
    expect(() => compiled(source, ['object'])).toThrow(why);
  });
});

describe('whatever the expression and the object, it takes no more steps than allowed', () => {
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

  const map = Object.fromEntries(
    many.list.concat(Array.from(many.list, (each) => -each)).map((each) => [`k${each}`, '']),
  );
  const needle = `b${'a'.repeat(20_000)}`;

  test.each([
    ['size(object) > 0 && size(object) > 0', map],
    ['object.size() > 0 && object.size() > 0', map],
    ['{} == object || {} == object', map],
    ['object == {} || object == {}', map],
    ['object.all(k, true) && object.all(k, true)', map],
    ['object.text.contains(object.needle)', { text: 'a'.repeat(60_000), needle }],
    ['object.text.contains(object.needle)', { text: 'a'.repeat(2_000_000), needle: 'b'.repeat(1_100_000) }],
    ['object.text.matches(object.pattern)', { text: 'a'.repeat(30_000_000), pattern: 'a'.repeat(200) }],
    ['object.text.lowerAscii() == ""', { text: 'aA'.repeat(20_000) }],
    [`"a".matches("${'\\\\pL'.repeat(20)}")`, {}],
    [`${JSON.stringify(Array(9).fill(0))}.all(a, "a".matches("${'(?:a|b)*'.repeat(20)}("))`, {}],
  ])('%s', (source, object) => {
    const before = cpuMs();
    expect(() => valueOf(source, object, new Steps(MAX))).toThrow(CelCostError);
    expect(cpuMs() - before).toBeLessThan(500);
  });

  test.each<[string, unknown, number]>([
    ['object.status.message.contains("error")', { status: { message: 'a'.repeat(2_000) } }, 200],
    ['object.list.all(a, "words".matches("^[a-z]+(?:-[a-z]+)*$"))', { list: Array.from({ length: 50 }) }, 2_500],
    ['object.size() == 50', Array.from({ length: 50 }), 10],
  ])('which is enough for %s', (source, object, most) => {
    const steps = new Steps(MAX);
    valueOf(source, object, steps);
    expect(MAX - steps.left).toBeLessThan(most);
  });

  test('and reports that with an error of its own, whatever else is in the expression', () => {
    expect(() => valueOf('true && (object.list.all(a, object.list.all(b, true)) || true)', many)).toThrow(CelCostError);
  });

  test('keys that an object inherits are not its fields', () => {
    for (const name of ['constructor', '__proto__', 'toString', 'length'])
      expect(valueOf(`has(object.${name}) || "${name}" in object`, {})).toBe(false);
    expect(() => valueOf('object.constructor', {})).toThrow('there is no field');
  });
});
