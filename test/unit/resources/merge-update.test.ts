import { describe, expect, test } from '@jest/globals';
import { managedAsApplied, managedWithClaim, mergePatchFor } from '../../../resources/index.ts';
import type { FieldSet, KubeObject } from '../../../resources/index.ts';
import { object } from './objects.ts';

function live(ours: FieldSet, others: FieldSet, rest: Record<string, unknown>): KubeObject {
  const made = object('Deployment/web', rest);
  const managedFields = [
    { manager: 'us', operation: 'Update', fieldsV1: ours },
    { manager: 'them', operation: 'Update', fieldsV1: others },
  ];
  return { ...made, metadata: { ...made.metadata, resourceVersion: '7', managedFields } };
}

describe('mergePatchFor', () => {
  test('removes what we own alone and no longer desire, and leaves what is owned by others or by nobody', () => {
    const there = live(
      { 'f:spec': { 'f:gone': {}, 'f:shared': { 'f:ours': {} } } },
      { 'f:spec': { 'f:shared': { 'f:theirs': {} } } },
      { spec: { gone: 1, shared: { ours: 1, theirs: 1 }, defaulted: 1 } },
    );
    const { spec } = mergePatchFor(object('Deployment/web', { spec: { list: [1] } }), there, 'us');
    expect(spec).toEqual({ list: [1], gone: null, shared: { ours: null } });
  });

  test('keeps finalizers of others, and holds for the object as it was read only', () => {
    const desired = object('Deployment/web', {});
    desired.metadata.finalizers = ['a/b'];
    const there = live({}, {}, {});
    there.metadata.finalizers = ['c/d'];
    expect(mergePatchFor(desired, there, 'us')['metadata']).toMatchObject({
      finalizers: ['c/d', 'a/b'],
      resourceVersion: '7',
    });
  });
});

const PORT = 'k:{"containerPort":80,"protocol":"TCP"}';

test('an update counts as an apply of what is desired', () => {
  const ours = { 'f:spec': { 'f:defaulted': {}, 'f:ports': { '.': {}, [PORT]: {} } } };
  const desired = object('Deployment/web', { spec: { ports: [{ containerPort: 80 }, { containerPort: 80 }] } });
  const [theirs, applied, ...more] = managedAsApplied(live(ours, {}, {}), desired, 'us');
  expect(theirs?.manager).toBe('them');
  expect(applied).toMatchObject({ manager: 'us', operation: 'Apply' });
  expect(applied?.fieldsV1).toEqual({ 'f:spec': { 'f:ports': { [PORT]: {} } } });
  expect(more).toEqual([]);
});

test('a claim is added to what is owned, though it was owned as a whole, and taken from others', () => {
  const there = live({ 'f:spec': { 'f:a': {} } }, { 'f:spec': { 'f:a': { 'f:b': { 'f:c': {} } }, 'f:d': {} } }, {});
  const [theirs, ours] = managedWithClaim(there, { 'f:spec': { 'f:a': { 'f:b': {} } } }, 'us');
  expect(ours?.fieldsV1).toEqual({ 'f:spec': { 'f:a': { '.': {}, 'f:b': {} } } });
  expect(theirs?.fieldsV1).toEqual({ 'f:spec': { 'f:d': {} } });
});
