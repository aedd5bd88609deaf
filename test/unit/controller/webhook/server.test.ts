import { createHmac } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import type { Server } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { serveWebhook } from '../../../../controller/webhook/server.ts';
import type { ChartPlace } from '../../../../registry-client/index.ts';

const OLD = 'correct horse battery';
const NEW = 'staple correct horse';
const PUSH = JSON.stringify({
  type: 'PUSH_ARTIFACT',
  event_data: {
    resources: [{ resource_url: 'registry.example.com/charts/web:1.2.3' }],
    repository: { repo_full_name: 'charts/web' },
  },
});

let directory: string;
let secretFile: string;
let server: Server;
let pushes: (readonly ChartPlace[])[];
let isLeader: boolean;
let logged: unknown[];

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'coxswain-webhook-'));
  secretFile = join(directory, 'secret');
  await writeFile(secretFile, `${OLD}\n${NEW}\nshort\n`);
  [pushes, isLeader, logged] = [[], true, []];
  await start();
});

afterEach(async () => {
  server.close();
  server.closeAllConnections();
  await rm(directory, { recursive: true, force: true });
});

describe('a sender who knows a secret', () => {
  test.each([
    ['bearer', { authorization: `Bearer ${OLD}` }],
    ['the header as it is', { authorization: NEW }],
    ['the password of basic', { authorization: `Basic ${Buffer.from(`ci:${NEW}`).toString('base64')}` }],
    ["GitHub's signature", { 'x-hub-signature-256': signature(OLD) }],
    ['a signature by the newer secret', { 'x-hub-signature-256': signature(NEW) }],
  ])('and sends it by %s is accepted', async (_, headers) => {
    expect(await post(PUSH, headers)).toEqual({ status: 202, body: { releases: 3 } });
    expect(pushes).toEqual([[{ host: 'registry.example.com', path: 'charts/web' }]]);
  });

  test('may say by which name tenants know the registry', async () => {
    await post(PUSH, { authorization: OLD }, '?host=charts.example.com');
    expect(pushes).toEqual([[{ host: 'charts.example.com', path: 'charts/web' }]]);
  });
});

describe('a sender who does not', () => {
  test.each<[string, Record<string, string>]>([
    ['nothing', {}],
    ['an empty header', { authorization: '' }],
    ['another secret', { authorization: 'Bearer correct horse batter' }],
    ['a line that is too short to be a secret', { authorization: 'Bearer short' }],
    ['both lines', { authorization: `Bearer ${OLD}\\n${NEW}` }],
    ['another signature', { 'x-hub-signature-256': signature('another secret of some') }],
    ['the signature of another body', { 'x-hub-signature-256': signature(OLD, 'other') }],
    ['no signature beside the secret', { 'x-hub-signature-256': '', authorization: `Bearer ${OLD}` }],
    ['the older signature', { 'x-hub-signature': 'sha1=0' }],
  ])('and sends %s is refused, and nothing is done', async (_, headers) => {
    expect(await post(PUSH, headers)).toMatchObject({ status: 401 });
    expect(pushes).toEqual([]);
  });

  test('is cut off early', async () => {
    const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
    socket.write('POST /hooks/registry HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n');
    const [head] = (await once(socket, 'data')) as [Buffer];
    expect(head.toString()).toMatch(/^HTTP\/1\.1 401[\s\S]*connection: close/i);
    await once(socket, 'close');
  });

  test('does not fill the log', async () => {
    for (let time = 0; time < 20; time++) await post(PUSH, {});
    expect(logged).toHaveLength(1);
    expect(JSON.stringify(logged)).not.toContain('web');
  });

  test.each(['', 'tiny\n'])('cannot be let in by a file of secrets with the content %j', async (text) => {
    server.close();
    await writeFile(secretFile, text);
    await start();
    expect(await post(PUSH, { authorization: 'tiny' })).toMatchObject({ status: 503 });
    expect(await post(PUSH, { authorization: '' })).toMatchObject({ status: 503 });
  });
});

