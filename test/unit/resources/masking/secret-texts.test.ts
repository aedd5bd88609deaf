import { expect, test } from '@jest/globals';
import { secretsInObject } from '../../../../resources/index.ts';
import { countedReads } from '../../../support/counted-reads.ts';
import { object } from '../objects.ts';

test('a Secret is read for its content, and other kinds not at all', () => {
  const data = { password: Buffer.from('hunter2hunter2').toString('base64') };
  expect([...secretsInObject(object('Secret/s', { data }))]).toEqual(['hunter2hunter2']);
  const config = countedReads(object('ConfigMap/c', { data }));
  expect([...secretsInObject(config.value)]).toEqual([]);
  expect(config.reads()).toBe(1);
});
