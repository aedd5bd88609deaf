import { expect, test } from '@jest/globals';
import { LastApplies } from '../../../../controller/plan/last-applies.ts';
import { APPLIED_ANNOTATION, FIELD_MANAGER } from '../../../../crds/index.ts';
import type { KubeObject } from '../../../../resources/index.ts';

function live(uid: string, applied: string, time = '2026-01-01T00:00:00Z'): KubeObject {
  const managedFields = [
    { manager: 'kubelet', operation: 'Update', time: '2026-02-02T00:00:00Z' },
    { manager: FIELD_MANAGER, operation: 'Apply', time },
  ];
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 's', uid, managedFields, annotations: { [APPLIED_ANNOTATION]: applied } },
  };
}

test('tolerates unownable fields of one object in one applied state, and of no other', () => {
  const lastApplies = new LastApplies();
  lastApplies.remember(live('1', 'sha256:a'), ['/spec/a']);
  expect(lastApplies.unownableIn(live('1', 'sha256:a'))).toEqual(['/spec/a']);
  expect(lastApplies.unownableIn(live('1', 'sha256:b'))).toEqual([]);
  expect(lastApplies.unownableIn(live('2', 'sha256:a'))).toEqual([]);
});

test('forgets a field that is owned later', () => {
  const lastApplies = new LastApplies();
  lastApplies.remember(live('1', 'sha256:a'), ['/spec/a']);
  lastApplies.remember(live('1', 'sha256:a'), []);
  expect(lastApplies.unownableIn(live('1', 'sha256:a'))).toEqual([]);
});

test('remembers 20000 objects, the latest', () => {
  const lastApplies = new LastApplies();
  for (let uid = 0; uid <= 20_000; uid += 1) lastApplies.remember(live(`${uid}`, 'sha256:a'), ['/spec/a']);
  expect(lastApplies.unownableIn(live('0', 'sha256:a'))).toEqual([]);
  expect(lastApplies.unownableIn(live('1', 'sha256:a'))).toEqual(['/spec/a']);
  expect(lastApplies.unownableIn(live('20000', 'sha256:a'))).toEqual(['/spec/a']);
});

test('detects an apply by somebody else under the same field manager, until our next one', () => {
  const lastApplies = new LastApplies();
  const [ours, theirs] = [live('1', 'sha256:a'), live('1', 'sha256:a', '2026-01-01T00:00:05Z')];
  expect(lastApplies.isAppliedByOthers(ours)).toBe(false);
  expect(lastApplies.isAppliedByOthers(ours)).toBe(false);
  expect(lastApplies.isAppliedByOthers(theirs)).toBe(true);
  lastApplies.remember(theirs, []);
  expect(lastApplies.isAppliedByOthers(theirs)).toBe(false);
});
