import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { Children } from '../../../controller/watches/children.ts';
import { connect, type KubeClient } from '../../../kube/index.ts';
import { inTurns, metered } from '../../../turns/index.ts';
import { eventually } from '../../support/eventually.ts';
import { configMap, configMaps, createNamespace, useCluster } from './cluster.ts';
import { startHttpFaultProxy, type HttpFaultProxy } from './fault-proxy.ts';

const cluster = useCluster();
let namespace: string;
let proxy: HttpFaultProxy;
let client: KubeClient;
let children: Children;
let woken: string[];

beforeEach(async () => {
  namespace = await createNamespace(cluster);
  proxy = await startHttpFaultProxy(cluster.kubeconfig);
  client = await connect({ kubeconfig: proxy.kubeconfig, inTurns });
  woken = [];
  children = new Children(client, (key) => woken.push(key));
});

afterEach(async () => {
  children.stop();
  await client.close();
  await proxy.close();
});

test('only the identity is kept of objects that nobody names, and of children all but their data', async () => {
  const user = 'system:serviceaccount:kube-system:namespace-controller';
  const labels = { 'coxswain.dev/release': 'web', 'coxswain.dev/release-namespace': namespace };
  const child = { ...configMap(namespace, 'child', { a: 'x' }), metadata: { name: 'child', namespace, labels } };
  for (const name of ['child', 'bearing-our-labels']) {
    const object = { ...child, metadata: { ...child.metadata, name } };
    await cluster.client.apply(configMaps, object, { fieldManager: 'coxswain', force: true });
  }
  const objects = [{ kind: 'ConfigMap', namespace, name: 'child' }];
  const sight = { key: `${namespace}/web`, user, resources: [configMaps], objects };
  await children.watch(sight);
  const seen = (name: string) => children.live(user, configMaps, namespace, name);
  expect(seen('child')?.metadata.managedFields).toHaveLength(1);
  expect(seen('bearing-our-labels')?.metadata).toMatchObject({ uid: expect.any(String), labels });
  expect(seen('bearing-our-labels')?.metadata.managedFields).toBeUndefined();
  await children.watch({
    ...sight,
    objects: [...objects, { kind: 'ConfigMap', namespace, name: 'bearing-our-labels' }],
  });
  expect(seen('bearing-our-labels')?.metadata.managedFields).toHaveLength(1);
});

test('an object that does not fit in memory is reported to those who name it, and seen once there is room', async () => {
  children.stop();
  children = new Children(client, (key) => woken.push(key), { heapBytes: 1_400_000 });
  const user = 'system:serviceaccount:kube-system:namespace-controller';
  const names = Array.from({ length: 6 }, (_, index) => `m${index}`);
  // Owners of fields are no data: they are what the memory of children is for.
  const data = Object.fromEntries(Array.from({ length: 4_000 }, () => [randomUUID(), '']));
  for (const name of names) await cluster.client.create(configMaps, configMap(namespace, name, data));
  for (const name of names) {
    const marked = { ...configMap(namespace, name, data), metadata: { name, namespace } };
    await cluster.client.apply(configMaps, marked, { fieldManager: 'coxswain', force: true });
  }
  const look = (objects: string[]): Promise<void> =>
    children.watch({
      key: `${namespace}/web`,
      user,
      resources: [configMaps],
      objects: objects.map((name) => ({ kind: 'ConfigMap', namespace, name })),
    });
  const check = (name: string) => () => children.requireKeptInFull(user, configMaps, namespace, name);
  await look(names);
  const refused = names.filter((name) => errorIn(check(name)) !== undefined);
  expect(refused.length).toBeGreaterThan(0);
  expect(refused.length).toBeLessThan(names.length);
  expect(errorIn(check(refused[0] ?? ''))).toMatchObject({ code: 'LimitExceeded' });
  for (const name of names.filter((each) => !refused.includes(each))) {
    await cluster.client.remove(configMaps, namespace, name);
    await eventually(
      () => Promise.resolve(children.live(user, configMaps, namespace, name)),
      (left) => expect(left).toBeUndefined(),
    );
  }
  await look(refused.slice(0, 1));
  expect(errorIn(check(refused[0] ?? ''))).toBeUndefined();
});

