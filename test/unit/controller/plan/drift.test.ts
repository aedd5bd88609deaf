import { expect, test } from '@jest/globals';
import { driftMessage } from '../../../../controller/plan/drift.ts';

test('driftMessage names ten objects, and says how many more there are', () => {
  const drift = Array.from({ length: 12 }, (_, index) => ({
    ref: { group: '', version: 'v1', kind: 'ConfigMap', name: `c${index}` },
    isMissing: true,
    how: 'does not exist',
  }));
  expect(driftMessage(drift.slice(0, 2))).toBe('ConfigMap/c0 does not exist; ConfigMap/c1 does not exist');
  expect(driftMessage(drift)).toMatch(/ConfigMap\/c9 does not exist; and 2 more objects$/);
});
