import { createHash } from 'node:crypto';
import { buffer } from 'node:stream/consumers';

import { afterEach, describe, expect, test } from '@jest/globals';

import { pushChart } from '../../../../registry-client/index.ts';
import type { PushOptions } from '../../../../registry-client/index.ts';
import { local, serve, stopServers } from '../support/server.ts';
import type { Handler, TestServer } from '../support/server.ts';

/** Small, so that no body takes long. */
const UNIT = 128 * 1024;
const UPLOADS = '/v2/space/web/blobs/uploads/';

afterEach(stopServers);

/** What a registry that takes blobs in pieces may be told: its limits, and how many bytes of each piece it takes. */
type Rules = { requestBytes?: number; minPieceBytes?: number; takes?: (length: number) => number; has?: string };

/** A registry that keeps blobs, each upload under its own URL, as the specification has it; `sizes` are the requests' bodies. */
function keeping({ requestBytes = Infinity, minPieceBytes, takes = (length) => length, has }: Rules = {}) {
  const uploads = new Map<string, Buffer>();
  const blobs = new Set<string>();
  const sizes: [method: string, bytes: number][] = [];
  const handler: Handler = async (request, response) => {
    const { method = '', url = '' } = request;
    const { pathname, searchParams } = new URL(url, 'http://registry');
    if (method === 'POST') {
      if (searchParams.get('from') === has && has !== undefined) return void response.writeHead(201).end();
      const path = `${UPLOADS}${uploads.size}`;
      uploads.set(path, Buffer.alloc(0));
      const least = minPieceBytes === undefined ? {} : { 'oci-chunk-min-length': String(minPieceBytes) };
      return void response.writeHead(202, { location: path, ...least }).end();
    }
    const upload = uploads.get(pathname);
    if (upload === undefined) return void response.writeHead(method === 'PUT' ? 201 : 404).end();
    const body = await buffer(request);
    sizes.push([method, body.length]);
    if (body.length > requestBytes) return void response.writeHead(413).end();
    const start = Number((request.headers['content-range'] ?? '0-').split('-')[0]);
    if (method === 'PATCH' && start !== upload.length) return void response.writeHead(416).end();
    const whole = Buffer.concat([upload, body.subarray(0, method === 'PATCH' ? takes(body.length) : undefined)]);
    uploads.set(pathname, whole);
    if (method === 'PATCH') {
      return void response.writeHead(202, { location: pathname, range: `0-${whole.length - 1}` }).end();
    }
    const digest = `sha256:${createHash('sha256').update(whole).digest('hex')}`;
    blobs.add(digest);
    response.writeHead(digest === searchParams.get('digest') ? 201 : 400).end();
  };
  return { handler, blobs, sizes };
}

const optionsFor = ({ host }: TestServer, more: Partial<PushOptions> = {}): PushOptions => ({
  ...local,
  registry: `oci://${host}/space`,
  metadata: { apiVersion: 'v2', name: 'web', version: '1.0.0' },
  requestBytes: 16 * UNIT,
  ...more,
});
const chartOf = (bytes: number): Buffer => Buffer.alloc(bytes, 'chart');
const digestOf = (bytes: Buffer): string => `sha256:${createHash('sha256').update(bytes).digest('hex')}`;

