import { createHash, randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { Agent, fetch, type RequestInit, type Response } from 'undici';
import type { Provider, ProviderClient, ProviderUser } from './provider.ts';

type TrustedProvider = Pick<Provider, 'issuer' | 'certificate'>;

/** Signs a user in where a client sent the browser, and returns where the provider sends it back to, with its code. */
async function signIn(
  provider: TrustedProvider,
  authorization: string | URL,
  { name, password }: Pick<ProviderUser, 'name' | 'password'>,
): Promise<URL> {
  const asked = await ask(provider, authorization);
  const id = locationOf(asked, provider).searchParams.get('authRequestID') ?? '';
  const body = new URLSearchParams({ username: name, password, id });
  const signedIn = await ask(provider, new URL('/login/username', provider.issuer), { method: 'POST', body });
  return locationOf(await ask(provider, locationOf(signedIn, provider)), provider);
}

/** The ID token that a client without a secret gets for a user by the code flow with PKCE. */
export async function idTokenOf(provider: TrustedProvider, client: ProviderClient, user: ProviderUser) {
  const verifier = randomBytes(32).toString('base64url');
  const authorization = new URL('/auth', provider.issuer);
  authorization.search = new URLSearchParams({
    client_id: client.id,
    redirect_uri: client.redirect,
    response_type: 'code',
    scope: 'openid email',
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    code_challenge_method: 'S256',
  }).toString();
  const back = await signIn(provider, authorization, user);
  const body = new URLSearchParams({
    grant_type: 'authorization_code',
    code: back.searchParams.get('code') ?? '',
    redirect_uri: client.redirect,
    client_id: client.id,
    code_verifier: verifier,
  });
  const answer = await ask(provider, new URL('/oauth/token', provider.issuer), { method: 'POST', body });
  const { id_token: token } = (await answer.json()) as { id_token?: string };
  if (token === undefined) throw new Error(`no ID token: ${answer.status}`);
  return token;
}

async function ask({ certificate }: TrustedProvider, url: string | URL, init: RequestInit = {}): Promise<Response> {
  const dispatcher = new Agent({ connect: { ca: await readFile(certificate) } });
  return fetch(url, { redirect: 'manual', dispatcher, ...init });
}

function locationOf(answer: Response, { issuer }: TrustedProvider): URL {
  const location = answer.headers.get('location');
  if (location === null) throw new Error(`${answer.url} answers ${answer.status} and leads nowhere`);
  return new URL(location, issuer);
}
