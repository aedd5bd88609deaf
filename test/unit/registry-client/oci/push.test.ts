import { afterEach, describe, expect, test } from '@jest/globals';

import { pushChart } from '../../../../registry-client/index.ts';
import type { PushOptions } from '../../../../registry-client/index.ts';
import { local, serve, stopServers, trusted } from '../support/server.ts';
import type { Handler, TestServer } from '../support/server.ts';

afterEach(stopServers);

const optionsFor = ({ host }: TestServer, more: Partial<PushOptions> = {}): PushOptions => ({
  ...local,
  registry: `oci://${host}/space`,
  metadata: { apiVersion: 'v2', name: 'web', version: '1.0.0' },
  ...more,
});
const chart = Buffer.from('a chart');
const pathsOf = ({ requests }: TestServer, method: string): string[] =>
  requests.filter((request) => request.method === method).map(({ path }) => path);

/** An empty registry that takes everything; a handler may answer some requests itself. */
const empty =
  (before: (...request: Parameters<Handler>) => boolean = () => false): Handler =>
  (request, response) => {
    if (before(request, response)) return;
    if (request.method === 'POST')
      response.writeHead(202, { location: '/v2/space/web/blobs/uploads/1?state=a%2Fb' }).end();
    else response.writeHead(request.method === 'PUT' ? 201 : request.url === '/v2/' ? 200 : 404).end();
  };

describe('pushing', () => {
  test('uses the upload URL from the registry, and keeps its query', async () => {
    const server = await serve(empty());
    await expect(pushChart(chart, optionsFor(server))).resolves.toMatchObject({ outcome: 'pushed' });
    const [first = '', second = '', manifest = ''] = pathsOf(server, 'PUT');
    expect(first).toMatch(/^\/v2\/space\/web\/blobs\/uploads\/1\?state=a%2Fb&digest=sha256%3A[0-9a-f]{64}$/);
    expect(second).toMatch(/^\/v2\/space\/web\/blobs\/uploads\/1\?/);
    expect(manifest).toBe('/v2/space/web/manifests/1.0.0');
  });

  test('blobs that already exist are not sent', async () => {
    const server = await serve(
      empty(({ method, url }, response) => {
        const isProbe = method === 'HEAD' && url?.includes('/blobs/') === true;
        if (isProbe) response.writeHead(200).end();
        return isProbe;
      }),
    );
    await pushChart(chart, optionsFor(server));
    expect(pathsOf(server, 'POST')).toEqual([]);
    expect(pathsOf(server, 'PUT')).toEqual(['/v2/space/web/manifests/1.0.0']);
  });

  test('an upload that is cut off is started again', async () => {
    let cuts = 2;
    const server = await serve(
      empty(({ method, socket }) => {
        const isCut = method === 'PUT' && cuts-- > 0;
        if (isCut) socket.destroy();
        return isCut;
      }),
    );
    const retries = { attempts: 4, firstPauseMs: 1, maxPauseMs: 10 };
    await expect(pushChart(chart, optionsFor(server, { retries }))).resolves.toMatchObject({ outcome: 'pushed' });
    expect(pathsOf(server, 'POST')).toHaveLength(4);
  });

  test.each<[string, number, Record<string, string>, string]>([
    ['no place to upload to', 202, {}, 'InvalidResponse'],
    ['a location that is not a URL', 202, { location: 'https://' }, 'InvalidResponse'],
    ['a place without TLS', 202, { location: 'http://192.0.2.1/' }, 'InsecureTransport'],
    ['a place that is refused', 202, { location: 'https://169.254.169.254/' }, 'HostRefused'],
    ['a redirect', 307, { location: 'https://example.com/' }, 'InvalidResponse'],
    ['no permission', 403, {}, 'Unauthorized'],
  ])('%s is an error', async (_, status, headers, code) => {
    const server = await serve(
      empty(({ method }, response) => {
        if (method === 'POST') response.writeHead(status, headers).end();
        return method === 'POST';
      }),
      trusted,
    );
    await expect(pushChart(chart, optionsFor(server))).rejects.toMatchObject({ code, transient: false });
    expect(pathsOf(server, 'PUT')).toEqual([]);
  });

  test('a registry that stores another manifest than it was sent is an error', async () => {
    const server = await serve(
      empty((_, response) => {
        response.setHeader('docker-content-digest', `sha256:${'0'.repeat(64)}`);
        return false;
      }),
    );
    await expect(pushChart(chart, optionsFor(server))).rejects.toMatchObject({ code: 'DigestMismatch' });
  });

  test.each([
    { name: 'UPPER', version: '1.0.0' },
    { name: '../web', version: '1.0.0' },
    { name: '', version: '1.0.0' },
    { name: 'web', version: '1.0.0/../..' },
    { name: 'web', version: '' },
    { name: 'web', version: '1'.repeat(200) },
  ])('the metadata %p is refused before anything is sent', async (metadata) => {
    const server = await serve(empty());
    await expect(pushChart(chart, optionsFor(server, { metadata }))).rejects.toMatchObject({
      code: 'InvalidReference',
    });
    expect(server.requests).toEqual([]);
  });

  test('a classic repository cannot be pushed to', async () => {
    const server = await serve(empty());
    const options = optionsFor(server, { registry: `${server.origin}/charts` });
    await expect(pushChart(chart, options)).rejects.toMatchObject({ code: 'InvalidReference' });
  });
});
