import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';

import { connect, discover } from '../../../kube/index.ts';
import type { KubeClient } from '../../../kube/index.ts';
import { configMap, configMaps, createNamespace, errorOf, useCluster } from './cluster.ts';
import { startHttpFaultProxy } from './fault-proxy.ts';
import type { HttpFaultProxy } from './fault-proxy.ts';

const cluster = useCluster();
let namespace: string;

beforeAll(async () => {
  namespace = await createNamespace(cluster);
});

describe('requests that fail', () => {
  let proxy: HttpFaultProxy;
  let client: KubeClient;

  beforeAll(async () => {
    proxy = await startHttpFaultProxy(cluster.kubeconfig);
    client = await connect({ kubeconfig: proxy.kubeconfig });
  });
  afterAll(async () => {
    await client.close();
    await proxy.close();
  });
  afterEach(() => {
    proxy.fault = () => false;
    proxy.requests.length = 0;
  });

  function failing(times: number, status: number | 'reset', headers: Record<string, string> = {}): void {
    let left = times;
    proxy.fault = (request, response) => {
      if (left === 0) return false;
      left -= 1;
      request.resume();
      if (status === 'reset') response.destroy();
      else response.writeHead(status, headers).end('{}');
      return true;
    };
  }

  test.each([
    ['429', 429, { 'retry-after': '0' }],
    ['503', 503, {}],
    ['a lost connection', 'reset', {}],
  ] as const)('are sent again after %s where that is safe', async (_, status, headers) => {
    failing(2, status, headers);
    const object = configMap(namespace, `again-${status}`);
    await client.apply(configMaps, object, { fieldManager: 'x', force: true });
    expect(proxy.requests).toHaveLength(3);
  });

  test('are sent again after 429 even where they create', async () => {
    failing(1, 429, { 'retry-after': '0' });
    await client.create(configMaps, configMap(namespace, 'throttled'));
    expect(proxy.requests).toHaveLength(2);
  });

  test.each([503, 'reset'] as const)('are not sent again after %s where they create', async (status) => {
    failing(1, status);
    const error = await errorOf(client.create(configMaps, configMap(namespace, `once-${status}`)));
    expect(error).toMatchObject({ code: 'Unavailable', transient: true, verb: 'create', resource: 'configmaps' });
    expect(proxy.requests).toHaveLength(1);
  });

  test('end after a few attempts', async () => {
    failing(100, 503);
    expect((await errorOf(client.get(configMaps, namespace, 'x'))).code).toBe('Unavailable');
    expect(proxy.requests).toHaveLength(5);
  });

  test('time out when there is no answer', async () => {
    proxy.fault = () => true;
    const error = await errorOf(client.get(configMaps, namespace, 'x', { timeoutMs: 300 }));
    expect(error).toMatchObject({ code: 'TimedOut', transient: true, status: undefined });
  });

  test('report what a proxy on the way said', async () => {
    proxy.fault = (_, response) => (response.writeHead(500).end('<html>upstream down</html>'), true);
    const error = await errorOf(client.get(configMaps, namespace, 'x'));
    expect(error).toMatchObject({
      code: 'Unavailable',
      status: 500,
      message: expect.stringContaining('upstream down'),
    });
  });

  test('restart a list when its continue token has expired', async () => {
    const crowd = await createNamespace(cluster);
    const names = Array.from({ length: 501 }, (_, index) => `c-${index}`);
    await Promise.all(names.map((name) => cluster.client.create(configMaps, configMap(crowd, name))));
    let expired = false;
    proxy.fault = (request, response) => {
      if (expired || !request.url?.includes('continue=')) return false;
      expired = true;
      response.writeHead(410).end(JSON.stringify({ kind: 'Status', code: 410, reason: 'Expired' }));
      return true;
    };
    const listed = await client.list(configMaps, crowd, { fieldSelector: 'metadata.name!=kube-root-ca.crt' });
    expect(listed).toHaveLength(501);
    expect(expired).toBe(true);
  });

  test('discovery works on a server without aggregated discovery', async () => {
    proxy.fault = (request) => {
      request.headers.accept = 'application/json';
      return false;
    };
    const older = discover(client);
    const newer = discover(cluster.client);
    expect(await older.resourceFor('apps/v1', 'Deployment')).toEqual({
      ...(await newer.resourceFor('apps/v1', 'Deployment'))!,
      verbs: expect.any(Array),
    });
    expect(await older.apiVersions()).toEqual(await newer.apiVersions());
  });
});

describe('an answer that is read as a stream', () => {
  let proxy: HttpFaultProxy;
  let client: KubeClient;
  let stop: AbortController;

  beforeAll(async () => {
    proxy = await startHttpFaultProxy(cluster.kubeconfig);
    client = await connect({ kubeconfig: proxy.kubeconfig });
  });
  afterAll(async () => {
    await client.close();
    await proxy.close();
  });
  beforeEach(() => {
    stop = new AbortController();
  });
  afterEach(() => {
    stop.abort();
    proxy.fault = () => false;
  });

  /** Goes on for as long as nobody ends it; each change of a ConfigMap is a line. */
  async function changes(): Promise<AsyncGenerator<string, void>> {
    const path = `/api/v1/namespaces/${namespace}/configmaps`;
    return client.stream(path, { query: { watch: 'true', fieldSelector: 'metadata.name=told' }, signal: stop.signal });
  }

  test('arrives in pieces, until the reader aborts', async () => {
    await client.apply(configMaps, configMap(namespace, 'told', { a: '1' }), { fieldManager: 'x', force: true });
    const pieces = await changes();
    expect((await pieces.next()).value).toContain('"type":"ADDED"');
    await client.apply(configMaps, configMap(namespace, 'told', { a: '2' }), { fieldManager: 'x', force: true });
    expect((await pieces.next()).value).toContain('"type":"MODIFIED"');
    stop.abort();
    expect(await pieces.next()).toEqual({ done: true, value: undefined });
  });

  test('reports that it broke off', async () => {
    await client.apply(configMaps, configMap(namespace, 'told', { a: '1' }), { fieldManager: 'x', force: true });
    const pieces = await changes();
    expect((await pieces.next()).value).toContain('"type":"ADDED"');
    const next = pieces.next();
    proxy.cut();
    expect(await errorOf(next)).toMatchObject({ code: 'Unavailable' });
  });

  test('is refused like any other', async () => {
    const { signal } = stop;
    const path = `/api/v1/namespaces/${namespace}/pods/absent/log`;
    expect((await errorOf(client.stream(path, { signal }))).code).toBe('NotFound');
    const error = await errorOf(client.as('nobody').stream(path, { signal }));
    expect(error.denied).toEqual({ verb: 'get', resource: 'pods/log', group: '', namespace });
  });

  test('splits no character', async () => {
    const [first, second] = [Buffer.from('grün €').subarray(0, 8), Buffer.from('grün €').subarray(8)];
    proxy.fault = (request, response) => {
      request.resume();
      response.writeHead(200).write(first);
      setImmediate(() => response.end(second));
      return true;
    };
    const pieces = await client.stream('/any', { signal: stop.signal });
    let text = '';
    for await (const piece of pieces) text += piece;
    expect(text).toBe('grün €');
  });
});