describe('a chart is uploaded', () => {
  test('in one piece if it is small', async () => {
    const { handler, blobs, sizes } = keeping();
    const chart = chartOf(UNIT);
    await pushChart(chart, optionsFor(await serve(handler)));
    expect(sizes[0]).toEqual(['PUT', UNIT]);
    expect(blobs).toContain(digestOf(chart));
  });

  test('in several if it is large', async () => {
    const { handler, blobs, sizes } = keeping();
    const chart = chartOf(20 * UNIT);
    await pushChart(chart, optionsFor(await serve(handler)));
    expect(sizes.slice(0, 3)).toEqual([
      ['PATCH', 16 * UNIT],
      ['PATCH', 4 * UNIT],
      ['PUT', 0],
    ]);
    expect(blobs).toContain(digestOf(chart));
  });

  test('in smaller ones if the registry finds requests too large', async () => {
    const { handler, blobs, sizes } = keeping({ requestBytes: UNIT });
    const chart = chartOf(5 * UNIT);
    await pushChart(chart, optionsFor(await serve(handler)));
    expect(sizes[0]).toEqual(['PUT', 5 * UNIT]);
    expect(sizes[1]).toEqual(['PATCH', 1.25 * UNIT]);
    const pieces = sizes.slice(2).filter(([method]) => method === 'PATCH');
    expect(pieces).toHaveLength(16);
    expect(blobs).toContain(digestOf(chart));
  });

  test('in pieces no smaller than the registry requires', async () => {
    const { handler, sizes } = keeping({ requestBytes: 3 * UNIT, minPieceBytes: 2 * UNIT });
    await pushChart(chartOf(5 * UNIT), optionsFor(await serve(handler)));
    expect(sizes.slice(1, 4)).toEqual([
      ['PATCH', 2 * UNIT],
      ['PATCH', 2 * UNIT],
      ['PATCH', UNIT],
    ]);
  });

  test('from the offset that the registry says it has reached', async () => {
    const { handler, blobs } = keeping({ takes: (length) => (length > 4 * UNIT ? length - 3 * UNIT : length) });
    const chart = chartOf(20 * UNIT);
    await pushChart(chart, optionsFor(await serve(handler)));
    expect(blobs).toContain(digestOf(chart));
  });

  test('with an error if the registry never accepts anything', async () => {
    const { handler } = keeping({ takes: () => 0 });
    await expect(pushChart(chartOf(20 * UNIT), optionsFor(await serve(handler)))).rejects.toMatchObject({
      code: 'InvalidResponse',
    });
  });

  test('with an error if every request is too large', async () => {
    const { handler, sizes } = keeping({ requestBytes: 0 });
    await expect(pushChart(chartOf(UNIT), optionsFor(await serve(handler)))).rejects.toMatchObject({
      code: 'TooLarge',
      status: 413,
    });
    expect(sizes.length).toBeLessThan(6);
  });
});

describe('content from another repository', () => {
  const chart = chartOf(1000);

  test('in the same registry is mounted', async () => {
    const { handler, sizes } = keeping({ has: 'staging/web' });
    const server = await serve(handler);
    const mountFrom = { registry: `oci://${server.host}/staging`, name: 'web' };
    await pushChart(chart, optionsFor(server, { mountFrom }));
    expect(sizes).toEqual([]);
    const posts = server.requests.filter(({ method }) => method === 'POST').map(({ path }) => path);
    expect(posts[0]).toBe(`${UPLOADS}?mount=${encodeURIComponent(digestOf(chart))}&from=staging%2Fweb`);
  });

  test('is sent if the registry does not mount it', async () => {
    const { handler, blobs } = keeping();
    const server = await serve(handler);
    const mountFrom = { registry: `oci://${server.host}/staging`, name: 'web' };
    await pushChart(chart, optionsFor(server, { mountFrom }));
    expect(blobs).toContain(digestOf(chart));
  });

  test.each(['oci://registry.example/staging', 'https://registry.example/staging', 'oci://HOST/space'])(
    'in %s is sent',
    async (registry) => {
      const { handler, blobs } = keeping({ has: 'staging/web' });
      const server = await serve(handler);
      const mountFrom = { registry: registry.replace('HOST', server.host), name: 'web' };
      await pushChart(chart, optionsFor(server, { mountFrom }));
      expect(blobs).toContain(digestOf(chart));
      expect(server.requests.some(({ path }) => path.includes('from='))).toBe(false);
    },
  );

  test('needs a token for both repositories', async () => {
    const scopes: string[][] = [];
    const { handler } = keeping({ has: 'staging/web' });
    const server: TestServer = await serve((request, response) => {
      const url = new URL(request.url ?? '', 'http://registry');
      if (url.pathname === '/token') {
        scopes.push(url.searchParams.getAll('scope'));
        response.end('{"token":"t"}');
      } else if (request.headers.authorization === undefined && url.pathname !== '/v2/') {
        const scope = 'repository:space/web:pull';
        const challenge = `Bearer realm="${server.origin}/token",scope="${scope}"`;
        response.writeHead(401, { 'www-authenticate': challenge }).end();
      } else return handler(request, response);
    });
    const mountFrom = { registry: `oci://${server.host}/staging`, name: 'web' };
    await pushChart(chart, optionsFor(server, { mountFrom }));
    expect(scopes).toEqual([['repository:space/web:pull,push', 'repository:staging/web:pull']]);
  });
});
