import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { Agent, request } from 'node:https';
import type { AddressInfo } from 'node:net';

/** How a write can fail; one that ends in `Timeout` was carried out all the same. */
export type WriteFailure = 'Forbidden' | 'Conflict' | 'InternalError' | 'Timeout';

/** All of them. */
export const WRITE_FAILURES: readonly WriteFailure[] = ['Forbidden', 'Conflict', 'InternalError', 'Timeout'];

/** Stands between the controller and the API server and lets everything through except the writes that are to fail or to be the last. */
export type WriteGate = {
  /** A kubeconfig that leads through the gate, with the rights of the given one. */
  readonly kubeconfig: string;
  /** Method and path of the writes in a namespace since the last `count`, those that carry state: no events, leases or reviews. */
  writesIn(namespace: string): string[];
  /** Starts counting anew, and lets go of the namespaces that were stopped. */
  count(): void;
  /** Stops a namespace with its n-th write from now: it is not answered, and no other is made; resolves with it once it has been made. */
  lastWrite(namespace: string, n: number): Promise<string>;
  /** Has the n-th write from now in a namespace fail; resolves with the write once it has. */
  failWrite(namespace: string, n: number, failure: WriteFailure): Promise<string>;
  close(): Promise<void>;
};

type Config = { clusters: { name: string; cluster: Record<string, unknown> }[] };

const CODES: Record<WriteFailure, number> = { Forbidden: 403, Conflict: 409, InternalError: 500, Timeout: 504 };
const STATELESS = /\/(events|leases|selfsubject\w+reviews)(\/|\?|$)/;

/** Starts a gate for the controller whose kubeconfig is given; the new kubeconfig is written beside it. */
export async function startWriteGate(kubeconfig: string): Promise<WriteGate> {
  const config = JSON.parse(await readFile(kubeconfig, 'utf8')) as Config;
  const cluster = config.clusters[0]?.cluster ?? {};
  const target = String(cluster['server']);
  const ca = Buffer.from(String(cluster['certificate-authority-data']), 'base64');
  const agent = new Agent({ ca, keepAlive: true });
  let writes: string[] = [];
  const failing = new Map<string, { left: number; failure: WriteFailure; done: (write: string) => void }>();
  const stopping = new Map<string, { left: number; done: (write: string) => void }>();

  /** How the write fails, if it is the one that is to. */
  const failureOf = (write: string): WriteFailure | undefined => {
    const namespace = namespaceOf(write);
    const planned = failing.get(namespace);
    if (!planned) return undefined;
    planned.left -= 1;
    if (planned.left > 0) return undefined;
    failing.delete(namespace);
    planned.done(write);
    return planned.failure;
  };

  /** Whether the namespace of a write is stopped. */
  const isStopped = (write: string): boolean => stopping.get(namespaceOf(write))?.left === 0;

  /** Counts a write that was made. */
  const made = (write: string): void => {
    writes.push(write);
    const stop = stopping.get(namespaceOf(write));
    if (!stop || stop.left === 0) return;
    stop.left -= 1;
    if (stop.left === 0) stop.done(write);
  };

  const server = createServer((incoming, response) => {
    const isWrite = incoming.method !== 'GET' && !STATELESS.test(incoming.url ?? '');
    const write = `${incoming.method} ${incoming.url?.split('?')[0]}`;
    response.on('close', () => incoming.destroy());
    if (isWrite && isStopped(write)) return;
    const failure = isWrite ? failureOf(write) : undefined;
    if (failure !== undefined && failure !== 'Timeout') {
      incoming.resume();
      fail(response, failure);
      return;
    }
    forward(target, agent, incoming, (upstream) => {
      if (isWrite) made(write);
      if (isWrite && isStopped(write)) return;
      if (failure === undefined) pass(upstream, response);
      else upstream.on('end', () => fail(response, failure)).resume();
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const through = `${kubeconfig}.gate-${port}`;
  const clusters = config.clusters.map((entry) => ({
    ...entry,
    cluster: { server: `http://127.0.0.1:${port}`, 'insecure-skip-tls-verify': true },
  }));
  await writeFile(through, JSON.stringify({ ...config, clusters }), { mode: 0o600 });
  return {
    kubeconfig: through,
    writesIn: (namespace) => writes.filter((write) => namespaceOf(write) === namespace),
    count: () => {
      writes = [];
      stopping.clear();
    },
    lastWrite: async (namespace, n) =>
      new Promise((done) => {
        stopping.set(namespace, { left: n, done });
      }),
    failWrite: async (namespace, n, failure) =>
      new Promise((done) => {
        failing.set(namespace, { left: n, failure, done });
      }),
    close: async () => {
      agent.destroy();
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

function namespaceOf(write: string): string {
  return /\/namespaces\/([^/]+)/.exec(write)?.[1] ?? '';
}

function forward(
  target: string,
  agent: Agent,
  incoming: IncomingMessage,
  answered: (upstream: IncomingMessage) => void,
): void {
  const { method, headers, url = '/' } = incoming;
  const { host: _, ...rest } = headers;
  const upstream = request(new URL(url, target), { agent, headers: rest, ...(method === undefined ? {} : { method }) });
  upstream.on('response', answered);
  upstream.on('error', () => incoming.destroy());
  incoming.on('close', () => {
    if (!incoming.complete) upstream.destroy();
  });
  incoming.pipe(upstream);
}

function fail(response: ServerResponse, reason: WriteFailure): void {
  const code = CODES[reason];
  const status = {
    apiVersion: 'v1',
    kind: 'Status',
    status: 'Failure',
    reason,
    code,
    message: `${reason} by the test`,
  };
  response.writeHead(code, { 'content-type': 'application/json' }).end(JSON.stringify(status));
}

function pass(upstream: IncomingMessage, response: ServerResponse): void {
  response.writeHead(upstream.statusCode ?? 502, upstream.headers);
  response.flushHeaders();
  upstream.pipe(response);
  response.on('close', () => upstream.destroy());
}
