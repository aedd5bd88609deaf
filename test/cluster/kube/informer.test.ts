import { once } from 'node:events';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';

import { connect, startInformer } from '../../../kube/index.ts';
import type { Change, Informer, InformerOptions, KubeClient, RequestRecord } from '../../../kube/index.ts';
import type { KubeObject } from '../../../resources/index.ts';
import { eventually } from '../../support/eventually.ts';
import { configMap, configMaps, createNamespace, notedPauses, useCluster } from './cluster.ts';
import { GONE, startHttpFaultProxy, startWireFaultProxy } from './fault-proxy.ts';
import type { HttpFaultProxy, WireFaultProxy } from './fault-proxy.ts';

const cluster = useCluster();
let namespace: string;
let sent: RequestRecord[];
let clients: KubeClient[] = [];
let informers: Informer<KubeObject>[] = [];
let errors: unknown[];
let told: string[];

beforeEach(async () => {
  namespace = await createNamespace(cluster);
  sent = [];
  errors = [];
  told = [];
});
afterEach(async () => {
  for (const informer of informers) informer.stop();
  for (const client of clients) await client.close();
  informers = [];
  clients = [];
});

async function connected(kubeconfig: string): Promise<KubeClient> {
  const client = await connect({ kubeconfig, onRequest: (record) => sent.push(record) });
  clients.push(client);
  return client;
}

function follow(client: KubeClient, options: Partial<InformerOptions<KubeObject>> = {}): Informer<KubeObject> {
  const informer = startInformer<KubeObject>({
    client,
    resource: configMaps,
    namespace,
    fieldSelector: 'metadata.name!=kube-root-ca.crt',
    onChange: ({ type, object, echo }) => told.push(`${type} ${object.metadata.name}${echo ? ' (echo)' : ''}`),
    onError: (error) => errors.push(error),
    ...options,
  });
  informers.push(informer);
  return informer;
}

const write = (name: string, data: Record<string, string> = {}): Promise<KubeObject> =>
  cluster.client.apply(configMaps, configMap(namespace, name, data), { fieldManager: 'test', force: true });

const names = (informer: Informer<KubeObject>): string[] =>
  informer
    .list()
    .map((object) => object.metadata.name)
    .sort();

const expectNames = (informer: Informer<KubeObject>, ...expected: string[]): Promise<string[]> =>
  eventually(
    () => names(informer),
    (found) => expect(found).toEqual(expected),
    { timeoutMs: 15_000, intervalMs: 20 },
  );

const codes = (): unknown[] => errors.map((error) => (error as { code?: unknown }).code);

