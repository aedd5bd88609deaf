import { expect, test } from '@jest/globals';
import { KnownInputs } from '../../../../controller/versions/inputs/known-inputs.ts';
import { packedWithData } from '../../../../controller/pass/value-data.ts';
import type { ValuesReference } from '../../../../crds/index.ts';
import type { KubeObject } from '../../../../resources/index.ts';

const REFERENCES: readonly ValuesReference[] = [
  { kind: 'ConfigMap', name: 'a', key: 'values.yaml' },
  { kind: 'Secret', name: 'b', key: 'k', optional: true },
];
const object = (): KubeObject => ({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a' } });

test('inputs are known until a reference or the state of an object changes', () => {
  const inputs = new KnownInputs();
  const sources = [object(), undefined];
  inputs.remember('shop/web', REFERENCES, sources, 'sha256:1');
  expect(inputs.recall('shop/web', structuredClone(REFERENCES), [...sources])).toBe('sha256:1');
  expect(inputs.recall('shop/web', REFERENCES, [object(), undefined])).toBeUndefined();
  expect(inputs.recall('shop/web', REFERENCES, [sources[0], object()])).toBeUndefined();
  expect(inputs.recall('shop/web', REFERENCES.slice(0, 1), sources)).toBeUndefined();
  expect(inputs.recall('shop/web', [{ kind: 'ConfigMap', name: 'a', key: 'other' }], sources)).toBeUndefined();
  expect(inputs.recall('shop/other', REFERENCES, sources)).toBeUndefined();
  inputs.forget('shop/web');
  expect(inputs.recall('shop/web', REFERENCES, sources)).toBeUndefined();
});

test('inputs are known as long as the data is the same', () => {
  const inputs = new KnownInputs();
  const withData = (data: object, annotations = {}): KubeObject =>
    packedWithData({ ...object(), metadata: { name: 'a', annotations }, data } as KubeObject).value;
  inputs.remember('shop/web', REFERENCES, [withData({ a: 'b' }), undefined], 'sha256:1');
  expect(inputs.recall('shop/web', REFERENCES, [withData({ a: 'b' }, { edited: '1' }), undefined])).toBe('sha256:1');
  expect(inputs.recall('shop/web', REFERENCES, [withData({ a: 'c' }), undefined])).toBeUndefined();
  expect(inputs.recall('shop/web', REFERENCES, [undefined, withData({ a: 'b' })])).toBeUndefined();
});
