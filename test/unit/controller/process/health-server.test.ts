import { once } from 'node:events';
import type { Server } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { serveHealth } from '../../../../controller/process/health-server.ts';

let server: Server;
let isReady = false;

beforeEach(async () => {
  server = await serveHealth(0, () => isReady);
});

afterEach(() => {
  server.close();
  server.closeAllConnections();
});

test.each([
  ['/healthz', false, 200],
  ['/readyz', false, 503],
  ['/readyz', true, 200],
  ['/', true, 404],
])('%s while ready is %s: %d', async (path, ready, status) => {
  isReady = ready;
  expect((await fetch(`${origin()}${path}`)).status).toBe(status);
});

test('many connections that say nothing leave room for a probe, and go', async () => {
  const silent: Socket[] = [];
  for (let sender = 0; sender < 300; sender++) {
    const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
    socket.on('error', () => undefined);
    await once(socket, 'connect');
    silent.push(socket);
  }
  expect((await fetch(`${origin()}/healthz`)).status).toBe(200);
  expect(silent.filter((socket) => !socket.closed).length).toBeLessThan(100);
  for (const socket of silent) socket.destroy();
});

function origin(): string {
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
