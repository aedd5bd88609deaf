import { RegistryError } from '../errors.ts';
import { shown } from './failures.ts';
import type { HttpResponse } from './transport.ts';

/** Passes on a body of at most `limit` bytes; throws `TooLarge` as soon as it, or the length it announces, is longer. */
export async function* bodyOf(response: HttpResponse, limit: number): AsyncGenerator<Uint8Array> {
  const announced = Number(response.header('content-length') ?? 0);
  let length = 0;
  if (announced > limit) {
    response.drop();
    throw tooLarge(response, limit);
  }
  for await (const chunk of response.chunks) {
    length += chunk.length;
    if (length > limit) throw tooLarge(response, limit);
    yield chunk;
  }
}

/** Reads a whole body; see `bodyOf`. */
export async function readBody(response: HttpResponse, limit: number): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  for await (const part of bodyOf(response, limit)) parts.push(part);
  return Buffer.concat(parts);
}

function tooLarge(response: HttpResponse, limit: number): RegistryError {
  const reason = `${shown(response.url)} is larger than the limit of ${limit} bytes`;
  return new RegistryError({ code: 'TooLarge', reason });
}
