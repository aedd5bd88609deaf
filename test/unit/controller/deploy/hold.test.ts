import { expect, test } from '@jest/globals';
import { heldAmong } from '../../../../controller/deploy/hold.ts';
import { keyOf, keyOfObject, type KubeObject } from '../../../../resources/index.ts';

const resource = {} as never;

/** An object in a state that was, or would be, applied. */
function inState(kind: string, name: string, state: string): KubeObject {
  const metadata = { name, namespace: 'shop', annotations: { 'coxswain.dev/applied': state } };
  return { apiVersion: kind === 'Job' ? 'batch/v1' : 'v1', kind, metadata };
}

interface Given {
  live: KubeObject[];
  refused?: KubeObject[];
  isWhole: boolean;
}

/** The names of those held among the objects of a version. */
function held(objects: KubeObject[], { live, refused = [...objects, ...live], isWhole }: Given): string[] {
  const found = new Map(live.map((object) => [keyOfObject(object), object]));
  const input = {
    refused: new Map(refused.map((object) => [keyOfObject(object), ''])),
    live: (ref: Parameters<typeof keyOf>[0]) => found.get(keyOf(ref)),
    isWhole,
  };
  return heldAmong(
    objects.map((object) => ({ object, resource })),
    input,
  ).map(({ object }) => object.metadata.name ?? '');
}

const config = inState('ConfigMap', 'config', 'one');
const other = inState('ConfigMap', 'other', 'one');

test('an object that was last applied as in the held version is held, if it is refused', () => {
  expect(held([config, other], { live: [config, other], refused: [config], isWhole: true })).toEqual(['config']);
});

test('an object that was last applied in another state stays as it is', () => {
  expect(held([config], { live: [inState('ConfigMap', 'config', 'two')], isWhole: true })).toEqual([]);
});

test('objects that the held version lacks are not part of it', () => {
  expect(held([config], { live: [config, inState('PersistentVolumeClaim', 'data', 'two')], isWhole: true })).toEqual([
    'config',
  ]);
});

test('a missing object is restored only if all of the version was applied, and finished work is not restored', () => {
  expect(held([config], { live: [], isWhole: true })).toEqual(['config']);
  expect(held([config], { live: [], isWhole: false })).toEqual([]);
  expect(held([inState('Job', 'work', 'one')], { live: [], isWhole: true })).toEqual([]);
});
