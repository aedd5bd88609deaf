// What the sandbox's thread is comes first: everything below runs with what it leaves.
import '../../../chart-renderer/sandbox/worker.ts';
import { execFileSync } from 'node:child_process';
import dgram from 'node:dgram';
import dns from 'node:dns';
import { lookup as lookupAsync } from 'node:dns/promises';
import { once } from 'node:events';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import http2 from 'node:http2';
import { Session } from 'node:inspector';
import net from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import tls from 'node:tls';
import { WASI } from 'node:wasi';
import { parentPort, Worker, workerData } from 'node:worker_threads';

const { port } = workerData as { port: number };
const host = '127.0.0.1';

/** By what it is, what code that should not be there would try. */
const ATTEMPTS: Readonly<Record<string, () => unknown>> = {
  'read a file': () => readFileSync('/etc/passwd'),
  'read the service account': () => readFileSync('/var/run/secrets/kubernetes.io/serviceaccount/token'),
  'read the environment of others': () => readFileSync(`/proc/${process.ppid}/environ`),
  'list a folder': () => readdirSync('/'),
  'write a file': () => writeFileSync(join(tmpdir(), 'coxswain-probe'), ''),
  'start a process': () => execFileSync('id'),
  'signal a process': () => process.kill(process.ppid, 0),
  'load an addon': () => process.dlopen({ exports: {} }, join(import.meta.dirname, 'addon.node')),
  'use WASI': () => new WASI({ version: 'preview1' }),
  'debug itself': () => new Session().connect(),
  connect: () => once(net.connect({ host, port }), 'connect'),
  'connect to a socket file': () => once(net.connect('/var/run/docker.sock'), 'connect'),
  'connect by TLS': () => once(tls.connect({ host, port }), 'secureConnect'),
  'send a datagram': () => dgram.createSocket('udp4').send('x', port, host),
  'ask by HTTP': () => once(http.get({ host, port }), 'response'),
  'ask by HTTP/2': () => once(http2.connect(`http://${host}:${port}`), 'connect'),
  fetch: () => fetch(`http://${host}:${port}`),
  listen: () => once(net.createServer().listen(0, host), 'listening'),
  'look up a name': () => new Promise((resolve) => dns.lookup('localhost', resolve)),
  'look up a name asynchronously': () => lookupAsync('localhost'),
  'resolve a name': () => new dns.Resolver().resolve4('localhost', () => undefined),
  'read its own program': () => readFileSync(import.meta.filename),
  'start a thread': () => new Worker('', { eval: true }),
};

async function refusalOf(attempt: () => unknown): Promise<string> {
  try {
    return await Promise.race([Promise.resolve(attempt()).then(() => 'done'), setTimeout(5000, 'no answer')]);
  } catch (error) {
    const { code, message, cause } = error as Error & { code?: string; cause?: { code?: string } };
    return code ?? cause?.code ?? message;
  }
}

const refusals: Record<string, string> = {};
for (const [what, attempt] of Object.entries(ATTEMPTS)) refusals[what] = await refusalOf(attempt);
parentPort?.postMessage({ refusals, environment: { ...process.env }, canDrop: 'drop' in process.permission });
