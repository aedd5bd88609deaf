import { beforeAll, describe, expect, test } from '@jest/globals';
import { readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import { connect } from '../../../kube/index.ts';
import type { RequestRecord } from '../../../kube/index.ts';
import { eventually } from '../../support/eventually.ts';
import { configMap, configMaps, createNamespace, errorOf, namespaces, secrets, useCluster } from './cluster.ts';

const seen: RequestRecord[] = [];
const cluster = useCluster({ userAgent: 'coxswain/test', onRequest: (record) => seen.push(record) });
let namespace: string;

beforeAll(async () => {
  namespace = await createNamespace(cluster);
});

describe('a client', () => {
  test('creates, reads, patches, replaces and removes', async () => {
    const { client } = cluster;
    const created = await client.create(configMaps, configMap(namespace, 'crud', { a: '1' }));
    expect(created.metadata.uid).toBeDefined();
    expect(await client.get(configMaps, namespace, 'crud')).toEqual(created);
    const add = await client.patchJson(configMaps, namespace, 'crud', [{ op: 'add', path: '/data/b', value: '2' }]);
    expect(add['data']).toEqual({ a: '1', b: '2' });
    const merged = await client.patchMerge(configMaps, namespace, 'crud', { data: { a: null } });
    expect(merged['data']).toEqual({ b: '2' });
    const replaced = await client.replace(configMaps, { ...merged, data: { c: '3' } });
    expect(replaced['data']).toEqual({ c: '3' });
    expect((await errorOf(client.replace(configMaps, merged))).code).toBe('Conflict');
    expect(await client.remove(configMaps, namespace, 'crud', { uid: 'another' })).toBeUndefined();
    await client.remove(configMaps, namespace, 'crud', { propagation: 'Background', dryRun: true });
    expect(await client.get(configMaps, namespace, 'crud')).toMatchObject({ metadata: { uid: created.metadata.uid } });
    const removed = await client.remove(configMaps, namespace, 'crud');
    expect(removed?.metadata).toMatchObject({ name: 'crud', uid: created.metadata.uid });
    expect(await client.remove(configMaps, namespace, 'crud')).toBeUndefined();
  });

  test('is told only the metadata of what it writes, if it asks for no more', async () => {
    const { client } = cluster;
    const brief = { content: 'metadata' } as const;
    const created = await client.create(configMaps, configMap(namespace, 'brief', { a: '1' }), brief);
    const patched = await client.patchMerge(configMaps, namespace, 'brief', { data: { b: '2' } }, brief);
    for (const answer of [created, patched]) expect(answer).not.toHaveProperty('data');
    expect(patched.metadata).toMatchObject({ name: 'brief', uid: created.metadata.uid });
    expect(patched.metadata.resourceVersion).not.toBe(created.metadata.resourceVersion);
    expect(await client.get(configMaps, namespace, 'brief')).toMatchObject({ data: { a: '1', b: '2' } });
  });

  test('returns a removed object that a finalizer keeps', async () => {
    const { client } = cluster;
    const object = configMap(namespace, 'kept');
    object.metadata.finalizers = ['coxswain.dev/test'];
    await client.create(configMaps, object);
    const removed = await client.remove(configMaps, namespace, 'kept', { propagation: 'Background' });
    expect(removed?.metadata.deletionTimestamp).toBeDefined();
    await client.patchMerge(configMaps, namespace, 'kept', { metadata: { finalizers: null } });
  });

  test('reports which manager owns which field when an apply conflicts', async () => {
    const { client } = cluster;
    const object = configMap(namespace, 'owned', { a: '1', b: '1' });
    await client.apply(configMaps, object, { fieldManager: 'first', force: false });
    const other = configMap(namespace, 'owned', { a: '2', b: '2' });
    const error = await errorOf(client.apply(configMaps, other, { fieldManager: 'second', force: false }));
    expect(error).toMatchObject({ code: 'Conflict', status: 409, transient: false, objectName: 'owned' });
    expect(error.conflicts).toEqual([
      { manager: 'first', field: '.data.a' },
      { manager: 'first', field: '.data.b' },
    ]);
    const dry = await client.apply(configMaps, other, { fieldManager: 'second', force: true, dryRun: true });
    expect(dry['data']).toEqual({ a: '2', b: '2' });
    expect((await client.get(configMaps, namespace, 'owned'))['data']).toEqual({ a: '1', b: '1' });
  });

  test('impersonates, and names the permission that is missing', async () => {
    const tenant = cluster.client.as(`system:serviceaccount:${namespace}:default`);
    const object = configMap(namespace, 'refused');
    const error = await errorOf(tenant.apply(configMaps, object, { fieldManager: 'x', force: true }));
    expect(error).toMatchObject({ code: 'Forbidden', resource: 'configmaps', namespace, objectName: 'refused' });
    expect(error.denied).toEqual({ verb: 'patch', resource: 'configmaps', group: '', namespace });
    const nobody = await errorOf(tenant.as('x').list(namespaces));
    expect(nobody.denied).toEqual({ verb: 'list', resource: 'namespaces', group: '' });
  });

  test.each([
    ['NotFound', () => cluster.client.get(configMaps, namespace, 'absent')],
    ['AlreadyExists', () => cluster.client.create(namespaces, { ...configMap('', namespace), kind: 'Namespace' })],
    ['Invalid', () => cluster.client.create(configMaps, configMap(namespace, 'UPPER'))],
    ['BadRequest', () => cluster.client.get(configMaps, namespace, '../../kube-system/configmaps/x')],
    ['BadRequest', () => cluster.client.get(configMaps, undefined, 'x')],
    ['BadRequest', () => cluster.client.create(configMaps, { ...configMap(namespace, 'x'), data: { a: 1 } })],
    ['TooLarge', () => cluster.client.create(configMaps, configMap(namespace, 'big', { a: 'x'.repeat(4_000_000) }))],
  ])('throws %s', async (code, attempt) => {
    expect(await errorOf(attempt())).toMatchObject({ code, transient: false });
  });

  test('tells a terminating namespace from a missing permission', async () => {
    const { client } = cluster;
    const doomed = await createNamespace(cluster);
    const object = configMap(doomed, 'holding');
    object.metadata.finalizers = ['coxswain.dev/test'];
    await client.create(configMaps, object);
    await client.remove(namespaces, undefined, doomed);
    const error = await errorOf(client.create(configMaps, configMap(doomed, 'late')));
    expect(error).toMatchObject({ code: 'NamespaceTerminating', status: 403 });
    await client.patchMerge(configMaps, doomed, 'holding', { metadata: { finalizers: null } });
  });

  test.each(['create', 'apply'] as const)('does not repeat the content of a mistyped Secret (%s)', async (verb) => {
    const secret = {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 's', namespace },
      stringData: { pin: 48151623 },
    };
    const { client } = cluster;
    const attempt =
      verb === 'create'
        ? client.create(secrets, secret)
        : client.apply(secrets, secret, { fieldManager: 'x', force: true });
    const error = await errorOf(attempt);
    expect(error.transient).toBe(false);
    expect(`${error.message} ${String(error.cause)}`).not.toContain('48151623');
    if (verb === 'apply')
      expect(error).toMatchObject({ code: 'Invalid', message: expect.stringContaining('.stringData.pin') });
  });

  test('lists page by page', async () => {
    const { client } = cluster;
    const crowd = await createNamespace(cluster);
    const names = Array.from({ length: 600 }, (_, index) => `c-${index}`);
    await Promise.all(names.map((name) => client.create(configMaps, configMap(crowd, name))));
    seen.length = 0;
    const listed = await client.list(configMaps, crowd, { fieldSelector: 'metadata.name!=kube-root-ca.crt' });
    expect(listed.map((object) => object.metadata.name).sort()).toEqual(names.sort());
    expect(listed[0]).toMatchObject({ apiVersion: 'v1', kind: 'ConfigMap' });
    expect(seen.map(({ verb, resource, code }) => [verb, resource, code])).toEqual([
      ['list', 'configmaps', 200],
      ['list', 'configmaps', 200],
    ]);
  });

  test('lists large objects a few at a time, and no more bytes than it may', async () => {
    const { client } = cluster;
    const heavy = await createNamespace(cluster);
    const names = Array.from({ length: 10 }, (_, index) => `c-${index}`);
    const data = { a: 'x'.repeat(900_000) };
    await Promise.all(names.map((name) => client.create(configMaps, configMap(heavy, name, data))));
    const but = { fieldSelector: 'metadata.name!=kube-root-ca.crt' };
    const { items, bytes } = await client.listAt(configMaps, heavy, but);
    expect(items.map((object) => object.metadata.name).sort()).toEqual(names.sort());
    expect(bytes).toBeGreaterThan(9_000_000);
    const error = await errorOf(client.listAt(configMaps, heavy, but, { maxBytes: 5_000_000 }));
    expect(error).toMatchObject({ code: 'TooLarge', transient: false });
  });

  test('refuses writes, and only writes, when fenced', async () => {
    let mayWrite = true;
    const fenced = cluster.client
      .as('system:admin')
      .fencedBy(() => mayWrite, 'the test says so')
      .fencedBy(() => true, 'never');
    expect(fenced.user).toBe('system:admin');
    mayWrite = false;
    const sent = seen.length;
    const refused = await errorOf(fenced.create(configMaps, configMap(namespace, 'late')));
    expect([refused.code, refused.message]).toEqual(['Fenced', expect.stringContaining('not sent: the test says so')]);
    expect(seen).toHaveLength(sent);
    expect((await errorOf(fenced.get(configMaps, namespace, 'late'))).code).toBe('Forbidden');
  });

  test('sets its user agent on every request', async () => {
    await cluster.client.get(namespaces, undefined, namespace);
    const path = `/api/v1/namespaces/${namespace}`;
    const log = await eventually(
      () => readFile(cluster.auditLog, 'utf8'),
      (text) => text.includes(`"requestURI":"${path}","verb":"get"`),
    );
    const entry = log.split('\n').find((line) => line.includes(`"requestURI":"${path}","verb":"get"`));
    expect(entry).toContain('"userAgent":"coxswain/test"');
  });

  test('is refused before it sends anything where there is no kubeconfig', async () => {
    expect((await errorOf(connect({ kubeconfig: '/nonexistent/config' }))).code).toBe('Misconfigured');
    expect((await errorOf(connect({ kubeconfig: cluster.kubeconfig, context: 'absent' }))).code).toBe('Misconfigured');
  });

  test('reads a rotated credential again after a 401', async () => {
    const text = await readFile(cluster.kubeconfig, 'utf8');
    const path = join(dirname(cluster.kubeconfig), 'rotated.kubeconfig');
    await writeFile(path, text.replace(/"token": ?"[^"]*"/, '"token": "expired"'));
    const client = await connect({ kubeconfig: path });
    expect((await errorOf(client.get(namespaces, undefined, namespace))).code).toBe('Unauthorized');
    await client.close();
    await writeFile(path, text.replace(/"token": ?"[^"]*"/, '"token": "expired"'));
    const rotating = await connect({ kubeconfig: path });
    await writeFile(path, text);
    expect((await rotating.get(namespaces, undefined, namespace)).metadata.name).toBe(namespace);
    await rotating.close();
  });

  test('uses the token of an exec plugin', async () => {
    const config = JSON.parse(await readFile(cluster.kubeconfig, 'utf8')) as { users: [{ user: { token: string } }] };
    const apiVersion = 'client.authentication.k8s.io/v1';
    const credential = { apiVersion, kind: 'ExecCredential', status: { token: config.users[0].user.token } };
    const exec = { apiVersion, command: 'echo', args: [JSON.stringify(credential)], interactiveMode: 'Never' };
    const path = join(dirname(cluster.kubeconfig), 'exec.kubeconfig');
    await writeFile(path, JSON.stringify({ ...config, users: [{ ...config.users[0], user: { exec } }] }));
    const client = await connect({ kubeconfig: path });
    expect((await client.get(namespaces, undefined, namespace)).metadata.name).toBe(namespace);
    await client.close();
  });
});
