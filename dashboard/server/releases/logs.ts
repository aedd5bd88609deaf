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
const MAX_BYTES = 4 * 1024 * 1024;

/** The log that a request asks for; throws HttpError BadRequest. */
export function logRequestOf(params: Readonly<Record<string, string>>, query: URLSearchParams): LogRequest {
  const { namespace = '', pod = '', container = '' } = params;
  const tail = Number(query.get('tail') ?? 500);
  if (!Number.isSafeInteger(tail) || tail < 0 || tail > MAX_TAIL)
    throw new HttpError(400, 'BadRequest', `tail has to be a number from 0 to ${MAX_TAIL}`);
  const isSet = (name: string): boolean => query.has(name) && query.get(name) !== 'false';
  return { namespace, pod, container, follow: isSet('follow'), previous: isSet('previous'), tail };
}

/** Passes a log on as it comes, as fast as it is read, until `signal` aborts. Throws KubeError as long as nothing was sent. */
export async function streamLog(
  client: KubeClient,
  { namespace, pod, container, follow, previous, tail }: LogRequest,
  response: ServerResponse,
  signal: AbortSignal,
): Promise<void> {
  const [inNamespace, ofPod] = [namespace, pod].map(encodeURIComponent);
  const query = {
    container,
    tailLines: String(tail),
    follow: follow ? 'true' : undefined,
    previous: previous ? 'true' : undefined,
    limitBytes: follow ? undefined : String(MAX_BYTES),
  };
  const pieces = await client.stream(`/api/v1/namespaces/${inNamespace}/pods/${ofPod}/log`, { query, signal });
  response.writeHead(200, {
    'content-type': 'text/plain; charset=utf-8',
    'cache-control': 'no-store',
    'x-accel-buffering': 'no',
  });
  response.flushHeaders();
  for await (const piece of pieces) if (!response.write(piece)) await once(response, 'drain', { signal });
  response.end();
}
