import { createHmac } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import type { Server } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
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

describe('who knows a secret', () => {
  test.each([
    ['bearer', { authorization: `Bearer ${OLD}` }],
    ['the header as it is', { authorization: NEW }],
    ['the password of basic', { authorization: `Basic ${Buffer.from(`ci:${NEW}`).toString('base64')}` }],
    ["GitHub's signature", { 'x-hub-signature-256': signature(OLD) }],
    ['a signature by the newer secret', { 'x-hub-signature-256': signature(NEW) }],
  ])('by %s is taken', async (_, headers) => {
    expect(await post(PUSH, headers)).toEqual({ status: 202, body: { releases: 3 } });
    expect(pushes).toEqual([[{ host: 'registry.example.com', path: 'charts/web' }]]);
  });

  test('may say by which name tenants know the registry', async () => {
    await post(PUSH, { authorization: OLD }, '?host=charts.example.com');
    expect(pushes).toEqual([[{ host: 'charts.example.com', path: 'charts/web' }]]);
  });
});

describe('who does not', () => {
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
  ])('%s is refused, and nothing is done', async (_, headers) => {
    expect(await post(PUSH, headers)).toMatchObject({ status: 401 });
    expect(pushes).toEqual([]);
  });

  test('is not listened to at length', async () => {
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

  test.each(['', 'tiny\n'])('with a file of secrets that holds %j nobody does', async (text) => {
    server.close();
    await writeFile(secretFile, text);
    await start();
    expect(await post(PUSH, { authorization: 'tiny' })).toMatchObject({ status: 503 });
    expect(await post(PUSH, { authorization: '' })).toMatchObject({ status: 503 });
  });
});

describe('what is refused from anyone', () => {
  const authorization = `Bearer ${OLD}`;

  test('another path, and another method', async () => {
    const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    expect((await fetch(`${base}/`, { method: 'POST' })).status).toBe(404);
    expect((await fetch(`${base}/hooks/registry`)).status).toBe(405);
  });

  test.each([
    ['of a length that is told', 'x'.repeat(2_000_000)],
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

test('a standby asks to come again, of those who know a secret', async () => {
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
