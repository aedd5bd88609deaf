import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';

import { eventually } from '../../support/eventually.ts';
import { configMap, configMaps, notedPauses, useCluster } from './cluster.ts';
import { GONE, startHttpFaultProxy, startWireFaultProxy } from './fault-proxy.ts';
import type { HttpFaultProxy, WireFaultProxy } from './fault-proxy.ts';
import { expectNames, names, useInformers } from './informers.ts';

const cluster = useCluster();
const here = useInformers(cluster);
const { codes, connected, errors, follow, sent, told, write } = here;

describe('an informer on a bad connection', () => {
  let wire: WireFaultProxy;

  beforeAll(async () => {
    wire = await startWireFaultProxy(cluster.kubeconfig);
  });
  afterAll(() => wire.close());

  test('resumes after the connection was cut', async () => {
    const informer = follow(await connected(wire.kubeconfig));
    await informer.synced;
    wire.cut();
    await write('a');
    await expectNames(informer, 'a');
    expect(codes()).toContain('Unavailable');
    expect(informer.error).toBeUndefined();
    expect(sent.filter(({ verb }) => verb === 'list')).toEqual([]);
  });

  test('notices a connection that died silently', async () => {
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
  ])('lists the whole collection again after %s', async (_, status, body) => {
    await write('a');
    await write('b');
    const informer = follow(await connected(proxy.kubeconfig));
    await informer.synced;
    let isBroken = true;
    const written = Promise.withResolvers<void>();
    proxy.fault = async (request, response) => {
      if (!isBroken || !isResumed(request.url)) return !isBroken ? false : (response.destroy(), true);
      isBroken = false;
      // Both changes are in the list that is made again.
      await written.promise;
      response.writeHead(status, { 'content-type': 'application/json' }).end(body);
      return true;
    };
    proxy.cut();
    await cluster.client.remove(configMaps, here.namespace, 'a');
    await write('c');
    written.resolve();
    await expectNames(informer, 'b', 'c');
    expect(told).toEqual(['added a', 'added b', 'added c', 'deleted a']);
    expect(informer.error).toBeUndefined();
  });

  test.each([
    ['refuses', 0],
    ['ignores', 500],
  ])('falls back to a list where the server %s to stream initial events', async (_, silenceMs) => {
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
  });

  test('does not begin a slow first copy again as long as something comes now and then', async () => {
    const silenceMs = 5_000;
    const all = ['a', 'b', 'c', 'd', 'e', 'f'];
    proxy.fault = async (request, response) => {
      if (!request.url?.includes('sendInitialEvents')) return false;
      const tell = (type: string, metadata: object): void => {
        const object = { ...configMap(here.namespace, ''), metadata: { resourceVersion: '1', ...metadata } };
        response.write(`${JSON.stringify({ type, object })}\n`);
      };
      response.writeHead(200, { 'content-type': 'application/json' });
      for (const name of all) {
        tell('ADDED', { namespace: here.namespace, name, uid: name });
        await sleep(silenceMs / 4);
      }
      tell('BOOKMARK', { annotations: { 'k8s.io/initial-events-end': 'true' } });
      return true;
    };
    const informer = follow(await connected(proxy.kubeconfig), { silenceMs });
    await informer.synced;
    expect(names(informer)).toEqual(all);
    expect(proxy.requests).toHaveLength(1);
    expect(errors).toEqual([]);
  });

  test('waits as long as Retry-After asks', async () => {
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

  test('survives an outage without flooding the server', async () => {
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
