import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { Agent, request } from 'node:https';
import type { AddressInfo } from 'node:net';

/** Stands between the controller and the API server and lets everything through, until a write is to be the last one. */
export type WriteGate = {
  /** Leads through the gate with the rights of the given one. */
  readonly kubeconfig: string;
  /** Method and path of the writes since the last `count`, those that carry state: no events, leases or reviews. */
  readonly writes: readonly string[];
  /** Starts counting anew. */
  count(): void;
  /** Has `then` called once the n-th write from now has been made, its answer held back. */
  afterWrite(n: number, then: (write: string) => void): void;
  close(): Promise<void>;
};

type Config = { clusters: { name: string; cluster: Record<string, unknown> }[] };

const STATELESS = /\/(events|leases|selfsubject\w+reviews)(\/|\?|$)/;

/** Starts a gate for the controller whose kubeconfig is given; the new kubeconfig stands beside it. */
export async function startWriteGate(kubeconfig: string): Promise<WriteGate> {
  const config = JSON.parse(await readFile(kubeconfig, 'utf8')) as Config;
  const cluster = config.clusters[0]?.cluster ?? {};
  const target = String(cluster['server']);
  const ca = Buffer.from(String(cluster['certificate-authority-data']), 'base64');
  const agent = new Agent({ ca, keepAlive: true });
  let writes: string[] = [];
  let last: { at: number; call: (write: string) => void } | undefined;

  const server = createServer((incoming, response) => {
    const isWrite = incoming.method !== 'GET' && !STATELESS.test(incoming.url ?? '');
    forward(target, agent, incoming, (upstream) => {
      const write = `${incoming.method} ${incoming.url?.split('?')[0]}`;
      if (isWrite) writes.push(write);
      if (isWrite && last && writes.length >= last.at) {
        last.call(write);
        return;
      }
      pass(upstream, response);
    });
    response.on('close', () => incoming.destroy());
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
    get writes() {
      return writes;
    },
    count: () => {
      writes = [];
      last = undefined;
    },
    afterWrite: (n, then) => {
      writes = [];
      last = { at: n, call: then };
    },
    close: async () => {
      agent.destroy();
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
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

function pass(upstream: IncomingMessage, response: ServerResponse): void {
  response.writeHead(upstream.statusCode ?? 502, upstream.headers);
  response.flushHeaders();
  upstream.pipe(response);
  response.on('close', () => upstream.destroy());
}
