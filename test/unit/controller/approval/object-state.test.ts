import { describe, expect, test } from '@jest/globals';
import { stateOfWrite } from '../../../../controller/preview/object-state.ts';
import type { KubeObject, ObjectRef, PlannedWrite } from '../../../../resources/index.ts';

const REF: ObjectRef = { group: '', version: 'v1', kind: 'ConfigMap', namespace: 'shop', name: 'web' };

function object(data: unknown, metadata: object = {}, kind = 'ConfigMap'): KubeObject {
  return { apiVersion: 'v1', kind, metadata: { name: 'web', uid: 'one', ...metadata }, data };
}

function update(before: KubeObject, after: KubeObject, kind = 'ConfigMap'): string {
  const write: PlannedWrite = { type: 'update', ref: { ...REF, kind }, object: after, changes: [] };
  return stateOfWrite(write, { before, after }).state;
}

describe('the basis of an update', () => {
  const base = update(object({ a: '1', b: '2' }), object({ a: '3', b: '2' }));

  test('stays the same whatever happens to other fields, and whatever is filled in', () => {
    expect(update(object({ a: '1', b: 'x', c: 'y' }), object({ a: '3', b: 'x', c: 'y' }))).toBe(base);
    expect(update(object({ a: '1', b: '2' }), object({ a: 'random', b: '2' }))).toBe(base);
    expect(update(object({ a: '1', b: '2' }, { resourceVersion: '7' }), object({ a: '3', b: '2' }))).toBe(base);
  });

  test('differs with the values that would be replaced, the fields, and the object itself', () => {
    expect(update(object({ a: '2', b: '2' }), object({ a: '3', b: '2' }))).not.toBe(base);
    expect(update(object({ a: '1', b: '2' }), object({ a: '3', b: '3' }))).not.toBe(base);
    expect(update(object({ a: '1', b: '2' }, { uid: 'two' }), object({ a: '3', b: '2' }))).not.toBe(base);
  });

  test('for a list is the field in its item, or the whole list where its length changes', () => {
    const items = (...values: string[]) => object(values.map((v) => ({ v, w: 'same' })));
    const other = (...values: string[]) => object(values.map((v) => ({ v, w: 'other' })));
    expect(update(items('a', 'b'), items('a', 'c'))).toBe(update(other('a', 'b'), other('a', 'c')));
    expect(update(items('a'), items('a', 'c'))).not.toBe(update(other('a'), other('a', 'c')));
  });

  test('for a Secret is its revision, from which no value can be guessed', () => {
    const secret = (a: string, resourceVersion: string) => object({ a }, { resourceVersion }, 'Secret');
    const one = update(secret('1', '7'), secret('3', '7'), 'Secret');
    expect(update(secret('2', '7'), secret('3', '7'), 'Secret')).toBe(one);
    expect(update(secret('1', '8'), secret('3', '8'), 'Secret')).not.toBe(one);
  });
});

test('an object that is deleted or replaced counts by its identity alone', () => {
  const gone = (uid: string) =>
    stateOfWrite({ type: 'delete', ref: REF, uid }, { before: object({}), after: undefined });
  expect(gone('one')).toEqual(gone('one'));
  expect(gone('one').state).not.toBe(gone('two').state);
  const replacement = {
    class: 'Recreate',
    fields: ['spec.x'],
    losses: [],
    propagation: 'Background',
    growth: [],
  } as const;
  const again = (before: KubeObject, fields = ['spec.x']) =>
    stateOfWrite(
      { type: 'update', ref: REF, object: before, changes: [] },
      { before, after: object({ a: 'new' }), replacement: { ...replacement, fields } },
    ).state;
  expect(again(object({ a: '1' }))).toBe(again(object({ a: '2' })));
  expect(again(object({}, { uid: 'two' }))).not.toBe(again(object({})));
  expect(again(object({}), ['spec.y'])).not.toBe(again(object({})));
});
