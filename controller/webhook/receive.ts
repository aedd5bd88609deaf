import type { IncomingMessage } from 'node:http';
import type { ChartPlace } from '../../registry-client/index.ts';
import type { Log } from '../pass/log.ts';
import { isSigned, MIN_SECRET_CHARS, proofOf } from './authentication.ts';
import { readNotification, type Notification } from './notifications.ts';

/** What is done with the notifications of those who know a secret. */
export interface Receiver {
  readSecrets: () => Promise<string[]>;
  /** Told as soon as a request has proved that its sender knows a secret. */
  onProof: (request: IncomingMessage) => void;
  /** Told where something was pushed; returns how many Releases that concerns, undefined while another replica is the leader. */
  onPush: (places: readonly ChartPlace[]) => number | undefined;
  log: Log;
}

/** Why a request is refused, as its sender sees it. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly status: number;
  readonly headers: Record<string, string>;

  constructor(status: number, why: string, headers: Record<string, string> = {}, cause?: unknown) {
    super(why, { cause });
    this.status = status;
    this.headers = headers;
  }
}

const PATH = '/hooks/registry';
const MAX_BODY_BYTES = 1024 * 1024;
/** A sender that reaches a standby, or a process that is starting, is to try again. */
const RETRY_SECONDS = '2';

/**
 * Takes one notification and returns how many Releases it concerns. Throws Refusal, before any work is done for a sender that does not
 * prove that it knows a secret.
 */
export async function receive(request: IncomingMessage, receiver: Receiver): Promise<number> {
  const { onPush, log } = receiver;
  const url = checkedUrl(request);
  const body = await authenticBody(request, receiver);
  const { format, pushed } = notificationIn(body);
  // Tenants may know a registry by another name than the one it knows itself by.
  const host = url.searchParams.get('host');
  const places = host === null ? pushed : pushed.map(({ path }) => ({ host, path }));
  const releases = onPush(places);
  if (releases === undefined) throw new Refusal(503, 'another replica is the leader', { 'retry-after': RETRY_SECONDS });
  const repositories = places.map((place) => `${place.host}/${place.path}`);
  log('info', 'registry notification', { format, pushed: repositories, releases });
  return releases;
}

function checkedUrl({ url = '/', method, headers }: IncomingMessage): URL {
  const base = 'http://webhook';
  const parsed = URL.canParse(url, base) ? new URL(url, base) : undefined;
  if (parsed?.pathname !== PATH) throw new Refusal(404, `notifications must be sent to ${PATH}`);
  if (method !== 'POST') throw new Refusal(405, 'notifications must be sent by POST', { allow: 'POST' });
  if (Number(headers['content-length'] ?? 0) > MAX_BODY_BYTES) throw tooLarge();
  return parsed;
}

/** A password is checked before the body is read, a signature right after. */
async function authenticBody(
  request: IncomingMessage,
  { readSecrets, onProof }: Pick<Receiver, 'readSecrets' | 'onProof'>,
): Promise<Buffer> {
  const { headers } = request;
  const secrets = await readSecrets();
  if (secrets.length === 0) {
    throw new Refusal(503, `no secret of at least ${MIN_SECRET_CHARS} characters is configured`);
  }
  const proof = proofOf(headers, secrets);
  if (proof === 'invalid') throw unauthorized();
  if (proof === 'valid') onProof(request);
  const body = await readBody(request);
  if (proof === 'signature' && !isSigned(headers, body, secrets)) throw unauthorized();
  return body;
}

async function readBody(request: IncomingMessage): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  let length = 0;
  try {
    for await (const part of request as AsyncIterable<Uint8Array>) {
      length += part.length;
      if (length > MAX_BODY_BYTES) throw tooLarge();
      parts.push(part);
    }
  } catch (error) {
    throw error instanceof Refusal ? error : new Refusal(400, 'the body was cut off', {}, error);
  }
  return Buffer.concat(parts);
}

function notificationIn(body: Buffer): Notification {
  let value: unknown;
  try {
    value = JSON.parse(body.toString('utf8'));
  } catch {
    throw new Refusal(400, 'the body is not JSON: choose the content type application/json where the sender lets you');
  }
  const notification = readNotification(value);
  if (notification) return notification;
  throw new Refusal(
    400,
    'the body is not a notification of CNCF distribution, Harbor or GitHub (package, registry_package)',
  );
}

function unauthorized(): Refusal {
  return new Refusal(401, 'the request carries none of the configured secrets: sign it, or send Authorization', {
    'www-authenticate': 'Bearer',
  });
}

function tooLarge(): Refusal {
  return new Refusal(413, `the body has more than ${MAX_BODY_BYTES} bytes`);
}
