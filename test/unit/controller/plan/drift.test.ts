import { expect, test } from '@jest/globals';
import { driftMessage, repairMessage } from '../../../../controller/plan/drift.ts';

test('driftMessage names ten objects, and says how many more there are', () => {
  const drift = Array.from({ length: 12 }, (_, index) => ({
    ref: { group: '', version: 'v1', kind: 'ConfigMap', name: `c${index}` },
    isMissing: true,
    how: 'does not exist',
  }));
  expect(driftMessage(drift.slice(0, 2))).toBe('ConfigMap/c0 does not exist; ConfigMap/c1 does not exist');
  expect(driftMessage(drift)).toMatch(/ConfigMap\/c9 does not exist; and 2 more objects$/);
});

test('repairMessage names ten objects, three fields of each, and their previous owners', () => {
  const fieldsV1 = { 'f:data': { 'f:a': {}, 'f:b': {} } };
  const live = {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'c', managedFields: [{ manager: 'kubectl-edit', operation: 'Update', fieldsV1 }] },
  };
  const object = { ...live, metadata: { name: 'c' }, data: { a: '', b: '', c: '', d: '' } };
  const ref = { group: '', version: 'v1', kind: 'ConfigMap', name: 'c' };
  const update = { type: 'update' as const, ref, object, changes: ['/data/a', '/data/b', '/data/c', '/data/d'] };
  const created = Array.from({ length: 11 }, () => ({ type: 'create' as const, ref, object }));
  const message = repairMessage([update, ...created], (asked) => (asked === ref ? live : undefined));
  expect(message).toMatch(
    /^ConfigMap\/c was changed by kubectl-edit: \/data\/a, \/data\/b, \/data\/c and 1 more; ConfigMap\/c was deleted;/,
  );
  expect(message).toMatch(/; and 2 more objects$/);
});
