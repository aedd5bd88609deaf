import { createHash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { KubeClient } from '../../../kube/index.ts';
import { HttpError } from '../http/answers.ts';
import { cookiesOf, textInCookies, type SessionKeeping } from './cookies.ts';
import { signInAgain, type OidcSignIn } from './oidc/oidc-sign-in.ts';
import { endOfStream, type OidcSession } from './oidc/session.ts';
import { userFromProxy, type ProxyOptions } from './proxy.ts';
import type { Kept } from './seal.ts';

/** Somebody who asks: everything is read and written by this client, with the rights of this user and no others. */
export interface Identity {
  readonly client: KubeClient;
  /** Tells users apart, however they have signed in, and how often; says nothing of them. */
  readonly key: string;
  /** Whether there is a session, which can be ended; else each request says by itself who asks. */
  readonly hasSession: boolean;
  /** What proves that an action comes from the page. */
  readonly csrf: string;
  /** When a stream has to end, in milliseconds since 1970, and whether the page may ask anew; absent: when the API server says so. */
  readonly ends?: { readonly at: number; readonly isRenewable: boolean };
}

/** How viewers are known. */
export type IdentityOptions =
  /** All who hold the code are the user of the client's kubeconfig. */
  | { readonly way: 'kubeconfig'; readonly client: KubeClient }
  /** The client has no credentials of its own. */
  | { readonly way: 'token'; readonly client: KubeClient }
  /** The client may impersonate, or has no credentials of its own where the API server knows the provider. */
  | {
      readonly way: 'oidc';
      readonly client: KubeClient;
      readonly oidc: Pick<OidcSignIn, 'configuration' | 'begin' | 'finish' | 'current'>;
    }
  /** The client may impersonate. */
  | { readonly way: 'proxy'; readonly client: KubeClient; readonly proxy: ProxyOptions };

interface Tools extends SessionKeeping {
  readonly nowMs: number;
}

/**
 * Finds out who asks, and what headers have to keep the session where it was renewed; throws HttpError Unauthorized where that is nobody.
 * Sends no request, but to a provider to renew a session.
 */
export async function identityOf(
  { headers, headersDistinct }: Pick<IncomingMessage, 'headers' | 'headersDistinct'>,
  options: IdentityOptions,
  tools: Tools,
): Promise<{ identity: Identity; cookies?: string[] }> {
  const { seal, cookie, nowMs } = tools;
  if (options.way === 'proxy') {
    const { user, groups } = userFromProxy(headersDistinct, options.proxy);
    const key = keyOf(user);
    return { identity: { client: options.client.as(user, groups), key, hasSession: false, csrf: seal.csrfOf(key) } };
  }
  const sealed = textInCookies(headers.cookie, cookie) ?? '';
  const session = seal.open(sealed, nowMs);
  if (session?.kind === 'oidc' && options.way === 'oidc') return oidcIdentity(session, options, tools);
  const known = sessionClient(session, options);
  if (known === undefined) throw new HttpError(401, 'Unauthorized', 'you are not signed in');
  return { identity: { ...known, hasSession: true, csrf: seal.csrfOf(sealed) } };
}

/** The API server as the viewer of a session sees it that lasts as it is; undefined where there is none of this way. */
function sessionClient(
  session: Kept | undefined,
  { way, client }: IdentityOptions,
): Pick<Identity, 'client' | 'key'> | undefined {
  if (session?.kind === 'kubeconfig' && way === 'kubeconfig') return { client, key: keyOf('kubeconfig') };
  if (session?.kind === 'token' && way === 'token')
    return { client: client.asBearer(session.token), key: keyOf(session.user) };
  return undefined;
}

async function oidcIdentity(
  session: OidcSession,
  { client, oidc }: Extract<IdentityOptions, { way: 'oidc' }>,
  { seal, cookie, nowMs }: Tools,
): Promise<{ identity: Identity; cookies?: string[] }> {
  const current = await oidc.current(session, nowMs);
  const identity = {
    client: oidcClient(client, current),
    key: keyOf(current.subject),
    hasSession: true,
    // Of what stays the same: the page asks for it once.
    csrf: seal.csrfOf(current.id),
    ends: endOfStream(current, nowMs),
  };
  if (current === session) return { identity };
  try {
    return { identity, cookies: cookiesOf({ seal, cookie }, current) };
  } catch (error) {
    // What it is renewed to does not fit into cookies.
    throw error instanceof HttpError ? signInAgain(error) : error;
  }
}

/** The API server as somebody sees it whom a provider knows. */
export function oidcClient(client: KubeClient, { as }: OidcSession): KubeClient {
  return 'token' in as ? client.asBearer(as.token) : client.as(as.user, as.groups);
}

function keyOf(text: string): string {
  return createHash('sha256').update(text).digest('base64url');
}
