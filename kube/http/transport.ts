import { createHash } from 'node:crypto';
import { Agent, ProxyAgent } from 'undici';
import type { Dispatcher } from 'undici';
import type { Attempt } from '../errors.ts';
import { KubeError } from '../errors.ts';
import type { AccessSource, ServerAccess } from '../access/credentials.ts';

/** As whom a request is made; without groups, those that the API server gives the user by itself. */
export interface Impersonated {
  readonly user: string;
  readonly groups: readonly string[];
}

/** One HTTP request to the API server; `path` is below the server's address. */
export interface Exchange {
  attempt: Attempt;
  method: Dispatcher.HttpMethod;
  path: string;
  query?: Record<string, string | undefined> | undefined;
  headers?: Record<string, string>;
  body?: string | undefined;
  /** To be sent as JSON in place of a body. */
  json?: unknown;
  impersonate?: Impersonated | undefined;
  /** The token of whoever asks, in place of the program's own credentials. */
  bearer?: string | undefined;
  timeoutMs?: number | undefined;
  /** An answer longer than this is given up. */
  maxBytes?: number | undefined;
}

/** The answer to an exchange, whatever its status; `body` is its whole text. */
export interface ApiResponse {
  status: number;
  contentType: string;
  retryAfter: string | undefined;
  body: string;
}

/** What is recorded of each request after it: `code` is the HTTP status, or 0 where there was no answer. */
export interface RequestRecord {
  verb: string;
  /** Of HTTP. */
  method: string;
  resource: string;
  code: number;
  durationMs: number;
}

/** Told of each request that was sent; must not throw. */
export type RequestHook = (record: RequestRecord) => void;

const CONNECT_TIMEOUT_MS = 10_000;
const REQUEST_TIMEOUT_MS = 60_000;
/** Short enough that a rotated token file or an expired exec credential is noticed before it is refused. */
const ACCESS_LIFETIME_MS = 30_000;
/** A credential that is refused for good must not run its exec plugin for every request. */
const RENEWAL_INTERVAL_MS = 5_000;

const UNSENT = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
]);
const TIMED_OUT = new Set(['UND_ERR_CONNECT_TIMEOUT', 'UND_ERR_HEADERS_TIMEOUT', 'UND_ERR_BODY_TIMEOUT', 'ETIMEDOUT']);

/** The connections and credentials shared by all clients of one API server; `close` frees every socket. */
export class Transport {
  readonly #source: AccessSource;
  readonly #userAgent: string;
  readonly #onRequest: RequestHook | undefined;
  #access: Promise<ServerAccess> | undefined;
  #loadedAt = 0;
  #renewedAt = Number.NEGATIVE_INFINITY;
  #dispatcher: Dispatcher | undefined;
  /** By HTTP/1.1, for a header in several lines: over HTTP/2, undici would make one of them. */
  #inLines: Dispatcher | undefined;
  /** The access that the dispatcher was last found to fit, and the digest of what it was made from. */
  #dispatcherFor: { access: ServerAccess; material: string } | undefined;
  #closed = false;

  constructor(source: AccessSource, userAgent: string, onRequest?: RequestHook) {
    this.#source = source;
    this.#userAgent = userAgent;
    this.#onRequest = onRequest;
  }

