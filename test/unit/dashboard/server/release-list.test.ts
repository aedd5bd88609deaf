import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { EventStream, STREAM_TIMES } from '../../../../dashboard/server/http/event-stream.ts';
import { streamReleases } from '../../../../dashboard/server/live/release-list.ts';
import { KubeClient } from '../../../../kube/client.ts';
import { runAtOnce } from '../../../../kube/http/exchanges.ts';
import { Transport } from '../../../../kube/http/transport.ts';
import { Visitor } from '../../../support/dashboard.ts';

const END = { metadata: { resourceVersion: '7', annotations: { 'k8s.io/initial-events-end': 'true' } } };

let count: number;
let mayComplete: PromiseWithResolvers<void>;
let cluster: Server;
let dashboard: Server;
let transport: Transport;

const urlOf = (server: Server): string => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

/** A cluster that sends so many Releases, and that these are all only once it is let. */
beforeEach(async () => {
  mayComplete = Promise.withResolvers();
  cluster = createServer((_, response) => {
    response.writeHead(200, { 'content-type': 'application/json' });
    for (let number = 0; number < count; number += 1) response.write(eventOf('ADDED', releaseOf(number)));
    void mayComplete.promise.then(() => response.write(eventOf('BOOKMARK', END)));
  }).listen(0, '127.0.0.1');
  await once(cluster, 'listening');
  transport = new Transport(async () => ({ server: new URL(urlOf(cluster)), headers: {}, tls: {} }), 'test');
  const client = new KubeClient(transport, { unreachable: 'error', inTurns: runAtOnce });
  dashboard = createServer((_, response) => {
    const stream = new EventStream(response, STREAM_TIMES, () => undefined);
    streamReleases(client, { namespaces: [] }, stream, () => undefined);
  }).listen(0, '127.0.0.1');
  await once(dashboard, 'listening');
});

afterEach(async () => {
  await transport.close();
  for (const server of [cluster, dashboard]) {
    server.closeAllConnections();
    server.close();
  }
});

function eventOf(type: string, object: object): string {
  return `${JSON.stringify({ type, object })}\n`;
}

function rowOfNumber(number: number): unknown {
  return expect.objectContaining({ namespace: 'shop', name: `web-${number}` });
}

function releaseOf(number: number): object {
  const metadata = { name: `web-${number}`, namespace: 'shop', uid: `u${number}`, resourceVersion: '1' };
  return { apiVersion: 'coxswain.dev/v1alpha1', kind: 'Release', metadata, spec: { chart: { name: 'web' } } };
}

test('the first of many Releases are told while the others are read', async () => {
  count = 60;
  const leave = new AbortController();
  const events = new Visitor(urlOf(dashboard)).events('/', leave.signal);
  const { value: first } = await events.next();
  expect(first).toEqual({ name: 'first', data: Array.from({ length: 50 }, (_, number) => rowOfNumber(number)) });
  mayComplete.resolve();
  const { value: snapshot } = await events.next();
  const releases = Array.from({ length: 60 }, (_, number) => rowOfNumber(number));
  expect(snapshot).toEqual({ name: 'snapshot', data: { releases } });
  leave.abort();
});

test('few Releases are told at once', async () => {
  count = 3;
  mayComplete.resolve();
  const leave = new AbortController();
  const { value: snapshot } = await new Visitor(urlOf(dashboard)).events('/', leave.signal).next();
  expect(snapshot).toMatchObject({ name: 'snapshot', data: { releases: [{}, {}, {}] } });
  leave.abort();
});
