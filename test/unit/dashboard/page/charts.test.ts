import { describe, expect, test } from '@jest/globals';
import { formOf } from '../../../../dashboard/page/charts/schema-fields.ts';
import { textAt, withText } from '../../../../dashboard/page/charts/values-at.ts';
import { readYaml, writeYaml } from '../../../../dashboard/page/charts/yaml.ts';

describe('the form of a schema', () => {
  test('asks for single-line values, at any depth, and leaves the rest to YAML', () => {
    const schema = {
      required: ['host'],
      properties: {
        host: { type: 'string', title: 'Host', description: 'Where it is served' },
        replicas: { type: 'integer', default: 2 },
        tier: { enum: ['small', 'large'] },
        debug: { type: 'boolean', default: false },
        image: { type: 'object', required: ['tag'], properties: { tag: { type: 'string' } } },
        hosts: { type: 'array', items: { type: 'string' } },
      },
    };
    const { fields, more } = formOf(schema);
    expect(more).toBe(true);
    const told = fields.map(({ title, kind, required, fallback }) => [title, kind, required, fallback]);
    expect(told).toEqual([
      ['Host', 'text', true, undefined],
      ['replicas', 'integer', false, '2'],
      ['tier', 'choice', false, undefined],
      ['debug', 'boolean', false, 'false'],
      ['image.tag', 'text', true, undefined],
    ]);
    expect(fields[2]?.options).toEqual(['small', 'large']);
    expect(formOf({ properties: { host: { type: 'string' } } }).more).toBe(false);
  });

  test.each([undefined, null, true, 'text', [], { properties: [] }, { properties: { a: null } }])(
    'of %j is empty',
    (schema) => {
      expect(formOf(schema).fields).toEqual([]);
    },
  );

  test('is limited, however large the schema is', () => {
    const many = Object.fromEntries(Array.from({ length: 5_000 }, (_, index) => [`f${index}`, { type: 'string' }]));
    expect(formOf({ properties: many }).fields.length).toBeLessThan(200);
    let deep: object = { properties: { end: { type: 'string' } } };
    for (let depth = 0; depth < 2_000; depth += 1) deep = { properties: { more: deep } };
    expect(formOf(deep)).toEqual({ fields: [], more: true });
  });
});

describe('a field of the form', () => {
  const field = (path: string[], kind: Parameters<typeof withText>[1]['kind'] = 'text') => ({ path, kind });

  test('is read from the values and written back to the same place', () => {
    const values = withText({ a: 1 }, field(['image', 'tag']), '1.2');
    expect(values).toEqual({ a: 1, image: { tag: '1.2' } });
    expect(textAt(values, ['image', 'tag'])).toBe('1.2');
    expect(textAt(values, ['image'])).toBe('');
    expect(textAt(values, ['nothing', 'there'])).toBe('');
  });

  test('has the type that the schema asks for', () => {
    expect(withText({}, field(['n'], 'integer'), '3')).toEqual({ n: 3 });
    expect(withText({}, field(['n'], 'number'), '1e')).toEqual({ n: '1e' });
    expect(withText({}, field(['b'], 'boolean'), 'false')).toEqual({ b: false });
    expect(withText({}, field(['t']), '3')).toEqual({ t: '3' });
  });

  test('that is emptied is removed, with maps that it was alone in', () => {
    const values = { a: 1, image: { tag: '1.2' }, b: 2 };
    expect(withText(values, field(['image', 'tag']), '')).toEqual({ a: 1, b: 2 });
    expect(Object.keys(withText(values, field(['a']), '5'))).toEqual(['a', 'image', 'b']);
  });

  test('named like a property of every object changes no other object', () => {
    const values = withText({}, field(['__proto__', 'polluted']), 'yes');
    expect(Object.keys(values)).toEqual(['__proto__']);
    expect(textAt(values, ['__proto__', 'polluted'])).toBe('yes');
    expect(textAt({}, ['__proto__', 'polluted'])).toBe('');
    expect(textAt({}, ['constructor', 'name'])).toBe('');
  });
});

test('values are read from YAML and written to it', () => {
  expect(readYaml('')).toEqual({});
  expect(readYaml('# nothing\n')).toEqual({});
  expect(readYaml('a: {b: 1}\n')).toEqual({ a: { b: 1 } });
  expect(() => readYaml('- 1\n')).toThrow('a map is expected');
  expect(() => readYaml('a: [')).toThrow();
  expect(writeYaml({})).toBe('');
  expect(writeYaml({ a: { b: '1' } })).toBe("a:\n  b: '1'\n");
});
