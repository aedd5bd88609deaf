import type { ServerResponse } from 'node:http';
import { once } from 'node:events';
import type { KubeClient } from '../../../kube/index.ts';
import { HttpError } from '../http/answers.ts';

/** Which log is read, and how much of it. */
export interface LogRequest {
  readonly namespace: string;
  readonly pod: string;
  readonly container: string;
  readonly follow: boolean;
  readonly previous: boolean;
  /** Lines of what was written before. */
  readonly tail: number;
}

const MAX_TAIL = 10_000;
/** Of a log that is not followed. */
const MAX_CHARS = 4 * 1024 * 1024;

/** The log that a request asks for; throws HttpError BadRequest. */
export function logRequestOf(params: Readonly<Record<string, string>>, query: URLSearchParams): LogRequest {
  const { namespace = '', pod = '', container = '' } = params;
  const tail = Number(query.get('tail') ?? 500);
  if (!Number.isSafeInteger(tail) || tail < 0 || tail > MAX_TAIL)
    throw new HttpError(400, 'BadRequest', `tail has to be a number from 0 to ${MAX_TAIL}`);
  const isSet = (name: string): boolean => query.has(name) && query.get(name) !== 'false';
  return { namespace, pod, container, follow: isSet('follow'), previous: isSet('previous'), tail };
}

/** To whom a log is passed on. */
export interface LogReader {
  readonly response: ServerResponse;
  /** Aborts once nobody reads any more. */
  readonly ended: AbortSignal;
  /** How long what was sent may stay unread before the reader is cut; milliseconds. */
  readonly slowReaderMs: number;
}

/**
 * Passes a log on: one that is followed as it comes and as fast as it is read, until `ended` aborts; of one that is not, the last 4 MiB.
 * Throws KubeError as long as nothing was sent.
 */
export async function streamLog(client: KubeClient, wanted: LogRequest, reader: LogReader): Promise<void> {
  const { response, ended } = reader;
  const pieces = await piecesOf(client, wanted, ended);
  // What was written before is read whole before any of it is sent.
  const passed = wanted.follow ? pieces : await lastOf(pieces, MAX_CHARS);
  response.writeHead(200, {
    'content-type': 'text/plain; charset=utf-8',
    'cache-control': 'no-store',
    'x-accel-buffering': 'no',
  });
  response.flushHeaders();
  for await (const piece of passed) if (ended.aborted || (!response.write(piece) && !(await isDrained(reader)))) return;
  response.end();
}

async function piecesOf(
  client: KubeClient,
  { namespace, pod, container, follow, previous, tail }: LogRequest,
  signal: AbortSignal,
): Promise<AsyncGenerator<string, void>> {
  const [inNamespace, ofPod] = [namespace, pod].map(encodeURIComponent);
  const query = {
    container,
    tailLines: String(tail),
    follow: follow ? 'true' : undefined,
    previous: previous ? 'true' : undefined,
  };
  return client.stream(`/api/v1/namespaces/${inNamespace}/pods/${ofPod}/log`, { query, signal });
}

/** The last pieces, with at most `max` characters; what was before them is a line that says so. */
export async function lastOf(pieces: AsyncIterable<string>, max: number): Promise<string[]> {
  const kept: string[] = [];
  let [chars, isCut] = [0, false];
  for await (const piece of pieces) {
    kept.push(piece);
    chars += piece.length;
    while (chars > max && kept.length > 1) {
      chars -= kept.shift()?.length ?? 0;
      isCut = true;
    }
  }
  if (!isCut) return kept;
  // From the beginning of a line.
  const [first = '', ...others] = kept;
  return ['… (earlier lines are left out)\n', first.slice(first.indexOf('\n') + 1), ...others];
}

/** Waits until what was sent is read; a reader who takes too long for it is cut. */
async function isDrained({ response, ended, slowReaderMs }: LogReader): Promise<boolean> {
  const signal = AbortSignal.any([ended, AbortSignal.timeout(slowReaderMs)]);
  try {
    await once(response, 'drain', { signal });
    return true;
  } catch {
    response.destroy();
    return false;
  }
}
