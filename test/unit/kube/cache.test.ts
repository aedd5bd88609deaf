import { describe, expect, test } from '@jest/globals';

import { ObjectCache, isOlder } from '../../../kube/cache.ts';
import type { KubeObject } from '../../../resources/index.ts';

function object(name: string, resourceVersion: string, uid = `uid-${name}`): KubeObject {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace: 'ns', uid, resourceVersion } };
}

function recorded(): { cache: ObjectCache<KubeObject>; told: string[] } {
  const told: string[] = [];
  const cache = new ObjectCache<KubeObject>(({ type, object: { metadata }, previous, echo }) => {
    const before = previous === undefined ? '' : ` after ${previous.metadata.resourceVersion}`;
    told.push(`${type} ${metadata.name}@${metadata.resourceVersion}${before}${echo ? ' echo' : ''}`);
  });
  return { cache, told };
}

describe('isOlder', () => {
  test.each([
    ['9', '10', true],
    ['10', '9', false],
    ['10', '10', false],
    ['18446744073709551614', '18446744073709551615', true],
    ['abc', '10', false],
    [undefined, '1', false],
    ['1', undefined, false],
  ])('%s before %s: %s', (left, right, expected) => expect(isOlder(left, right)).toBe(expected));
});

describe('an object cache', () => {
  test('reports objects as added, modified and deleted, and ignores stale events', () => {
    const { cache, told } = recorded();
    cache.receive(object('a', '1'));
    cache.receive(object('a', '1'));
    cache.receive(object('a', '3'));
    cache.receive(object('a', '2'));
    cache.receiveDeleted(object('a', '4'));
    expect(told).toEqual(['added a@1', 'modified a@3 after 1', 'deleted a@4']);
    expect(cache.list()).toEqual([]);
  });

  test('keeps the newer of its own write and the watch event', () => {
    const { cache, told } = recorded();
    cache.receive(object('a', '1'));
    cache.store(object('a', '3'));
    cache.receive(object('a', '2'));
    expect(cache.get('ns', 'a')?.metadata.resourceVersion).toBe('3');
    expect(told).toEqual(['added a@1']);
    cache.receive(object('a', '3'));
    cache.receive(object('a', '3'));
    cache.store(object('a', '2'));
    cache.receive(object('a', '4'));
    expect(told.slice(1)).toEqual(['modified a@3 after 3 echo', 'modified a@4 after 3']);
  });

  test('ignores the answer to a deletion that it has already seen completed', () => {
    const { cache } = recorded();
    const { metadata, ...rest } = object('a', '2');
    const leaving = { ...rest, metadata: { ...metadata, deletionTimestamp: '2026-01-01T00:00:00Z' } };
    cache.receive(object('a', '1'));
    cache.receiveDeleted(object('a', '3'));
    cache.store(leaving);
    expect(cache.list()).toEqual([]);
    cache.receive(object('a', '1'));
    cache.store(leaving);
    expect(cache.list()).toEqual([leaving]);
  });

  test('keeps the very object that it took from a write, once the watch has shown it', () => {
    const { cache } = recorded();
    cache.receive(object('a', '2'));
    cache.store(object('a', '3'));
    const kept = cache.get('ns', 'a');
    cache.receive(object('a', '3'));
    expect(cache.get('ns', 'a')).toBe(kept);
  });

  test('does not restore an object that it deleted itself', () => {
    const { cache, told } = recorded();
    cache.receive(object('a', '1'));
    cache.forget('ns', 'a');
    cache.receive(object('a', '2'));
    expect(cache.get('ns', 'a')).toBeUndefined();
    cache.receiveDeleted(object('a', '3'));
    cache.receive(object('a', '4', 'another'));
    expect(told).toEqual(['added a@1', 'deleted a@3', 'added a@4']);
  });

  test('reports one object’s end and the next one’s start when they share a name', () => {
    const { cache, told } = recorded();
    cache.receive(object('a', '1', 'first'));
    cache.receive(object('a', '5', 'second'));
    cache.receiveDeleted(object('a', '4', 'first'));
    expect(told).toEqual(['added a@1', 'deleted a@1', 'added a@5']);
    expect(cache.get('ns', 'a')?.metadata.uid).toBe('second');
  });

  test('drops after a full list what it did not contain, except later writes', () => {
    const { cache, told } = recorded();
    cache.receive(object('gone', '1'));
    cache.receive(object('kept', '2'));
    cache.beginCollection();
    cache.receive(object('kept', '2'));
    cache.receive(object('new', '3'));
    cache.store(object('mine', '9'));
    cache.endCollection('5');
    expect(told).toEqual(['added gone@1', 'added kept@2', 'added new@3', 'deleted gone@1']);
    expect(cache.list('ns').map(({ metadata }) => metadata.name)).toEqual(['kept', 'new', 'mine']);
  });

  test('distinguishes cluster-scoped objects and namespaces', () => {
    const { cache } = recorded();
    const atLarge = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'a', resourceVersion: '1' } };
    cache.receive(atLarge);
    cache.receive(object('a', '2'));
    expect(cache.get(undefined, 'a')).toEqual(atLarge);
    expect(cache.list()).toHaveLength(2);
    expect(cache.list('ns')).toHaveLength(1);
    expect(cache.list('other')).toEqual([]);
  });
});
