import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer as createHttpServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { request } from 'node:https';
import { createServer, connect } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

interface Kubeconfig {
  clusters: [{ cluster: { server: string; 'certificate-authority-data'?: string } }];
  users: [{ user: { token: string } }];
}

/** A proxy between client and API server; `kubeconfig` leads through it. */
interface FaultProxy {
  kubeconfig: string;
  close(): Promise<void>;
}

/** Answers a request in the API server's place, or returns false to let it through (perhaps changed). */
type Fault = (request: IncomingMessage, response: ServerResponse) => boolean | Promise<boolean>;

/** Speaks HTTP/1.1; `fault` may be changed at any time. */
export interface HttpFaultProxy extends FaultProxy {
  fault: Fault;
  /** Method and path of each request so far. */
  requests: string[];
  /** Ends every connection at once. */
  cut(): void;
}

/** Passes bytes on, so that TLS and HTTP/2 go from end to end. */
export interface WireFaultProxy extends FaultProxy {
  /** From now on nothing arrives, either way, on the connections there are; no one is told. */
  freeze(): void;
  cut(): void;
  readonly connections: number;
}

/** Starts a proxy that can answer in the API server's place. */
export async function startHttpFaultProxy(kubeconfig: string): Promise<HttpFaultProxy> {
  const config = await readKubeconfig(kubeconfig);
  const { server: target } = config.clusters[0].cluster;
  const ca = Buffer.from(config.clusters[0].cluster['certificate-authority-data'] ?? '', 'base64');
  const server = createHttpServer((incoming, response) => {
    proxy.requests.push(`${incoming.method} ${incoming.url}`);
    void Promise.resolve(proxy.fault(incoming, response)).then((answered) => {
      if (!answered) forward(target, ca, incoming, response);
    });
  });
  const cut = (): void => server.closeAllConnections();
  const listening = await listen(server, config, (port) => ({
    server: `http://127.0.0.1:${port}`,
    'insecure-skip-tls-verify': true,
  }));
  const proxy: HttpFaultProxy = { ...listening, fault: () => false, requests: [], cut };
  return Object.assign(proxy, { close: () => (cut(), listening.close()) });
}

/** Starts a proxy that can lose or cut connections. */
export async function startWireFaultProxy(kubeconfig: string): Promise<WireFaultProxy> {
  const config = await readKubeconfig(kubeconfig);
  const target = new URL(config.clusters[0].cluster.server);
  const pairs = new Set<[Socket, Socket]>();
  const server = createServer((client) => {
    const upstream = connect(Number(target.port), target.hostname);
    const pair: [Socket, Socket] = [client, upstream];
    pairs.add(pair);
    for (const socket of pair) socket.on('error', () => undefined).on('close', () => (pairs.delete(pair), end(pair)));
    client.pipe(upstream).pipe(client);
  });
  const end = (pair: [Socket, Socket]): void => pair.forEach((socket) => socket.destroy());
  const cut = (): void => pairs.forEach(end);
  const listening = await listen(server, config, (port) => ({
    ...config.clusters[0].cluster,
    server: `https://127.0.0.1:${port}`,
  }));
  return {
    kubeconfig: listening.kubeconfig,
    close: () => (cut(), listening.close()),
    cut,
    freeze: () => pairs.forEach((pair) => pair.forEach((socket) => socket.unpipe().pause())),
    get connections() {
      return pairs.size;
    },
  };
}

/** One watch event that says the resourceVersion is too old. */
export const GONE = `${JSON.stringify({
  type: 'ERROR',
  object: { kind: 'Status', code: 410, reason: 'Expired', message: 'too old resource version: 1 (2)' },
})}\n`;

async function readKubeconfig(path: string): Promise<Kubeconfig> {
  return JSON.parse(await readFile(path, 'utf8')) as Kubeconfig;
}

async function listen(
  server: Server,
  config: Kubeconfig,
  clusterAt: (port: number) => object,
): Promise<{ kubeconfig: string; close(): Promise<void> }> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const directory = await mkdtemp(join(tmpdir(), 'coxswain-kube-'));
  const kubeconfig = join(directory, 'kubeconfig');
  const cluster = clusterAt((server.address() as AddressInfo).port);
  await writeFile(kubeconfig, JSON.stringify({ ...config, clusters: [{ ...config.clusters[0], cluster }] }));
  const close = async (): Promise<void> => {
    await new Promise((resolve) => server.close(resolve));
    await rm(directory, { recursive: true });
  };
  return { kubeconfig, close };
}

function forward(target: string, ca: Buffer, incoming: IncomingMessage, response: ServerResponse): void {
  const { method = 'GET', url = '/', headers } = incoming;
  const outgoing = request(new URL(url, target), { method, headers, ca, agent: false }, (answer) => {
    response.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.pipe(response);
    answer.on('error', () => response.destroy());
  });
  outgoing.on('error', () => response.destroy());
  response.on('close', () => outgoing.destroy());
  incoming.pipe(outgoing);
}