describe('an informer', () => {
  test('copies and follows a collection by one watch and nothing else', async () => {
    await write('a');
    await write('b');
    const informer = follow(await connected(cluster.kubeconfig));
    await informer.synced;
    expect(names(informer)).toEqual(['a', 'b']);
    expect(informer.get(namespace, 'a')?.metadata.uid).toBeDefined();
    expect(informer.list(namespace)).toHaveLength(2);
    await write('c');
    await cluster.client.remove(configMaps, namespace, 'a');
    await write('b', { changed: 'yes' });
    await expectNames(informer, 'b', 'c');
    await eventually(
      () => told,
      (all) => expect(all).toEqual(['added a', 'added b', 'added c', 'deleted a', 'modified b']),
    );
    expect(sent.map(({ verb, code }) => [verb, code])).toEqual([['watch', 200]]);
    expect(errors).toEqual([]);
  });

  test.each(['watch', 'list'] as const)('asks for metadata alone, by %s, and still tells the kind', async (by) => {
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

  test('reads the collection anew when asked to, for what its keeper would now keep more of', async () => {
    await write('a', { n: '1' });
    let isWhole = false;
    const keep = (object: KubeObject): KubeObject => (isWhole ? object : { ...object, data: undefined });
    const keeper = { keep, isPartial: (kept: KubeObject) => isWhole && kept['data'] === undefined };
    const informer = follow(await connected(cluster.kubeconfig), { keeper });
    await informer.synced;
    expect(informer.get(namespace, 'a')?.['data']).toBeUndefined();
    isWhole = true;
    await informer.refresh();
    expect(informer.get(namespace, 'a')?.['data']).toEqual({ n: '1' });
    await write('b');
    await expectNames(informer, 'a', 'b');
    expect(told).toEqual(['added a', 'added b']);
    expect(errors).toEqual([]);
  });

  test('gives what changed and what was there before, trimmed', async () => {
    await write('a', { n: '1' });
    const changes: Change<KubeObject>[] = [];
    const keep = (object: KubeObject): KubeObject => {
      const { managedFields: _, ...metadata } = object.metadata;
      return { ...object, metadata };
    };
    const keeper = { keep };
    const informer = follow(await connected(cluster.kubeconfig), {
      keeper,
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

  test('survives what its handler throws', async () => {
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

  test('goes on without the server’s help when one’s own writes are stored', async () => {
    const informer = follow(await connected(cluster.kubeconfig));
    await informer.synced;
    const first = await write('a', { n: '1' });
    informer.store(first);
    const second = await write('a', { n: '2' });
    informer.store(second);
    informer.store(first);
    expect(informer.get(namespace, 'a')?.['data']).toEqual({ n: '2' });
    await cluster.client.remove(configMaps, namespace, 'a');
    informer.forget(namespace, 'a');
    expect(informer.get(namespace, 'a')).toBeUndefined();
    await eventually(
      () => told,
      (all) => expect(all.at(-1)).toBe('deleted a'),
    );
    expect(names(informer)).toEqual([]);
  });

  test('tells that it is refused, and heals when it is no longer', async () => {
    const client = await connected(cluster.kubeconfig);
    const informer = follow(client.as(`system:serviceaccount:${namespace}:default`));
    await expect(informer.synced).rejects.toMatchObject({ code: 'Forbidden', denied: { verb: 'watch' } });
    expect(informer).toMatchObject({ hasSynced: false, error: { code: 'Forbidden' } });
    await write('a');
    const bindings = { ...configMaps, group: 'rbac.authorization.k8s.io', plural: 'rolebindings', kind: 'RoleBinding' };
    await client.create(bindings, {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'RoleBinding',
      metadata: { name: 'view', namespace },
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'view' },
      subjects: [{ kind: 'ServiceAccount', name: 'default', namespace }],
    });
    await expectNames(informer, 'a');
    expect(informer).toMatchObject({ hasSynced: true, error: undefined });
  });

  test('is refused where the kind does not exist', async () => {
    const informer = follow(await connected(cluster.kubeconfig), { resource: { ...configMaps, plural: 'boats' } });
    await expect(informer.synced).rejects.toMatchObject({ code: 'NotServed' });
  });

  test('shares a few connections with hundreds of others', async () => {
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

describe('an informer on a bad line', () => {
  let wire: WireFaultProxy;

  beforeAll(async () => {
    wire = await startWireFaultProxy(cluster.kubeconfig);
  });
  afterAll(() => wire.close());

  test('goes on after the connection was cut', async () => {
    const informer = follow(await connected(wire.kubeconfig));
    await informer.synced;
    wire.cut();
    await write('a');
    await expectNames(informer, 'a');
    expect(codes()).toContain('Unavailable');
    expect(informer.error).toBeUndefined();
    expect(sent.filter(({ verb }) => verb === 'list')).toEqual([]);
  });

  test('notices a connection that died in silence', async () => {
    const informer = follow(await connected(wire.kubeconfig), { silenceMs: 1_000 });
    await informer.synced;
    wire.freeze();
    await write('a');
    await expectNames(informer, 'a');
    expect(codes()).toContain('TimedOut');
  });

  test('stops at once while it waits to try again', async () => {
    const client = await connected(wire.kubeconfig);
    await wire.close();
    const waiting = Promise.withResolvers<unknown>();
    const pause = async (_ms: number, signal: AbortSignal): Promise<void> => {
      waiting.resolve(signal);
      await once(signal, 'abort');
    };
    const informer = follow(client, { pause });
    await waiting.promise;
    wire = await startWireFaultProxy(cluster.kubeconfig);
    informer.stop();
    // Closing waits for what is under way.
    await client.close();
    expect(codes()).toEqual(['Unavailable']);
    expect(sent).toHaveLength(1);
  });
});

describe('an informer of a server that misbehaves', () => {
  let proxy: HttpFaultProxy;

  beforeAll(async () => {
    proxy = await startHttpFaultProxy(cluster.kubeconfig);
  });
  afterEach(() => {
    proxy.fault = () => false;
    proxy.requests.length = 0;
  });
  afterAll(() => proxy.close());

  const isResumed = (url = ''): boolean => url.includes('watch=true') && url.includes('resourceVersion=');

  test('resumes after a clean close from where it was', async () => {
    proxy.fault = (request) => {
      request.url = request.url?.replace(/timeoutSeconds=\d+/, 'timeoutSeconds=2') ?? '';
      return false;
    };
    const informer = follow(await connected(proxy.kubeconfig));
    await informer.synced;
    await write('a');
    await eventually(
      () => proxy.requests,
      (all) => all.some(isResumed),
    );
    await write('b');
    await expectNames(informer, 'a', 'b');
    expect(told).toEqual(['added a', 'added b']);
    expect(errors).toEqual([]);
  });

  test.each([
    ['an event 410', 200, GONE],
    ['a response 410', 410, JSON.stringify({ kind: 'Status', code: 410, reason: 'Expired' })],
    ['an event cut in two', 200, '{"type":"ADDED","obj\n'],
    ['an event without an object', 200, '{"type":"ADDED"}\n'],
    ['an event of an unknown type', 200, '{"type":"RENAMED","object":{"metadata":{"name":"a"}}}\n'],
  ])(
    'takes the whole collection anew after %s',
    async (_, status, body) => {
      await write('a');
      await write('b');
      const informer = follow(await connected(proxy.kubeconfig));
      await informer.synced;
      let isBroken = true;
      proxy.fault = (request, response) => {
        if (!isBroken || !isResumed(request.url)) return !isBroken ? false : (response.destroy(), true);
        isBroken = false;
        response.writeHead(status, { 'content-type': 'application/json' }).end(body);
        return true;
      };
      proxy.cut();
      await cluster.client.remove(configMaps, namespace, 'a');
      await write('c');
      await expectNames(informer, 'b', 'c');
      expect(told).toEqual(['added a', 'added b', 'added c', 'deleted a']);
      expect(informer.error).toBeUndefined();
    },
    20_000,
  );

  test.each([
    ['refuses', 0],
    ['ignores', 500],
  ])(
    'lists where the server %s to stream initial events',
    async (_, silenceMs) => {
      await write('a');
      proxy.fault = (request, response) => {
        if (!request.url?.includes('sendInitialEvents')) return false;
        const unknown = /(?:sendInitialEvents|resourceVersionMatch|allowWatchBookmarks)=\w+&/g;
        request.url = request.url.replace(unknown, '');
        if (silenceMs > 0) return false;
        response.writeHead(422).end(JSON.stringify({ kind: 'Status', code: 422, reason: 'Invalid' }));
        return true;
      };
      const informer = follow(await connected(proxy.kubeconfig), silenceMs > 0 ? { silenceMs } : {});
      await informer.synced;
      expect(names(informer)).toEqual(['a']);
      expect(sent.map(({ verb }) => verb)).toContain('list');
      await write('b');
      await expectNames(informer, 'a', 'b');
      expect(told).toEqual(['added a', 'added b']);
    },
    20_000,
  );

  test('waits as long as it is told to', async () => {
    let refusals = 0;
    proxy.fault = (_, response) => {
      if (refusals === 1) return false;
      refusals += 1;
      response.writeHead(429, { 'retry-after': '2' }).end('{}');
      return true;
    };
    const { pauses, pause } = notedPauses();
    await follow(await connected(proxy.kubeconfig), { pause }).synced;
    expect(pauses).toEqual([2_000]);
    expect(codes()).toEqual(['TooManyRequests']);
  });

  test('comes through an outage without storming', async () => {
    await write('a');
    const { pauses, pause } = notedPauses();
    const informer = follow(await connected(proxy.kubeconfig), { pause });
    await informer.synced;
    proxy.fault = (_, response) => (response.writeHead(500).end(), true);
    proxy.cut();
    await eventually(
      () => pauses.length,
      (count) => count >= 10,
    );
    // Doubled from half a second up to half a minute, with a random half taken off.
    const least = pauses.map((_, failures) => Math.min(15_000, 250 * 2 ** failures));
    expect(pauses.filter((ms, failures) => ms < (least[failures] ?? 0))).toEqual([]);
    expect(Math.max(...pauses)).toBeLessThanOrEqual(30_000);
    expect(names(informer)).toEqual(['a']);
    proxy.fault = () => false;
    await write('b');
    await expectNames(informer, 'a', 'b');
  });
});
