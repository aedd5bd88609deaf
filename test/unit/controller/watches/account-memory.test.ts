import { expect, test } from '@jest/globals';
import { AccountMemory } from '../../../../controller/watches/account-memory.ts';
import type { KubeObject } from '../../../../resources/index.ts';

const account = (name: string, namespace = 'shop'): KubeObject => ({
  apiVersion: 'v1',
  kind: 'ServiceAccount',
  metadata: { name, namespace, uid: name, resourceVersion: '1' },
});

function learnt(memory: AccountMemory, ...accounts: KubeObject[]): KubeObject[] {
  return accounts.flatMap((one) => {
    const kept = memory.keep(one);
    memory.replaced(undefined, kept);
    return kept ?? [];
  });
}

test('when a namespace has more accounts than fit, only those in use are known', () => {
  const memory = new AccountMemory(({ metadata }) => metadata.name === 'used', 20_000);
  const many = Array.from({ length: 100 }, (_, index) => account(`a${index}`));
  const kept = learnt(memory, ...many);
  expect(kept.length).toBeGreaterThan(10);
  expect(kept.length).toBeLessThan(30);
  expect(learnt(memory, account('used'), account('default', 'other'))).toHaveLength(2);
  for (const one of kept) expect(memory.keep(one, one)).toEqual(one);
  for (const one of kept) memory.replaced(one, undefined);
  expect(learnt(memory, account('later'))).toHaveLength(1);
});
