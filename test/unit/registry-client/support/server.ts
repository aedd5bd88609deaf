import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';

import { LOOPBACK } from '../../../../registry-client/index.ts';
import type { ConnectionOptions } from '../../../../registry-client/index.ts';
import { certificates } from './certificates.ts';

/** A request as a test looks at it. */
type ReceivedRequest = { method: string; path: string; authorization: string | undefined; range: string | undefined };

export type TestServer = {
  /** `127.0.0.1:PORT`. */
  host: string;
  origin: string;
  requests: ReceivedRequest[];
  stop(): Promise<void>;
};

export type Handler = (request: IncomingMessage, response: ServerResponse) => void | Promise<void>;

const running = new Set<TestServer>();

/** Serves `handler` on a real socket of 127.0.0.1 and records what it was asked. */
export async function serve(
  handler: Handler,
  tls?: { cert: string; key: string; ca?: string; requestCert?: boolean; rejectUnauthorized?: boolean },
): Promise<TestServer> {
  const requests: ReceivedRequest[] = [];
  const listener: RequestListener = (request, response) => {
    const { authorization, range } = request.headers;
    requests.push({ method: request.method ?? '', path: request.url ?? '', authorization, range });
    request.resume();
    void Promise.resolve(handler(request, response)).catch((error: unknown) => response.destroy(error as Error));
  };
  const server = tls === undefined ? createServer(listener) : createTlsServer(tls, listener);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  const started: TestServer = {
    host,
    origin: `${tls === undefined ? 'http' : 'https'}://${host}`,
    requests,
    stop: async () => {
      running.delete(started);
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
  running.add(started);
  return started;
}

/** Stops every server of this test file; for `afterEach`. */
export async function stopServers(): Promise<void> {
  await Promise.all([...running].map((server) => server.stop()));
}

/** The certificate that the tests' authority gave 127.0.0.1, for `serve`. */
export const trusted = { cert: certificates.serverCert, key: certificates.serverKey };

/** Options with which tests reach their own servers: they ask once, and wait as long as one does by default. */
export const local = {
  network: { allow: LOOPBACK },
  tls: { ca: certificates.ca },
  retries: { attempts: 1, firstPauseMs: 1, maxPauseMs: 50 },
} satisfies ConnectionOptions;

/** How long servers are waited for that never answer. */
export const IMPATIENT = { connectMs: 2000, headersMs: 500, stallMs: 300, exchangeMs: 5000 };

export const digest = (content: string | Uint8Array): string =>
  `sha256:${createHash('sha256').update(content).digest('hex')}`;

/** A chart image as a registry would hold it, with changes to its manifest. */
export function chartImage(
  content: string | Uint8Array = 'a chart',
  change: (manifest: Record<string, unknown>) => void = () => undefined,
): { blobs: Map<string, Uint8Array>; manifest: Uint8Array; digest: string; chart: string } {
  const chart = Buffer.from(content);
  const config = Buffer.from(JSON.stringify({ apiVersion: 'v2', name: 'web', version: '1.0.0' }));
  const manifest: Record<string, unknown> = {
    schemaVersion: 2,
    config: { mediaType: 'application/vnd.cncf.helm.config.v1+json', digest: digest(config), size: config.length },
    layers: [layer(chart)],
  };
  change(manifest);
  const bytes = Buffer.from(JSON.stringify(manifest));
  const blobs = new Map<string, Uint8Array>([
    [digest(chart), chart],
    [digest(config), config],
  ]);
  return { blobs, manifest: bytes, digest: digest(bytes), chart: digest(chart) };
}

export const layer = (content: string | Uint8Array, change: object = {}): object => ({
  mediaType: 'application/vnd.cncf.helm.chart.content.v1.tar+gzip',
  digest: digest(content),
  size: Buffer.from(content).length,
  ...change,
});

/** Answers as an honest registry would that holds one image under the tag 1.0.0; a handler may answer some requests itself. */
export function registryOf(
  image: Pick<ReturnType<typeof chartImage>, 'blobs' | 'manifest' | 'digest'>,
  before: (request: IncomingMessage, response: ServerResponse) => boolean | Promise<boolean> = () => false,
): Handler {
  const contents = new Map<string, Uint8Array>([
    ['/v2/', Buffer.from('{}')],
    ['/v2/space/web/tags/list?n=1000', Buffer.from('{"tags":["1.0.0"]}')],
    ['/v2/space/web/manifests/1.0.0', image.manifest],
    [`/v2/space/web/manifests/${image.digest}`, image.manifest],
    ...[...image.blobs].map(([blob, bytes]) => [`/v2/space/web/blobs/${blob}`, bytes] as const),
  ]);
  return async (request, response) => {
    if (await before(request, response)) return;
    const content = contents.get(request.url ?? '');
    if (content === image.manifest) response.setHeader('docker-content-digest', image.digest);
    if (content === undefined) response.writeHead(404).end();
    else response.end(request.method === 'HEAD' ? undefined : content);
  };
}
