import { expect, test } from '@jest/globals';
import { secretsInValues } from '../../../../controller/masking/secret-texts.ts';

test('no texts are read beyond the number of values that a Release may have', () => {
  const text = Array.from({ length: 20_000 }, (_, index) => `key-${index}: "value ${index}"`).join('\n');
  const source = (kind: 'Secret' | 'ConfigMap') => ({ reference: { kind, name: 'a', key: 'b' }, text });
  const found = [...secretsInValues([source('ConfigMap'), source('Secret'), source('Secret'), source('Secret')])];
  expect(found).toHaveLength(20_000 * 2 + 1);
  expect(found.filter((each) => each === text)).toHaveLength(1);
});
