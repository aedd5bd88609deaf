import { parseJsonInSteps, type KubeObject } from '../../resources/index.ts';
import type { Attempt } from '../errors.ts';
import { isKubeError, KubeError } from '../errors.ts';
import type { InTurns } from './options.ts';
import type { Status } from './status.ts';
import { errorFromStatus } from './status.ts';
import { noAnswerError } from './transport.ts';

/** One event of a watch; a bookmark carries only its kind, a resourceVersion and perhaps annotations. */
export interface WatchEvent {
  type: 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK';
  object: KubeObject;
}

/** The API server's objects are below 2 MiB each; a line beyond this is a broken stream. */
const MAX_LINE_BYTES = 64 * 1024 * 1024;

/**
 * The events of a watch's body, one JSON object a line. Throws KubeError for an ERROR event (Gone for a resourceVersion
 * that the server no longer has), for a line that is no event (BadRequest) and for a stream that broke (Unavailable,
 * TimedOut); ends where the server ended the stream.
 */
export async function* watchEvents(
  body: AsyncIterable<Uint8Array>,
  attempt: Attempt,
  inTurns: InTurns,
): AsyncGenerator<WatchEvent, void> {
  for await (const line of lines(unbroken(body, attempt), attempt)) {
    if (line !== '') yield await inTurns(eventOf(line, attempt));
  }
}

async function* unbroken(body: AsyncIterable<Uint8Array>, attempt: Attempt): AsyncGenerator<Uint8Array, void> {
  try {
    yield* body;
  } catch (error) {
    throw noAnswerError(attempt, error);
  }
}

async function* lines(chunks: AsyncIterable<Uint8Array>, attempt: Attempt): AsyncGenerator<string, void> {
  let pending: Uint8Array[] = [];
  let pendingBytes = 0;
  for await (const chunk of chunks) {
    let start = 0;
    for (let end = chunk.indexOf(10); end !== -1; end = chunk.indexOf(10, start)) {
      pending.push(chunk.subarray(start, end));
      yield Buffer.concat(pending).toString('utf8');
      pending = [];
      pendingBytes = 0;
      start = end + 1;
    }
    if (start < chunk.length) pending.push(chunk.subarray(start));
    pendingBytes += chunk.length - start;
    if (pendingBytes > MAX_LINE_BYTES) throw new KubeError('TooLarge', 'an event has no end', { attempt });
  }
  // A last line without its end was cut: the object is incomplete, and the next watch brings it again.
}

function* eventOf(line: string, attempt: Attempt): Generator<undefined, WatchEvent> {
  const event = yield* parsed(line, attempt);
  switch (event.type) {
    case 'ADDED':
    case 'MODIFIED':
    case 'DELETED':
    case 'BOOKMARK':
      if (isObject(event.object)) return { type: event.type, object: event.object };
      break;
    case 'ERROR':
      throw errorFromStatus(attempt, (event.object ?? {}) as Status);
    default:
  }
  throw new KubeError('BadRequest', `the watch sent an invalid event (type ${JSON.stringify(event.type)})`, {
    attempt,
  });
}

function* parsed(line: string, attempt: Attempt): Generator<undefined, { type?: unknown; object?: unknown }> {
  try {
    const event = yield* parseJsonInSteps(line);
    if (typeof event === 'object' && event !== null) return event;
  } catch {
    // The parser's own error would quote the line, which may be of a Secret.
    throw new KubeError('BadRequest', `the watch sent a line of ${line.length} characters that is not JSON`, {
      attempt,
    });
  }
  return {};
}

function isObject(value: unknown): value is KubeObject {
  if (typeof value !== 'object' || value === null || !('metadata' in value)) return false;
  return typeof value.metadata === 'object' && value.metadata !== null;
}

/** Whether the server understood the request and has no watch with initial events (before 1.32, or switched off). */
export function isUnsupported(error: unknown): boolean {
  return (isKubeError(error, 'Invalid') || isKubeError(error, 'BadRequest')) && error.status !== undefined;
}

/** Whether the watch cannot go on from where it was: what it missed can only be had with the whole collection. */
export function isUnreadable({ code }: KubeError): boolean {
  const mayGoOn: readonly string[] = ['Unavailable', 'TimedOut', 'TooManyRequests', 'Unauthorized', 'Forbidden'];
  return !mayGoOn.includes(code);
}
