import { once } from 'node:events';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { keyOfPreviewOf, watchOwn, watchPreviews } from '../../../../controller/loop/watch-own.ts';
import { KnownVersions } from '../../../../controller/history/known-versions.ts';
import { namespaceOf } from '../../../../controller/pass/key.ts';
import { ReleaseOrder } from '../../../../controller/versions/order/release-order.ts';
import { KubeClient } from '../../../../kube/client.ts';
import { runAtOnce } from '../../../../kube/http/exchanges.ts';
import { Transport } from '../../../../kube/http/transport.ts';

const PREVIEW = {
  apiVersion: 'coxswain.dev/v1alpha1',
  kind: 'ReleasePreview',
  metadata: { name: 'asked', namespace: 'shop', uid: 'u1', resourceVersion: '7' },
};
const END = { metadata: { resourceVersion: '7', annotations: { 'k8s.io/initial-events-end': 'true' } } };

let server: Server;
let transport: Transport;
let client: KubeClient;
let mayAnswerAll: PromiseWithResolvers<void>;

/** Answers watches, all but those on previews only once it is let. */
beforeEach(async () => {
  mayAnswerAll = Promise.withResolvers();
  server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '', 'http://cluster');
    if (pathname.endsWith('/releasepreviews')) send(response, PREVIEW);
    else if (pathname === '/api/v1/namespaces/shop') response.writeHead(404).end('{}');
    else void mayAnswerAll.promise.then(() => send(response));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  transport = new Transport(async () => ({ server: url, headers: {}, tls: {} }), 'test');
  client = new KubeClient(transport, { unreachable: 'error', inTurns: runAtOnce });
});

afterEach(async () => {
  await transport.close();
  server.closeAllConnections();
  server.close();
});

/** A watch that goes on. */
function send(response: ServerResponse, ...objects: object[]): void {
  response.writeHead(200, { 'content-type': 'application/json' });
  for (const object of objects) response.write(`${JSON.stringify({ type: 'ADDED', object })}\n`);
  response.write(`${JSON.stringify({ type: 'BOOKMARK', object: END })}\n`);
}

test('a preview that is seen before its namespace is known is queued once it is', async () => {
  const dropped: string[] = [];
  const brought = Promise.withResolvers<string>();
  const enqueue = (key: string): void => {
    if (isKnown(namespaceOf(key))) brought.resolve(key);
    else dropped.push(key);
  };
  const options = { client, namespaces: ['shop'], log: () => undefined };
  const known = { versions: new KnownVersions(), order: new ReleaseOrder() };
  const previews = watchPreviews(options, (key) => enqueue(key));
  const { own, isKnown } = watchOwn(options, known, previews, enqueue);
  await previews.synced;
  const key = keyOfPreviewOf(PREVIEW);
  expect(dropped).toEqual([key]);
  mayAnswerAll.resolve();
  expect(await brought.promise).toBe(key);
  for (const each of [previews, ...Object.values(own)]) each.stop();
});
