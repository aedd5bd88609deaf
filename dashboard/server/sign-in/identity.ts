import { createHash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { KubeClient } from '../../../kube/index.ts';
import { HttpError } from '../http/answers.ts';
import { textInCookies, type CookieOptions } from './cookies.ts';
import { userFromProxy, type ProxyOptions } from './proxy.ts';
import type { Seal } from './seal.ts';

/** Somebody who asks: everything is read and written by this client, with the rights of this user and no others. */
export interface Identity {
  readonly client: KubeClient;
  /** Tells viewers apart; says nothing of them. */
  readonly key: string;
  /** The session as it is sealed; undefined where each request says by itself who asks. */
  readonly sealed: string | undefined;
  /** What proves that a deed comes from the page. */
  readonly csrf: string;
}

/** How viewers are known. */
export type IdentityOptions =
  /** All who hold the code are the user of the client's kubeconfig. */
  | { readonly way: 'kubeconfig'; readonly client: KubeClient }
  /** The client has no credentials of its own. */
  | { readonly way: 'token'; readonly client: KubeClient }
  /** The client may impersonate. */
  | { readonly way: 'proxy'; readonly client: KubeClient; readonly proxy: ProxyOptions };

/** Finds out who asks; throws HttpError Unauthorized where that is nobody. Sends no request. */
export function identityOf(
  { headers }: Pick<IncomingMessage, 'headers'>,
  options: IdentityOptions,
  { seal, cookie, nowMs }: { seal: Seal; cookie: CookieOptions; nowMs: number },
): Identity {
  if (options.way === 'proxy') {
    const { user, groups } = userFromProxy(headers, options.proxy);
    const client = options.client.as(user, groups);
    const key = keyOf(JSON.stringify([user, groups]));
    return { client, key, sealed: undefined, csrf: seal.csrfOf(key) };
  }
  const sealed = textInCookies(headers.cookie, cookie);
  const session = sealed === undefined ? undefined : seal.open(sealed, nowMs);
  if (sealed === undefined || session?.kind !== options.way)
    throw new HttpError(401, 'Unauthorized', 'you are not signed in');
  const client = session.kind === 'token' ? options.client.asBearer(session.token) : options.client;
  const key = keyOf(session.kind === 'token' ? session.token : 'kubeconfig');
  return { client, key, sealed, csrf: seal.csrfOf(sealed) };
}

function keyOf(text: string): string {
  return createHash('sha256').update(text).digest('base64url');
}
