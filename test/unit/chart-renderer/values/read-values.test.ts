import { describe, expect, test } from '@jest/globals';
import { mergeValues, readValues } from '../../../../chart-renderer/index.ts';

// What Helm makes of such texts: test/conformance/cli/values-texts.test.ts.
describe('a values file', () => {
  test('of several documents says which one has an error', () => {
    expect(() => readValues('a: 1\n---\nb: [\n')).toThrow(/^document 2: yaml: line 1/);
    expect(() => readValues('a: 1\n---\n- b\n')).toThrow('document 2: the text is YAML, but not a map of values');
    expect(() => readValues('- b\n')).toThrow(/^the text is YAML/);
  });

  test.each([
    ['keys and values of all documents', 'a: 1\n---\nb: 1\n---\nc: 1\n', 159],
    ['empty documents', '---\n#\n'.repeat(5), 255],
  ])('counts %s', (_, text, nodes) => {
    expect(() => readValues(text, { maxNodes: nodes })).not.toThrow();
    expect(() => readValues(text, { maxNodes: nodes - 1 })).toThrow(`more than ${nodes - 1} keys and values`);
  });
});

test('merging copies a changed table once, however many are merged over it', () => {
  let copied = 0;
  const large = new Proxy({ a: 1 } as Record<string, number>, {
    ownKeys: (target) => {
      copied += 1;
      return Reflect.ownKeys(target);
    },
  });
  const layers = Array.from({ length: 50 }, (_, index) => ({ t: { [`k${index}`]: index } }));
  expect(mergeValues({ t: large }, ...layers)).toEqual({
    t: { a: 1, ...Object.fromEntries(layers.flatMap(({ t }) => Object.entries(t))) },
  });
  expect(copied).toBe(1);
});
