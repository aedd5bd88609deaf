import { expect, test } from '@jest/globals';
import { secretsInObject, secretsInValues } from '../../../../controller/masking/secret-texts.ts';
import { countedReads } from '../../../support/counted-reads.ts';
import { object } from '../../resources/objects.ts';

test('a Secret is read for what it holds, other kinds not at all', () => {
  const data = { password: Buffer.from('hunter2hunter2').toString('base64') };
  expect([...secretsInObject(object('Secret/s', { data }))]).toEqual(['hunter2hunter2']);
  const config = countedReads(object('ConfigMap/c', { data }));
  expect([...secretsInObject(config.value)]).toEqual([]);
  expect(config.reads()).toBe(1);
});

test('of more values than a Release may have no more texts are read', () => {
  const text = Array.from({ length: 20_000 }, (_, index) => `key-${index}: "value ${index}"`).join('\n');
  const source = (kind: 'Secret' | 'ConfigMap') => ({ reference: { kind, name: 'a', key: 'b' }, text });
  const found = [...secretsInValues([source('ConfigMap'), source('Secret'), source('Secret'), source('Secret')])];
  expect(found).toHaveLength(20_000 * 2 + 1);
  expect(found.filter((each) => each === text)).toHaveLength(1);
});
