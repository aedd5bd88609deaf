import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Log } from '../pass/log.ts';
import { boundConnections, REQUEST_DEADLINES } from '../process/connections.ts';
import { secretsIn } from './authentication.ts';
import { receive, Refusal, type Receiver } from './receive.ts';

/** Where notifications are received, and from whom. */
export interface WebhookOptions extends Pick<Receiver, 'onPush' | 'log'> {
  port: number;
  /** A file of the secrets that authenticate senders, one per line; read again when it may have changed. */
  secretFile: string;
}

const SECRETS_LAST_MS = 10_000;
const REFUSALS_LOGGED_EVERY_MS = 10_000;
/** Each may hold a body of 1 MiB. */
const MAX_CONNECTIONS = 64;

/** Serves `POST /hooks/registry` for the notifications of registries; nothing is done for a sender that does not know a secret. */
export async function serveWebhook({ port, secretFile, onPush, log }: WebhookOptions): Promise<Server> {
  const logRefusal = refusalLog(log);
  const server = createServer(REQUEST_DEADLINES);
  const connections = boundConnections(server, MAX_CONNECTIONS);
  const onProof = ({ socket }: IncomingMessage): void => connections.keep(socket);
  const receiver = { readSecrets: secretsFrom(secretFile), onProof, onPush, log };
  server.on('request', (request, response) => {
    response.once('close', () => connections.release(request.socket));
    receive(request, receiver).then(
      (releases) => answer(request, response, 202, { releases }),
      (error: unknown) => {
        const { status, message, headers } = refusalOf(error, log);
        logRefusal(status, message);
        answer(request, response, status, { error: message }, headers);
      },
    );
  });
  server.listen(port);
  await once(server, 'listening');
  return server;
}

function answer(
  request: IncomingMessage,
  response: ServerResponse,
  status: number,
  body: object,
  headers: Record<string, string> = {},
): void {
  // What was not read must not be taken for the next request.
  const closing = request.complete ? {} : { connection: 'close' };
  response.writeHead(status, { 'content-type': 'application/json', ...closing, ...headers });
  response.end(`${JSON.stringify(body)}\n`);
}

function refusalOf(error: unknown, log: Log): Refusal {
  if (error instanceof Refusal) return error;
  log('error', 'registry notification failed', { error: String(error) });
  return new Refusal(500, 'the notification could not be handled');
}

/** A Secret that is mounted changes while the process runs. */
function secretsFrom(file: string): () => Promise<string[]> {
  let read: { secrets: Promise<string[]>; atMs: number } | undefined;
  return () => {
    if (!read || performance.now() - read.atMs > SECRETS_LAST_MS) {
      const secrets = readFile(file, 'utf8').then(secretsIn, () => []);
      read = { secrets, atMs: performance.now() };
    }
    return read.secrets;
  };
}

/** A sender without a secret must not fill the log. */
function refusalLog(log: Log): (status: number, error: string) => void {
  let loggedAtMs = -Infinity;
  let refusals = 0;
  return (status, error) => {
    refusals++;
    if (performance.now() - loggedAtMs < REFUSALS_LOGGED_EVERY_MS) return;
    log('warn', 'registry notification refused', { status, error, refusals });
    loggedAtMs = performance.now();
    refusals = 0;
  };
}
