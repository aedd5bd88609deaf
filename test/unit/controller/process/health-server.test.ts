import { once } from 'node:events';
import type { Server } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { serveHealth, type LeadershipState } from '../../../../controller/process/health-server.ts';

let server: Server;
let isReady = false;
let leadership: LeadershipState;
let now: number;

beforeEach(async () => {
  leadership = 'waiting';
  now = 1000;
  const leads = (): LeadershipState => leadership;
  server = await serveHealth(0, { ready: () => isReady, leadership: leads, eventLoopLagMs: () => 12, now: () => now });
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

test('/healthz reports whether the process leads, and how late its event loop is', async () => {
  leadership = 'leading';
  const answer = await fetch(`${origin()}/healthz`);
  expect(await answer.text()).toBe('ok\nleadership: leading\nevent loop: 12 ms late at most\n');
});

test('/healthz fails if the lease was lost so long ago that the process should have ended', async () => {
  const status = async (): Promise<number> => (await fetch(`${origin()}/healthz`)).status;
  leadership = 'lost';
  expect(await status()).toBe(200);
  now += 19_000;
  expect(await status()).toBe(200);
  now += 2_000;
  expect(await status()).toBe(503);
  leadership = 'leading';
  expect(await status()).toBe(200);
});

test('many silent connections leave room for a probe, and are closed', async () => {
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
