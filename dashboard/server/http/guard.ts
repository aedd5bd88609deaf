import type { IncomingHttpHeaders } from 'node:http';
import { HttpError, methodNotAllowed } from './answers.ts';

/** Where the page is served: a request that is meant for elsewhere, or comes from elsewhere, is refused. */
export interface ServedAddresses {
  /** As the header `Host` names them, with the port. */
  readonly hosts: ReadonlySet<string>;
  /** As the header `Origin` names them. */
  readonly origins: ReadonlySet<string>;
  /** The paths below `/api/` to which a provider sends a browser back; they trust nothing but what is in the address. */
  readonly callbackPaths: ReadonlySet<string>;
}

/** What of a request decides whether it may be heard. */
export interface RequestHead {
  readonly method: string;
  readonly path: string;
  readonly headers: Pick<IncomingHttpHeaders, 'host' | 'origin' | 'sec-fetch-site' | 'content-length'>;
}

/** How long a body may be. */
export const MAX_BODY_BYTES = 1024 * 1024;

const METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'POST']);

/**
 * Decides, before anybody is asked who they are, whether a request is heard: it names this server (else a name that an attacker has
 * resolved to this address would), it comes from this page where a browser says from which, and is not too long.
 */
export function refusalOf(
  { method, path, headers }: RequestHead,
  { hosts, origins, callbackPaths }: ServedAddresses,
): HttpError | undefined {
  const { host = '', origin } = headers;
  if (!hosts.has(host.toLowerCase()))
    return new HttpError(421, 'Misdirected', `this server is not called "${host.slice(0, 100)}"`);
  if (!METHODS.has(method)) return methodNotAllowed(method);
  if (Number(headers['content-length'] ?? 0) > MAX_BODY_BYTES) return tooLarge();
  const isForeign =
    (origin !== undefined && !origins.has(origin)) || !comesFromHere(method, path, headers, callbackPaths);
  return isForeign ? new HttpError(403, 'CrossOrigin', 'the request comes from another site') : undefined;
}

/** A link from elsewhere may lead to the page, but not to what it asks for. */
function comesFromHere(
  method: string,
  path: string,
  headers: RequestHead['headers'],
  callbackPaths: ServedAddresses['callbackPaths'],
): boolean {
  const site = headers['sec-fetch-site'] ?? 'same-origin';
  if (method !== 'POST' && (!path.startsWith('/api/') || callbackPaths.has(path))) return true;
  return site === 'same-origin' || (site === 'none' && method !== 'POST');
}

/** What is answered to a body that is longer. */
export function tooLarge(): HttpError {
  return new HttpError(413, 'TooLarge', `a request may have ${MAX_BODY_BYTES} bytes`);
}
