import { expect, test } from '@jest/globals';
import { desiredOf } from '../../../../resources/index.ts';
import { object, OWNER } from '../objects.ts';

test('a list that a create accepts with duplicates and an apply refuses is sent without duplicates', () => {
  const alias = (ip: string, ...hostnames: string[]) => ({ ip, hostnames });
  const hostAliases = [alias('1.2.3.4', 'a'), alias('::1', 'b'), alias('1.2.3.4', 'c', 'd')];
  const given = object(
    'Pod/p',
    { spec: { hostAliases } },
    { finalizers: ['a.example/x', 'a.example/y', 'a.example/x'] },
  );
  expect(desiredOf(given, OWNER, { namespaced: true })).toMatchObject({
    metadata: { finalizers: ['a.example/x', 'a.example/y'] },
    spec: { hostAliases: [alias('1.2.3.4', 'a', 'c', 'd'), alias('::1', 'b')] },
  });
});

test.each([
  [
    'ServiceAccount/a',
    [null, {}, { name: null }, { name: '' }, { name: 's', fieldPath: 'x' }, 's'],
    [{ name: 's', fieldPath: 'x' }, 's'],
  ],
  ['ServiceAccount/a', [{ namespace: 'n' }], []],
  ['Pod/p', [{}], [{}]],
])('secrets listed in %s are sent only if they have a name: %j', (title, secrets, sent) => {
  expect(desiredOf(object(title, { secrets }), OWNER, { namespaced: true })).toMatchObject({ secrets: sent });
});
