import { createServer } from 'node:net';
import { once } from 'node:events';
import type { AddressInfo, Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';

import { afterEach, describe, expect, test } from '@jest/globals';

import { pullChart, RegistryError } from '../../../../registry-client/index.ts';
import { pauseAfter } from '../../../../registry-client/http/retry.ts';
import type { PullOptions } from '../../../../registry-client/index.ts';
import { certificates } from '../support/certificates.ts';
import { chartImage, IMPATIENT, local, registryOf, serve, stopServers, trusted } from '../support/server.ts';
import type { TestServer } from '../support/server.ts';

afterEach(stopServers);

const image = chartImage(Buffer.alloc(100_000, 'chart'));
const patient = { attempts: 4, firstPauseMs: 1, maxPauseMs: 50 };
const optionsFor = ({ host }: { host: string }, more: Partial<PullOptions> = {}): PullOptions => ({
  ...local,
  registry: `oci://${host}/space`,
  name: 'web',
  version: '1.0.0',
  ...more,
});
const isBlob = (url: string | undefined): boolean => url?.includes('/blobs/') === true;
const isHeadOfTag = (method: string | undefined): boolean => method === 'HEAD';
const blobRequests = ({ requests }: TestServer): number => requests.filter(({ path }) => isBlob(path)).length;

describe('responses that never arrive, or not completely (R7)', () => {
  test('a blob that is cut off is resumed where it stopped', async () => {
    const [, bytes = Buffer.alloc(0)] = [...image.blobs][0] ?? [];
    const server = await serve(
      registryOf(image, ({ url, headers }, response) => {
        if (!isBlob(url)) return false;
        const from = Number(/bytes=(\d+)-/.exec(headers.range ?? '')?.[1] ?? 0);
        const to = Math.min(from + 40_000, bytes.length);
        if (from > 0) response.writeHead(206, { 'content-range': `bytes ${from}-${bytes.length - 1}/${bytes.length}` });
        else response.writeHead(200, { 'content-length': bytes.length });
        response.write(bytes.subarray(from, to), () => (to === bytes.length ? response.end() : response.destroy()));
        return true;
      }),
    );
    const pulled = await pullChart(optionsFor(server, { retries: patient }));
    expect((await pulled.content.bytes()).equals(bytes)).toBe(true);
    expect(server.requests.filter(({ path }) => isBlob(path)).map(({ range }) => range)).toEqual([
      undefined,
      expect.stringMatching(/^bytes=[1-9]\d*-$/),
      expect.stringMatching(/^bytes=[1-9]\d*-$/),
    ]);
  });

  test('a blob is read from the start if the registry cannot resume', async () => {
    let cuts = 2;
    const server = await serve(
      registryOf(image, ({ url }, response) => {
        if (!isBlob(url) || cuts-- === 0) return false;
        response.writeHead(200, { 'content-length': 100_000 });
        response.write(Buffer.alloc(5000, 'other'), () => response.destroy());
        return true;
      }),
    );
    const pulled = await pullChart(optionsFor(server, { retries: patient }));
    expect(await pulled.content.bytes()).toHaveLength(100_000);
  });

  test('a body that always ends early is unavailable, after all retries', async () => {
    const server = await serve(
      registryOf(image, ({ url }, response) => {
        if (!isBlob(url)) return false;
        response.writeHead(200, { 'content-length': 100_000 });
        response.write('x', () => response.destroy());
        return true;
      }),
    );
    await expect(pullChart(optionsFor(server, { retries: patient }))).rejects.toMatchObject({
      code: 'Unavailable',
      transient: true,
    });
    expect(blobRequests(server)).toBe(4);
  });

  test('a chunked body that is aborted is unavailable', async () => {
    const server = await serve(
      registryOf(image, ({ url }, response) => {
        if (!isBlob(url)) return false;
        response.write(Buffer.alloc(1000), () => response.destroy());
        return true;
      }),
    );
    await expect(pullChart(optionsFor(server))).rejects.toMatchObject({ code: 'Unavailable', transient: true });
  });

  test('a body that arrives byte by byte is stopped in time', async () => {
    const server = await serve(
      registryOf(image, ({ url }, response) => {
        if (!isBlob(url)) return false;
        const drip = setInterval(() => response.write('x'), 20);
        response.on('close', () => clearInterval(drip));
        return true;
      }),
    );
    await expect(pullChart(optionsFor(server, { timeouts: IMPATIENT }))).rejects.toMatchObject({
      code: 'Unavailable',
      transient: true,
    });
  });

  test.each([
    ['no headers', () => undefined],
    ['no body', (response: { flushHeaders(): void }) => response.flushHeaders()],
  ])('%s are stopped in time', async (_, begin) => {
    const server = await serve(
      registryOf(image, ({ url }, response) => {
        if (isBlob(url)) begin(response);
        return isBlob(url);
      }),
    );
    await expect(pullChart(optionsFor(server, { timeouts: IMPATIENT }))).rejects.toMatchObject({
      code: 'Unavailable',
      transient: true,
    });
  });

  test('an exchange takes no longer than allowed, however steadily it proceeds', async () => {
    const server = await serve(
      registryOf(image, ({ url }, response) => {
        if (!isBlob(url)) return false;
        const drip = setInterval(() => response.write(Buffer.alloc(1024)), 50);
        response.on('close', () => clearInterval(drip));
        return true;
      }),
    );
    const options = optionsFor(server, { timeouts: { ...IMPATIENT, exchangeMs: 400 } });
    await expect(pullChart(options)).rejects.toMatchObject({
      code: 'Unavailable',
      message: expect.stringContaining('timeout'),
    });
  });

  test('a content encoding is not decoded, so a bomb stays small', async () => {
    const server = await serve(
      registryOf(image, (_, response) => {
        response.setHeader('content-encoding', 'gzip');
        return false;
      }),
    );
    await expect(pullChart(optionsFor(server))).resolves.toMatchObject({ chartDigest: image.chart });
  });

  test.each([
    ['not HTTP', 'SSH-2.0-OpenSSH\r\n\r\n'],
    ['a header of a megabyte', `HTTP/1.1 200 OK\r\nx: ${'y'.repeat(1_000_000)}\r\n\r\n`],
    ['a bare status line for ever', 'HTTP/1.1 '.repeat(1000)],
  ])('a response that is %s is refused', async (_, answer) => {
    const server = createServer((socket: Socket) => {
      socket.on('error', () => undefined);
      // TLS is tried first, and answered as a plain HTTP server would.
      socket.once('data', (data: Buffer) => socket.end(data[0] === 22 ? 'HTTP/1.1 400 Bad Request\r\n\r\n' : answer));
    }).listen(0, '127.0.0.1');
    try {
      await once(server, 'listening');
      const target = { host: `127.0.0.1:${(server.address() as AddressInfo).port}` };
      await expect(pullChart(optionsFor(target))).rejects.toMatchObject({ code: 'InvalidResponse' });
    } finally {
      server.close();
    }
  });
});

describe('a registry that is down or busy (R7)', () => {
  const failing = (status: number, times: number, headers: Record<string, string> = {}) => {
    let left = times;
    return registryOf(image, ({ method }, response) => {
      if (!isHeadOfTag(method) || left-- <= 0) return false;
      response.writeHead(status, headers).end();
      return true;
    });
  };

  test.each([429, 500, 502, 503, 504])('%p is retried until it works', async (status) => {
    const server = await serve(failing(status, 3));
    await expect(pullChart(optionsFor(server, { retries: patient }))).resolves.toMatchObject({ version: '1.0.0' });
  });

  test('permanent 503 is given up, and reported', async () => {
    const server = await serve(failing(503, Infinity));
    const error = { code: 'Unavailable', transient: true, status: 503 };
    await expect(pullChart(optionsFor(server, { retries: patient }))).rejects.toMatchObject(error);
    expect(server.requests.filter(({ method }) => isHeadOfTag(method))).toHaveLength(4);
  });

  test('Retry-After is respected', async () => {
    const server = await serve(failing(429, 1, { 'retry-after': '2' }));
    const told: unknown = await pullChart(optionsFor(server, { retries: { ...patient, attempts: 1 } })).catch(
      (error: unknown) => error,
    );
    expect(told).toMatchObject({ status: 429, retryAfterMs: 2_000 });
    const pauses = { attempts: 4, firstPauseMs: 100, maxPauseMs: 5_000 };
    expect(pauseAfter(1, told as RegistryError, pauses)).toBe(2_000);
    expect(pauseAfter(1, told as RegistryError, { ...pauses, maxPauseMs: 1_000 })).toBe(1_000);
    expect(pauseAfter(2, new RegistryError({ code: 'Unavailable', reason: 'down' }), pauses)).toBeLessThanOrEqual(200);
  });

  test.each(['86400', '1000000000', 'Fri, 31 Dec 9999 23:59:59 GMT'])(
    'a Retry-After of %p is not respected',
    async (asked) => {
      const server = await serve(failing(429, Infinity, { 'retry-after': asked }));
      await expect(pullChart(optionsFor(server, { retries: patient }))).rejects.toMatchObject({ status: 429 });
    },
  );

  test('a port without a listener is unavailable', async () => {
    const server = await serve(() => undefined);
    await server.stop();
    await expect(pullChart(optionsFor(server))).rejects.toMatchObject({ code: 'Unavailable', transient: true });
  });

  test('an abort ends it at once, with its own reason', async () => {
    const server = await serve(failing(503, Infinity, { 'retry-after': '30' }));
    const abort = new AbortController();
    const reason = new Error('enough');
    setTimeout(() => abort.abort(reason), 100);
    const slow = { attempts: 4, firstPauseMs: 1, maxPauseMs: 60_000 };
    await expect(pullChart(optionsFor(server, { signal: abort.signal, retries: slow }))).rejects.toBe(reason);
  });
});

describe('TLS (R7)', () => {
  const pullFrom = async (tls: Parameters<typeof serve>[1], more: Partial<PullOptions> = {}) =>
    pullChart(optionsFor(await serve(registryOf(image), tls), more));

  test('a certificate of a given authority is accepted', async () => {
    await expect(pullFrom(trusted)).resolves.toMatchObject({ version: '1.0.0' });
  });

  test.each([
    ['of an unknown authority', trusted, {}],
    ['for another name', { cert: certificates.otherCert, key: certificates.otherKey }, local.tls],
    ['that is expired', { cert: certificates.expiredCert, key: certificates.expiredKey }, local.tls],
  ])('a certificate %s is not', async (_, tls, ours) => {
    await expect(pullFrom(tls, { tls: ours })).rejects.toMatchObject({ code: 'CertificateRejected', transient: false });
  });

  test('a client certificate is sent to the registry that asks for one', async () => {
    const asking = { ...trusted, ca: certificates.ca, requestCert: true, rejectUnauthorized: true };
    const { clientCert: cert, clientKey: key } = certificates;
    await expect(pullFrom(asking, { tls: { ...local.tls, cert, key } })).resolves.toMatchObject({ version: '1.0.0' });
    await expect(pullFrom(asking)).rejects.toMatchObject({ code: 'Unavailable' });
  });

  test('a host that is redirected to does not get the client certificate', async () => {
    const seen: string[] = [];
    const asking = { ...trusted, ca: certificates.ca, requestCert: true, rejectUnauthorized: false };
    const store = await serve((request, response) => {
      seen.push(String((request.socket as TLSSocket).getPeerCertificate().subject?.CN));
      response.end([...image.blobs][0]?.[1]);
    }, asking);
    const registry = await serve(
      registryOf(image, ({ url }, response) => {
        if (!isBlob(url)) return false;
        response.writeHead(307, { location: `${store.origin}/blob` }).end();
        return true;
      }),
      trusted,
    );
    const { clientCert: cert, clientKey: key } = certificates;
    await pullChart(optionsFor(registry, { tls: { ...local.tls, cert, key } }));
    expect(seen).toEqual(['undefined']);
  });

  test.each<[string, PullOptions['tls']]>([
    ['an authority', { ca: 'not a certificate' }],
    ['a certificate', { cert: 'not a certificate', key: certificates.clientKey }],
    ['a key', { cert: certificates.clientCert, key: 'open sesame' }],
    ['a certificate without a key', { cert: certificates.clientCert }],
    ["another certificate's key", { cert: certificates.clientCert, key: certificates.otherKey }],
  ])('%s that cannot be used is reported, and no request is made', async (_, tls) => {
    const server = await serve(registryOf(image), trusted);
    const failure = { code: 'InvalidCredentials', message: expect.not.stringContaining('sesame') };
    await expect(pullChart(optionsFor(server, { tls }))).rejects.toMatchObject(failure);
    expect(server.requests).toEqual([]);
  });

  test('plain HTTP is used for loopback only, unless it is allowed', async () => {
    const server = await serve(registryOf(image));
    await expect(pullChart(optionsFor(server))).resolves.toMatchObject({ version: '1.0.0' });
    const elsewhere = { ...optionsFor(server), registry: 'http://192.0.2.1/charts' };
    await expect(pullChart(elsewhere)).rejects.toMatchObject({ code: 'InsecureTransport', transient: false });
  });
});
