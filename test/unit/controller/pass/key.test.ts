import { expect, test } from '@jest/globals';
import { keyOfRelease, nameOf, namespaceOf } from '../../../../controller/pass/key.ts';

test.each([
  ['shop', 'web'],
  ['a-b', 'web.v1'],
])('the key of %s/%s holds both', (namespace, name) => {
  const key = keyOfRelease(namespace, name);
  expect([namespaceOf(key), nameOf(key)]).toEqual([namespace, name]);
});

test('no two Releases share a key', () => {
  expect(keyOfRelease('a-b', 'c')).not.toBe(keyOfRelease('a', 'b-c'));
});
