import { describe, expect, test } from '@jest/globals';

import type { Change } from '../../../kube/index.ts';
import type { KubeObject } from '../../../resources/index.ts';
import { eventually } from '../../support/eventually.ts';
import { configMaps, useCluster } from './cluster.ts';
import { startHttpFaultProxy, startWireFaultProxy } from './fault-proxy.ts';
import { expectNames, names, useInformers } from './informers.ts';

const cluster = useCluster();
const here = useInformers(cluster);
const { connected, errors, follow, sent, told, write } = here;

describe('an informer', () => {
  test('lists and follows a collection with one watch and nothing else', async () => {
    await write('a');
    await write('b');
    const informer = follow(await connected(cluster.kubeconfig));
    await informer.synced;
    expect(names(informer)).toEqual(['a', 'b']);
    expect(informer.get(here.namespace, 'a')?.metadata.uid).toBeDefined();
    expect(informer.list(here.namespace)).toHaveLength(2);
    await write('c');
    await cluster.client.remove(configMaps, here.namespace, 'a');
    await write('b', { changed: 'yes' });
    await expectNames(informer, 'b', 'c');
    await eventually(
      () => told,
      (all) => expect(all).toEqual(['added a', 'added b', 'added c', 'deleted a', 'modified b']),
    );
    expect(sent.map(({ verb, code }) => [verb, code])).toEqual([['watch', 200]]);
    expect(errors).toEqual([]);
  });

  test.each(['watch', 'list'] as const)('requests metadata alone, by %s, and still knows the kind', async (by) => {
    await write('a', { n: '1' });
    const proxy = await startHttpFaultProxy(cluster.kubeconfig);
    proxy.fault = (request, response) => {
      if (by === 'watch' || !request.url?.includes('sendInitialEvents')) return false;
      const refusal = { kind: 'Status', code: 422, reason: 'Invalid', message: 'no initial events' };
      response.writeHead(422, { 'content-type': 'application/json' }).end(JSON.stringify(refusal));
      return true;
    };
    const informer = follow(await connected(proxy.kubeconfig), { content: 'metadata' });
    await informer.synced;
    await write('b', { n: '1' });
    await expectNames(informer, 'a', 'b');
    for (const object of informer.list()) {
      expect(Object.keys(object).sort()).toEqual(['apiVersion', 'kind', 'metadata']);
      expect(object).toMatchObject({ apiVersion: 'v1', kind: 'ConfigMap' });
      expect(object.metadata.managedFields).toHaveLength(1);
    }
    await proxy.close();
  });

  test('lists the collection again when asked to, if its policy would now keep more', async () => {
    await write('a', { n: '1' });
    let isWhole = false;
    const keep = (object: KubeObject): KubeObject => (isWhole ? object : { ...object, data: undefined });
    const cachePolicy = { keep, isPartial: (kept: KubeObject) => isWhole && kept['data'] === undefined };
    const informer = follow(await connected(cluster.kubeconfig), { cachePolicy });
    await informer.synced;
    expect(informer.get(here.namespace, 'a')?.['data']).toBeUndefined();
    isWhole = true;
    await informer.refresh();
    expect(informer.get(here.namespace, 'a')?.['data']).toEqual({ n: '1' });
    await write('b');
    await expectNames(informer, 'a', 'b');
    expect(told).toEqual(['added a', 'added b']);
    expect(errors).toEqual([]);
  });

  test('passes on what changed and what was there before, trimmed', async () => {
    await write('a', { n: '1' });
    const changes: Change<KubeObject>[] = [];
    const keep = (object: KubeObject): KubeObject => {
      const { managedFields: _, ...metadata } = object.metadata;
      return { ...object, metadata };
    };
    const cachePolicy = { keep };
    const informer = follow(await connected(cluster.kubeconfig), {
      cachePolicy,
      onChange: (change) => changes.push(change),
    });
    await informer.synced;
    await write('a', { n: '2' });
    await eventually(
      () => changes,
      (all) => expect(all).toHaveLength(2),
    );
    expect(changes[1]?.previous?.['data']).toEqual({ n: '1' });
    expect(changes[1]?.object['data']).toEqual({ n: '2' });
    expect(JSON.stringify(informer.list())).not.toContain('managedFields');
  });

  test.each([
    { of: 'a collection', fieldSelector: undefined, count: 5 },
    { of: 'an object', fieldSelector: 'metadata.name=a', count: 1 },
  ])('pauses when asked to, and then reads $of what happened meanwhile', async ({ fieldSelector, count }) => {
    const rested = Promise.withResolvers<void>();
    let restMs = 60_000;
    await write('a', { edit: '' });
    const informer = follow(cluster.client, {
      ...(fieldSelector && { fieldSelector }),
      restMs: () => restMs,
      pause: () => rested.promise,
    });
    await informer.synced;
    for (let edit = 1; edit <= 5; edit += 1) await write('a', { edit: String(edit) });
    expect(told).toEqual(['added a']);
    restMs = 0;
    rested.resolve();
    await eventually(
      async () => informer.get(here.namespace, 'a')?.['data'],
      (data) => expect(data).toEqual({ edit: '5' }),
    );
    expect(told).toEqual(['added a', ...Array<string>(count).fill('modified a')]);
  });

  test('survives an error thrown by its handler', async () => {
    const informer = follow(await connected(cluster.kubeconfig), {
      onChange: () => {
        throw new Error('handler');
      },
    });
    await informer.synced;
    await write('a');
    await write('b');
    await expectNames(informer, 'a', 'b');
    expect(errors.map(String)).toEqual(['Error: handler', 'Error: handler']);
  });

  test('reflects its own writes without waiting for the server', async () => {
    const informer = follow(await connected(cluster.kubeconfig));
    await informer.synced;
    const first = await write('a', { n: '1' });
    informer.store(first);
    const second = await write('a', { n: '2' });
    informer.store(second);
    informer.store(first);
    expect(informer.get(here.namespace, 'a')?.['data']).toEqual({ n: '2' });
    await cluster.client.remove(configMaps, here.namespace, 'a');
    informer.forget(here.namespace, 'a');
    expect(informer.get(here.namespace, 'a')).toBeUndefined();
    await eventually(
      () => told,
      (all) => expect(all.at(-1)).toBe('deleted a'),
    );
    expect(names(informer)).toEqual([]);
  });

  test('reports that it is refused, and recovers when it no longer is', async () => {
    const client = await connected(cluster.kubeconfig);
    const informer = follow(client.as(`system:serviceaccount:${here.namespace}:default`));
    await expect(informer.synced).rejects.toMatchObject({ code: 'Forbidden', denied: { verb: 'watch' } });
    expect(informer).toMatchObject({ hasSynced: false, error: { code: 'Forbidden' } });
    await write('a');
    const bindings = { ...configMaps, group: 'rbac.authorization.k8s.io', plural: 'rolebindings', kind: 'RoleBinding' };
    await client.create(bindings, {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'RoleBinding',
      metadata: { name: 'view', namespace: here.namespace },
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'view' },
      subjects: [{ kind: 'ServiceAccount', name: 'default', namespace: here.namespace }],
    });
    await expectNames(informer, 'a');
    // The end of the collection comes after its objects.
    await eventually(
      () => informer,
      (recovered) => expect(recovered).toMatchObject({ hasSynced: true, error: undefined }),
    );
  });

  test('is refused where the kind does not exist', async () => {
    const informer = follow(await connected(cluster.kubeconfig), { resource: { ...configMaps, plural: 'boats' } });
    await expect(informer.synced).rejects.toMatchObject({ code: 'NotServed' });
  });

  test('shares a few connections among hundreds of informers', async () => {
    const proxy = await startWireFaultProxy(cluster.kubeconfig);
    const client = await connected(proxy.kubeconfig);
    const many = Array.from({ length: 200 }, () => follow(client));
    await Promise.all(many.map((informer) => informer.synced));
    await write('a');
    await Promise.all(many.map((informer) => expectNames(informer, 'a')));
    expect(proxy.connections).toBeLessThanOrEqual(4);
    await client.close();
    await eventually(
      () => proxy.connections,
      (open) => open === 0,
    );
    await proxy.close();
  });
});
