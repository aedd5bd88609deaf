import type { Dispatcher } from 'undici';

import { RegistryError } from '../errors.ts';
import { timeoutsOf } from '../options.ts';
import type { ConnectionOptions, Timeouts } from '../options.ts';
import { createDispatcher } from './dispatcher.ts';
import { failureOf, shown } from './failures.ts';
import { isLoopback, networkGuard } from './network-policy.ts';
import { proxyRules } from './proxy.ts';

/** One request to one place. */
export interface HttpRequest {
  method: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH';
  url: URL;
  headers?: Record<string, string>;
  body?: Uint8Array | string;
}

/** An answer whose body is still to be read, or dropped. */
export interface HttpResponse {
  url: URL;
  status: number;
  /** The first value of the header of that name. */
  header(name: string): string | undefined;
  /** The body's bytes as they are on the wire: no content encoding is undone. */
  chunks: AsyncIterable<Uint8Array>;
  drop(): void;
}

/** Sends single requests, under the network policy, without following redirects or adding credentials. */
export interface Transport {
  send(request: HttpRequest): Promise<HttpResponse>;
  close(): Promise<void>;
}

const PROGRESS_BYTES = 1024;
/** Reading a short remainder keeps the connection for the next request. */
const DUMPED_BYTES = 16_384;

/** Makes a transport whose TLS client certificate is shown to `home` alone. Close it after use. */
export function createTransport(home: URL, options: ConnectionOptions): Transport {
  const timeouts = timeoutsOf(options);
  const guard = networkGuard(options.network);
  const proxyOf = proxyRules(options.proxy);
  const dispatcher = createDispatcher(home, options, guard, proxyOf);
  return {
    send: async (request) => {
      checkScheme(request.url, options);
      guard.check(request.url);
      // It is the proxy that connects, by the name: what can be known of its addresses here has to be known before.
      if (proxyOf(request.url) !== undefined) await guard.checkAddresses(request.url);
      return exchange(dispatcher, request, options, timeouts);
    },
    close: () => dispatcher.destroy(),
  };
}

function checkScheme(url: URL, { allowPlainHttp = false }: ConnectionOptions): void {
  if (url.protocol === 'https:' || (url.protocol === 'http:' && (allowPlainHttp || isLoopback(url)))) return;
  throw new RegistryError({
    code: 'InsecureTransport',
    reason: `${shown(url)} is not HTTPS`,
    nextStep: 'use https, or allow plain HTTP if the network can be trusted',
  });
}

async function exchange(
  dispatcher: Dispatcher,
  { method, url, headers, body }: HttpRequest,
  options: ConnectionOptions,
  timeouts: Timeouts,
): Promise<HttpResponse> {
  const beganAt = performance.now();
  const tell = (code: number): void => options.onRequest?.({ code, durationMs: performance.now() - beganAt });
  const stop = new AbortController();
  const signals = [stop.signal, AbortSignal.timeout(timeouts.exchangeMs), ...(options.signal ? [options.signal] : [])];
  try {
    const response = await dispatcher.request({
      origin: url.origin,
      path: `${url.pathname}${url.search}`,
      method,
      headers: { 'user-agent': options.userAgent ?? 'coxswain', 'accept-encoding': 'identity', ...headers },
      ...(body === undefined ? {} : { body }),
      signal: AbortSignal.any(signals),
    });
    tell(response.statusCode);
    // Dropping a body aborts its stream; without a listener that error would end the process.
    response.body.on('error', () => undefined);
    return {
      url,
      status: response.statusCode,
      header: (name) => [response.headers[name]].flat()[0],
      chunks: steadily(response.body, stop, url, options, timeouts),
      drop: () => {
        response.body.dump({ limit: DUMPED_BYTES }).catch(() => stop.abort());
      },
    };
  } catch (error) {
    tell(0);
    options.signal?.throwIfAborted();
    throw failureOf(error, url);
  }
}

/** Passes on the chunks of a body, and gives up on one that trickles: a byte a second would keep an idle timeout from ever firing. */
async function* steadily(
  body: AsyncIterable<Uint8Array>,
  stop: AbortController,
  url: URL,
  options: ConnectionOptions,
  { stallMs }: Timeouts,
): AsyncGenerator<Uint8Array> {
  let sinceCheck = 0;
  const watch = setInterval(() => {
    if (sinceCheck < PROGRESS_BYTES) stop.abort(trickling(url, stallMs));
    sinceCheck = 0;
  }, stallMs);
  try {
    for await (const chunk of body) {
      sinceCheck += chunk.length;
      yield chunk;
    }
  } catch (error) {
    options.signal?.throwIfAborted();
    throw failureOf(error, url);
  } finally {
    clearInterval(watch);
    stop.abort();
  }
}

function trickling(url: URL, stallMs: number): RegistryError {
  const reason = `${shown(url)} sent less than ${PROGRESS_BYTES} bytes in ${stallMs} ms`;
  return new RegistryError({ code: 'Unavailable', transient: true, reason });
}
