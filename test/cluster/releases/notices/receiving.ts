import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A request that the receiver was sent. */
export interface Received {
  path: string;
  headers: IncomingHttpHeaders;
  body: string;
}

/** What a path answers to its requests, one after the other; 204 to those beyond. */
type Answers = Record<string, ((response: ServerResponse) => void)[]>;

/** A real HTTP server that notices are sent to. */
export interface ReceivingServer {
  origin: string;
  requests: Received[];
  /** Changes what paths answer from now on. */
  answer(answers: Answers): void;
  stop(): Promise<void>;
}

/** Serves on a port of 127.0.0.1. */
export async function startReceiving(): Promise<ReceivingServer> {
  const requests: Received[] = [];
  const answers: Answers = {};
  const server = createServer((request, response) => {
    void bodyOf(request).then((body) => {
      const path = request.url ?? '';
      requests.push({ path, headers: request.headers, body });
      const answer = answers[path]?.shift() ?? status(204);
      answer(response);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    answer: (more) => void Object.assign(answers, more),
    stop: async () => {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

/** Answers with a status. */
export function status(code: number, headers: Record<string, string> = {}): (response: ServerResponse) => void {
  return (response) => void response.writeHead(code, headers).end('a body that nobody reads');
}

/** Closes the connection without an answer. */
export function reset(response: ServerResponse): void {
  response.destroy();
}

/** Whether a request was signed with the key, as Standard Webhooks has it. */
export function isSignedWith(key: Buffer, { headers, body }: Received): boolean {
  const content = `${String(headers['webhook-id'])}.${String(headers['webhook-timestamp'])}.${body}`;
  const expected = createHmac('sha256', key).update(content).digest('base64');
  return String(headers['webhook-signature']).split(' ').includes(`v1,${expected}`);
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of request as AsyncIterable<Buffer>) parts.push(part);
  return Buffer.concat(parts).toString('utf8');
}