test('objects of a namespace that do not fit in its share of memory are left out and reported, until others are gone', async () => {
  children.stop();
  children = new Children(client, (key) => woken.push(key), { heapBytes: 1_000_000 });
  const user = 'system:serviceaccount:kube-system:namespace-controller';
  // Names of 253 characters: 400 of them take more than the 200 kB that a namespace may have.
  const names = Array.from({ length: 400 }, (_, index) => `m${index}`.padEnd(253, 'x'));
  for (const name of names) await cluster.client.create(configMaps, configMap(namespace, name));
  const sight = { key: `${namespace}/web`, user, resources: [configMaps] };
  await children.watch(sight);
  const known = names.filter((name) => children.live(user, configMaps, namespace, name) !== undefined);
  expect(known.length).toBeGreaterThan(100);
  expect(known.length).toBeLessThan(300);
  const unknown = names.find((name) => !known.includes(name)) ?? '';
  for (const check of ['requireExistenceKnown', 'requireKeptInFull'] as const) {
    expect(errorIn(() => children[check](user, configMaps, namespace, unknown))).toMatchObject({
      code: 'LimitExceeded',
    });
    expect(errorIn(() => children[check](user, configMaps, namespace, known[0] ?? ''))).toBeUndefined();
  }

  for (const name of known) await cluster.client.remove(configMaps, namespace, name);
  await eventually(
    () => Promise.resolve(known.filter((name) => children.live(user, configMaps, namespace, name))),
    (left) => expect(left).toEqual([]),
  );
  await children.watch({ ...sight, objects: [{ kind: 'ConfigMap', namespace, name: unknown }] });
  expect(children.live(user, configMaps, namespace, unknown)).toBeDefined();
  expect(errorIn(() => children.requireExistenceKnown(user, configMaps, namespace, 'absent'))).toBeUndefined();
});

test('watches take up the memory share of their namespace, and are refused where none is left', async () => {
  children.stop();
  children = new Children(client, (key) => woken.push(key), { heapBytes: 1_000_000 });
  const user = (of: string): string => `system:serviceaccount:${of}:namespace-controller`;
  const named = (count: number) =>
    Array.from({ length: count }, (_, index) => ({ kind: 'ConfigMap', name: `absent-${index}` }) as const);
  const key = `${namespace}/web`;
  await expect(children.watch({ key, user: user(namespace), values: named(20) })).rejects.toMatchObject({
    code: 'LimitExceeded',
    message: expect.stringMatching(/^ConfigMap\/absent-\d+ cannot be watched: /),
  });
  children.forget(key);
  const few = { key, user: user('kube-system'), values: named(3) };
  await children.watch(few);
  await children.watch({ ...few, key: `${namespace}/other` });
  expect(children.value(few.user, 'ConfigMap', namespace, 'absent-0')).toBeUndefined();
});

function errorIn(check: () => void): unknown {
  try {
    check();
    return undefined;
  } catch (error) {
    return error;
  }
}

test('an initial list that outlasts a pass is made once, and those who wait for it are woken', async () => {
  children.stop();
  children = new Children(client, (key) => woken.push(key), { firstCopyMs: 300 });
  await cluster.client.create(configMaps, configMap(namespace, 'a'));
  // May watch everything, as a tenant may what is its own.
  const user = 'system:serviceaccount:kube-system:namespace-controller';
  const sight = { key: `${namespace}/web`, user, resources: [configMaps] };
  const answered = Promise.withResolvers<false>();
  proxy.fault = async () => answered.promise;
  for (let pass = 0; pass < 3; pass += 1) {
    await expect(children.watch(sight)).rejects.toMatchObject({ code: 'ApiUnavailable' });
    children.releaseUnusedWatches(sight.key);
  }
  answered.resolve(false);
  await eventually(
    () => Promise.resolve(woken),
    (keys) => expect(keys).toContain(sight.key),
  );
  await children.watch(sight);
  expect(children.live(user, configMaps, namespace, 'a')?.metadata.name).toBe('a');
  expect(proxy.requests.filter((request) => request.includes('/configmaps'))).toHaveLength(1);
});

test('a change to the metadata of an object in valuesFrom wakes nobody, a change to its data does', async () => {
  const user = 'system:serviceaccount:kube-system:namespace-controller';
  const write = (name: string, text: string, annotations = {}): Promise<unknown> => {
    const object = { ...configMap(namespace, name, { text }), metadata: { name, namespace, annotations } };
    return cluster.client.apply(configMaps, object, { fieldManager: 'test', force: true });
  };
  await write('source', 'a');
  await children.watch({ key: `${namespace}/web`, user, values: [{ kind: 'ConfigMap', name: 'source' }] });
  woken.length = 0;
  for (let edit = 0; edit < 5; edit += 1) await write('source', 'a', { edit: String(edit) });
  await eventually(
    async () => children.value(user, 'ConfigMap', namespace, 'source')?.metadata.annotations,
    (annotations) => expect(annotations).toEqual({ edit: '4' }),
  );
  expect(woken).toEqual([]);
  await write('source', 'b', { edit: '5' });
  await eventually(
    async () => woken,
    (keys) => expect(keys).toEqual([`${namespace}/web`]),
  );
});

test('what a watch reads is charged to the Release whose pass began it, for as long as it lasts', async () => {
  const user = 'system:serviceaccount:kube-system:namespace-controller';
  let chargedMs = 0;
  await metered(
    (ms) => (chargedMs += ms),
    () => children.watch({ key: `${namespace}/web`, user, values: [{ kind: 'ConfigMap', name: 'source' }] }),
  );
  chargedMs = 0;
  const text = 'a'.repeat(500_000);
  await cluster.client.create(configMaps, configMap(namespace, 'source', { text }));
  await eventually(
    async () => woken,
    (keys) => expect(keys).toContain(`${namespace}/web`),
  );
  expect(chargedMs).toBeGreaterThan(0);
});
