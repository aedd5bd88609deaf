import { createAuthenticator } from './authenticator.ts';
import type { Authenticator } from './authenticator.ts';
import { RegistryError } from '../errors.ts';
import { limitsOf, retriesOf } from '../options.ts';
import type { ConnectionOptions, TransferLimits, Retries } from '../options.ts';
import { shown } from './failures.ts';
import { createTransport } from './transport.ts';
import type { HttpRequest, HttpResponse, Transport } from './transport.ts';

/** One operation's conversation with one registry: its connections, its credentials, its limits. */
export interface Session {
  /** The registry; credentials are bound to its origin. */
  home: URL;
  limits: TransferLimits;
  retries: Retries;
  signal: AbortSignal | undefined;
  authenticator: Authenticator;
  /**
   * Sends a request once: redirects of GET and HEAD are followed, a challenge is answered, any status comes back. What goes to
   * another origin goes without credentials.
   */
  send(request: HttpRequest): Promise<HttpResponse>;
  close(): Promise<void>;
}

const MAX_REDIRECTS = 10;
const REDIRECTS = new Set([301, 302, 303, 307, 308]);

/**
 * Opens a session with the registry at `home`, whose challenges are answered for `scope`; without a scope, that of a classic
 * repository, which is sent Basic credentials unasked. Close it after use.
 */
export function openSession(home: URL, scope: string | undefined, options: ConnectionOptions): Session {
  const transport = createTransport(home, options);
  const authenticator = createAuthenticator(home, scope, transport, options);
  return {
    home,
    limits: limitsOf(options),
    retries: retriesOf(options),
    signal: options.signal,
    authenticator,
    send: (request) => sendAuthorized(transport, authenticator, home, request),
    close: () => transport.close(),
  };
}

async function sendAuthorized(
  transport: Transport,
  authenticator: Authenticator,
  home: URL,
  request: HttpRequest,
): Promise<HttpResponse> {
  const response = await follow(transport, authenticator, home, request);
  if (response.status !== 401 || response.url.origin !== home.origin) return response;
  response.drop();
  return (await authenticator.answer(response)) ? follow(transport, authenticator, home, request) : response;
}

async function follow(
  transport: Transport,
  authenticator: Authenticator,
  home: URL,
  request: HttpRequest,
): Promise<HttpResponse> {
  let { url } = request;
  let isHome = true;
  for (let hops = 0; hops <= MAX_REDIRECTS; hops++) {
    // A host that was redirected to must not be able to point the credentials at another place of the registry.
    isHome &&= url.origin === home.origin;
    const authorization = isHome ? authenticator.authorization() : undefined;
    const headers = { ...request.headers, ...(authorization === undefined ? {} : { authorization }) };
    const response = await transport.send({ ...request, url, headers });
    if (!REDIRECTS.has(response.status) || (request.method !== 'GET' && request.method !== 'HEAD')) return response;
    response.drop();
    url = redirectTarget(response);
  }
  throw new RegistryError({
    code: 'InvalidResponse',
    reason: `${shown(request.url)} redirects more than ${MAX_REDIRECTS} times`,
  });
}

function redirectTarget(response: HttpResponse): URL {
  const location = response.header('location') ?? '';
  if (location === '' || !URL.canParse(location, response.url.href)) {
    throw new RegistryError({
      code: 'InvalidResponse',
      reason: `${shown(response.url)} redirects to something that is not a URL`,
    });
  }
  return new URL(location, response.url);
}