  /** The current address and credentials; throws KubeError Misconfigured where they cannot be read. */
  access(): Promise<ServerAccess> {
    if (this.#access === undefined || performance.now() - this.#loadedAt > ACCESS_LIFETIME_MS) this.#load('cached');
    return this.#access as Promise<ServerAccess>;
  }

  /**
   * Sends a request and reads the whole answer; throws KubeError Unavailable or TimedOut where none came, and TooLarge where it is longer
   * than `maxBytes`.
   */
  async send(exchange: Exchange): Promise<ApiResponse> {
    const timeoutMs = exchange.timeoutMs ?? REQUEST_TIMEOUT_MS;
    return this.#measured(exchange, async () => {
      // Silence is noticed before the deadline, because only then is the connection itself put to the test.
      const response = await this.#dispatch(exchange, AbortSignal.timeout(timeoutMs), timeoutMs * 0.75);
      return { ...factsOf(response), body: await wholeBody(response, exchange) };
    });
  }

  /**
   * Sends a request whose answer is read as it comes, until `signal` aborts or nothing has come for `silenceMs`. An answer that is no
   * success is read whole.
   */
  async open(
    exchange: Exchange,
    signal: AbortSignal,
    silenceMs: number,
  ): Promise<ApiResponse | Dispatcher.ResponseData> {
    return this.#measured(exchange, async () => {
      const response = await this.#dispatch(exchange, signal, silenceMs);
      if (response.statusCode < 300) return response;
      return { ...factsOf(response), body: await response.body.text() };
    });
  }

  /** Ends all requests and watches and frees their sockets; later requests are refused. */
  async close(): Promise<void> {
    this.#closed = true;
    const open = [this.#dispatcher, this.#inLines];
    this.#dispatcher = undefined;
    this.#inLines = undefined;
    await Promise.all(open.map(async (dispatcher) => dispatcher?.destroy()));
  }

  async #measured<T extends ApiResponse | Dispatcher.ResponseData>(
    exchange: Exchange,
    run: () => Promise<T>,
  ): Promise<T> {
    const startedAt = performance.now();
    let code = 0;
    try {
      const answer = await run();
      code = 'status' in answer ? answer.status : answer.statusCode;
      return answer;
    } catch (error) {
      throw noAnswerError(exchange.attempt, error);
    } finally {
      const { verb, resource = '' } = exchange.attempt;
      this.#onRequest?.({ verb, method: exchange.method, resource, code, durationMs: performance.now() - startedAt });
    }
  }

  async #dispatch(exchange: Exchange, signal: AbortSignal, silenceMs: number): Promise<Dispatcher.ResponseData> {
    const first = await this.#attempt(exchange, signal, silenceMs);
    if (first.statusCode !== 401 || exchange.bearer !== undefined) return first;
    await first.body.dump();
    this.#renew();
    return this.#attempt(exchange, signal, silenceMs);
  }

  async #attempt(exchange: Exchange, signal: AbortSignal, silenceMs: number): Promise<Dispatcher.ResponseData> {
    const access = await this.access();
    const headers: Record<string, string | string[]> = { 'user-agent': this.#userAgent, accept: 'application/json' };
    Object.assign(headers, access.headers, exchange.headers);
    if (exchange.bearer !== undefined) headers['authorization'] = `Bearer ${exchange.bearer}`;
    Object.assign(headers, impersonationOf(exchange));
    return this.#dispatcherOf(access, exchange).request({
      origin: access.server.origin,
      path: access.server.pathname.replace(/\/$/, '') + exchange.path + queryString(exchange.query),
      method: exchange.method,
      headers,
      body: exchange.body ?? null,
      headersTimeout: silenceMs,
      bodyTimeout: silenceMs,
      signal,
    });
  }

  #load(freshness: 'cached' | 'fresh'): void {
    const loading = this.#source(freshness);
    // The rejection reaches whoever awaits it; forgetting it here lets the next request try again.
    loading.catch(() => {
      if (this.#access === loading) this.#access = undefined;
    });
    this.#access = loading;
    this.#loadedAt = performance.now();
  }

  #renew(): void {
    if (performance.now() - this.#renewedAt < RENEWAL_INTERVAL_MS) return;
    this.#load('fresh');
    this.#renewedAt = performance.now();
  }

  #dispatcherOf(access: ServerAccess, { impersonate }: Exchange): Dispatcher {
    const usual = this.#dispatcherTo(access);
    if (impersonate === undefined || impersonate.groups.length < 2) return usual;
    return (this.#inLines ??= dispatcherFor(access, { allowH2: false }));
  }

  #dispatcherTo(access: ServerAccess): Dispatcher {
    if (this.#closed) throw new KubeError('Unavailable', 'the client is closed');
    if (this.#dispatcher !== undefined && this.#dispatcherFor?.access === access) return this.#dispatcher;
    const material = materialOf(access);
    if (this.#dispatcher === undefined || this.#dispatcherFor?.material !== material) {
      // Requests under the old certificate run to their end; watches do so within minutes.
      for (const before of [this.#dispatcher, this.#inLines]) void before?.close().catch(() => undefined);
      this.#inLines = undefined;
      this.#dispatcher = dispatcherFor(access, { allowH2: true });
    }
    this.#dispatcherFor = { access, material };
    return this.#dispatcher;
  }
}

function impersonationOf({ impersonate }: Exchange): Record<string, string | string[]> {
  if (impersonate === undefined) return {};
  const { user, groups } = impersonate;
  const named = groups.map(inBytes);
  return { 'impersonate-user': inBytes(user), ...(named.length > 0 && { 'impersonate-group': named }) };
}

/** A header is sent byte by byte, and the API server reads names as UTF-8. */
function inBytes(name: string): string {
  return Buffer.from(name, 'utf8').toString('latin1');
}

function materialOf({ server, proxyUrl, tls }: ServerAccess): string {
  return createHash('sha256')
    .update(JSON.stringify([server.origin, proxyUrl, tls]))
    .digest('base64');
}

function dispatcherFor({ tls, proxyUrl }: ServerAccess, { allowH2 }: { allowH2: boolean }): Dispatcher {
  const connect = { ...tls, timeout: CONNECT_TIMEOUT_MS, keepAlive: true, keepAliveInitialDelay: 30_000 };
  // Over HTTP/2 hundreds of watches share a connection, and its PINGs find one that died silently.
  const shared = { allowH2, h2Options: { pingInterval: 20_000 }, keepAliveTimeout: 60_000 };
  return proxyUrl === undefined
    ? new Agent({ connect, ...shared })
    : new ProxyAgent({ uri: proxyUrl, requestTls: connect, ...shared });
}

function factsOf({ statusCode, headers }: Dispatcher.ResponseData): Omit<ApiResponse, 'body'> {
  return {
    status: statusCode,
    contentType: String(headers['content-type'] ?? ''),
    retryAfter: headers['retry-after'] === undefined ? undefined : String(headers['retry-after']),
  };
}

async function wholeBody({ body }: Dispatcher.ResponseData, { attempt, maxBytes }: Exchange): Promise<string> {
  if (maxBytes === undefined) return body.text();
  const pieces: Uint8Array[] = [];
  let bytes = 0;
  for await (const piece of body as AsyncIterable<Uint8Array>) {
    bytes += piece.length;
    if (bytes > maxBytes) throw new KubeError('TooLarge', `the response is larger than ${maxBytes} bytes`, { attempt });
    pieces.push(piece);
  }
  return Buffer.concat(pieces).toString('utf8');
}

function queryString(query: Exchange['query']): string {
  const set = Object.entries(query ?? {}).filter((pair): pair is [string, string] => pair[1] !== undefined);
  return set.length === 0 ? '' : `?${new URLSearchParams(set).toString()}`;
}

/** The error for a request without an answer, or a stream that broke: what the socket, TLS or a time limit said. */
export function noAnswerError(attempt: Attempt, cause: unknown): KubeError {
  if (cause instanceof KubeError) return cause;
  // By its fields and not its class: a DOMException is an Error in some realms only.
  const {
    code = '',
    name = '',
    message: why = String(cause),
  } = (cause ?? {}) as Partial<Error> & {
    code?: string | number;
  };
  const timedOut = TIMED_OUT.has(`${code}`) || name === 'TimeoutError';
  const words = `no answer from the API server: ${why}${why.includes(`${code}`) ? '' : ` (${code})`}`;
  return new KubeError(timedOut ? 'TimedOut' : 'Unavailable', words, { attempt, unsent: UNSENT.has(`${code}`), cause });
}