describe('refused from any sender', () => {
  const authorization = `Bearer ${OLD}`;

  test('another path, and another method', async () => {
    const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    expect((await fetch(`${base}/`, { method: 'POST' })).status).toBe(404);
    expect((await fetch(`${base}/hooks/registry`)).status).toBe(405);
  });

  test.each([
    ['with a declared length', 'x'.repeat(2_000_000)],
    ['in pieces', new Blob(['x'.repeat(2_000_000)]).stream()],
  ])('a body that is too long, %s', async (_, body) => {
    const outcome = await post(body, { authorization }).catch(() => 'cut off');
    // The connection may be closed while the rest is still being sent.
    expect(outcome === 'cut off' || outcome).toEqual(outcome === 'cut off' || expect.objectContaining({ status: 413 }));
    expect(pushes).toEqual([]);
  });

  test.each(['', 'payload=%7B%7D', '{}', '{"push_data":{}}', '\u0000', '[[[[', 'null'])('the body %j', async (body) => {
    const { status, body: told } = await post(body, { authorization });
    expect({ status, told }).toEqual({ status: 400, told: { error: expect.stringMatching(/JSON|Harbor/) } });
    expect(pushes).toEqual([]);
  });
});

describe('300 slow senders without a secret', () => {
  const HEAD = 'POST /hooks/registry HTTP/1.1\r\nhost: x\r\n';
  const FLOODS: [string, string][] = [
    ['that say nothing', ''],
    ['that never end their headers', HEAD],
    ['that never end a body with a signature', `${HEAD}x-hub-signature-256: sha256=0\r\ncontent-length: 9999\r\n\r\n{`],
  ];

  test.each(FLOODS)('%s do not keep out a sender who has one', async (_, opening) => {
    const senders = await flood(opening);
    expect(await post(PUSH, { authorization: OLD })).toMatchObject({ status: 202 });
    expect(await post(PUSH, { 'x-hub-signature-256': signature(OLD) })).toMatchObject({ status: 202 });
    expect(senders.filter((sender) => !sender.closed).length).toBeLessThan(100);
    expect(logged.length).toBeLessThan(5);
    for (const sender of senders) sender.destroy();
  });

  test('do not cut off a sender who proved to have one, nor one from elsewhere who is about to', async () => {
    const slow = await sendSlowly({ authorization: `Bearer ${OLD}` }, '127.0.0.2');
    const signing = await sendSlowly({ 'x-hub-signature-256': signature(OLD) }, '127.0.0.3');
    const senders = await flood('');
    for (const { finish } of [slow, signing]) expect(await finish()).toMatch(/^HTTP\/1\.1 202/);
    for (const sender of senders) sender.destroy();
  });
});

test('a standby asks senders who know a secret to come back', async () => {
  isLeader = false;
  expect(await post(PUSH, {})).toMatchObject({ status: 401 });
  expect(await post(PUSH, { authorization: OLD })).toMatchObject({ status: 503 });
});

async function start(): Promise<void> {
  const onPush = (places: readonly ChartPlace[]): number | undefined => {
    if (!isLeader) return undefined;
    pushes.push(places);
    return 3;
  };
  const log = (level: string, message: string, facts?: object): void => {
    if (level === 'warn') logged.push({ message, ...facts });
  };
  server = await serveWebhook({ port: 0, secretFile, onPush, log });
}

async function post(
  body: string | ReadableStream,
  headers: Record<string, string>,
  query = '',
): Promise<{ status: number; body: unknown }> {
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hooks/registry${query}`;
  const response = await fetch(url, { method: 'POST', headers, body, duplex: 'half' } as RequestInit);
  return { status: response.status, body: await response.json() };
}

function signature(secret: string, body = PUSH): string {
  return `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`;
}

/** 300 connections one after the other, each with the beginning of a request that does not go on. */
async function flood(opening: string): Promise<Socket[]> {
  const senders: Socket[] = [];
  for (let sender = 0; sender < 300; sender++) {
    const socket = connectFrom('127.0.0.1');
    socket.on('error', () => undefined);
    await once(socket, 'connect');
    socket.write(opening);
    senders.push(socket);
  }
  // The server has seen them all once it has answered one that came after them, or dropped it.
  await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`).catch(() => undefined);
  return senders;
}

/** A request whose body lacks its end until `finish`, which resolves with the answer. */
async function sendSlowly(headers: Record<string, string>, source: string): Promise<{ finish: () => Promise<string> }> {
  const socket = connectFrom(source);
  const all = { host: 'x', 'content-length': String(Buffer.byteLength(PUSH)), ...headers };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.write(`POST /hooks/registry HTTP/1.1\r\n${lines.join('')}\r\n${PUSH.slice(0, -1)}`);
  await once(socket, 'connect');
  return {
    finish: async () => {
      socket.write(PUSH.slice(-1));
      const [answer] = (await once(socket, 'data')) as [Buffer];
      socket.destroy();
      return answer.toString();
    },
  };
}

function connectFrom(localAddress: string): Socket {
  return connect({ port: (server.address() as AddressInfo).port, host: '127.0.0.1', localAddress });
}
