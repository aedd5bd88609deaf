import type { IncomingMessage } from 'node:http';
import { HttpError } from './answers.ts';
import { MAX_BODY_BYTES, tooLarge } from './guard.ts';

/** The JSON of a request; throws HttpError for what is too long, or is none. */
export async function jsonBodyOf(request: IncomingMessage): Promise<unknown> {
  if (!/^application\/json\b/.test(request.headers['content-type'] ?? ''))
    throw new HttpError(415, 'UnsupportedMediaType', 'the body has to be application/json');
  const pieces: Buffer[] = [];
  let bytes = 0;
  for await (const piece of request as AsyncIterable<Buffer>) {
    bytes += piece.length;
    if (bytes > MAX_BODY_BYTES) throw tooLarge();
    pieces.push(piece);
  }
  try {
    return JSON.parse(Buffer.concat(pieces).toString('utf8'));
  } catch {
    throw new HttpError(400, 'BadRequest', 'the body is not JSON');
  }
}
