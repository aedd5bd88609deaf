import { expect, test } from '@jest/globals';
import { Names } from '../../../../controller/watches/names.ts';

const config = (name: string) => ({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { namespace: 'shop', name } });
const named = (...names: string[]) => names.map((name) => ({ kind: 'ConfigMap', namespace: 'shop', name }));

test('an object is named until no Release names it', () => {
  const names = new Names();
  names.set('shop/web', named('a', 'b'));
  names.set('shop/db', named('b'));
  expect(['a', 'b', 'c'].map((name) => names.has(config(name)))).toEqual([true, true, false]);
  names.set('shop/web', named('c'));
  expect(['a', 'b', 'c'].map((name) => names.has(config(name)))).toEqual([false, true, true]);
  names.forget('shop/db');
  names.forget('shop/web');
  expect(['a', 'b', 'c'].map((name) => names.has(config(name)))).toEqual([false, false, false]);
});
