import { expect, test } from '@jest/globals';
import { keepRef, keyOfObject, refOf, withKeptRefs, type KubeObject } from '../../../resources/index.ts';

const OBJECTS: KubeObject[] = [
  { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a', namespace: 'shop' } },
  { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'a', namespace: 'shop' } },
  { apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'ClusterRole', metadata: { name: 'a' } },
];

test('a kept reference is the same each time, with the same key', () => {
  for (const object of OBJECTS) {
    const kept = structuredClone(object);
    keepRef(kept);
    expect(refOf(kept)).toBe(refOf(kept));
    expect(refOf(kept)).toEqual(refOf(object));
    expect(keyOfObject(kept)).toBe(keyOfObject(object));
  }
});

test('a new reference is replaced by the kept one at the same place if they are the same in every part', () => {
  const kept = structuredClone(OBJECTS);
  kept.forEach(keepRef);
  const read = OBJECTS.map(refOf);
  expect(withKeptRefs(read, kept).every((ref, index) => kept[index] && ref === refOf(kept[index]))).toBe(true);
  const others = [
    ...read.map((ref) => ({ ...ref, name: 'b' })),
    ...read.map((ref) => ({ ...ref, namespace: 'other' })),
    ...read.map((ref) => ({ ...ref, version: 'v2' })),
    ...read.map((ref) => ({ ...ref, group: 'other' })),
    ...read.map((ref) => ({ ...ref, kind: 'Other' })),
    ...read,
  ];
  for (const [index, ref] of others.entries()) {
    const list = withKeptRefs(
      [ref],
      [kept[(index + 1) % kept.length], kept[index]].flatMap((object) => object ?? []),
    );
    expect(list).toEqual([ref]);
  }
  expect(withKeptRefs(read, [])).toEqual(read);
});
