import { expect, test } from '@jest/globals';
import { progressOf } from '../../../../controller/status/progress.ts';

test('the resources of a status are the inventory, whatever their health', () => {
  const entry = { group: 'apps', version: 'v1', kind: 'Deployment', namespace: 'shop', name: 'web' };
  const definition = { group: '', version: 'v1', kind: 'Namespace', name: 'shop' };
  const resources = [
    { ...entry, health: 'Red', message: 'no pod starts' } as const,
    { ...definition, health: 'Green' } as const,
  ];
  expect(progressOf({ resources }).inventory).toEqual([entry, definition]);
});
