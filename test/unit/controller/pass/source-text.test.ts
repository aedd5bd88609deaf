import { expect, test } from '@jest/globals';
import { valuesIn, type SourceText } from '../../../../controller/pass/failures/source-text.ts';
import { mergedValues } from '../../../../controller/versions/inputs/values.ts';
import { runThrough } from '../../../support/run-through.ts';
import { release } from '../releases.ts';

const source = (text: string, targetPath?: string): SourceText => ({
  reference: { kind: 'Secret', name: 'source', key: 'values.yaml', ...(targetPath && { targetPath }) },
  text,
});

test('a text is parsed once', () => {
  const one = source('a: {b: 1}');
  expect(valuesIn(one)).toBe(valuesIn(one));
  expect(valuesIn(one)).not.toBe(valuesIn(source('a: {b: 1}')));
});

test.each(['a: [1', '- a', `a: [${'x, '.repeat(60_000)}]`])('so is an invalid one', (text) => {
  const one = source(text);
  const errors = [1, 2].map(() => {
    try {
      return valuesIn(one);
    } catch (error) {
      return error;
    }
  });
  expect(errors[0]).toBeInstanceOf(Error);
  expect(errors[1]).toBe(errors[0]);
});

test('a parsed text is not changed by merging it', () => {
  const texts = [source('a: {b: 1, l: [{c: 1}]}'), source('2', 'a.b'), source('3', 'a.l[0].c'), source('a: {d: 4}')];
  const merged = (): unknown => runThrough(mergedValues(release({ values: { a: { e: 5 } } }).spec, texts));
  expect(merged()).toEqual({ a: { b: '2', l: [{ c: '3' }], d: 4, e: 5 } });
  expect(merged()).toEqual(merged());
  expect(valuesIn(texts[0] as SourceText)).toEqual({ values: { a: { b: 1, l: [{ c: 1 }] } }, nodes: 10 });
});
