import { readFile } from 'node:fs/promises';
import { Agent, fetch, type RequestInit, type Response } from 'undici';
import type { Provider, ProviderUser } from './provider.ts';

type TrustedProvider = Pick<Provider, 'issuer' | 'certificate'>;

/** Signs a user in where a client sent the browser, and returns where the provider sends it back to, with its code. */
export async function signIn(
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

async function ask({ certificate }: TrustedProvider, url: string | URL, init: RequestInit = {}): Promise<Response> {
  const dispatcher = new Agent({ connect: { ca: await readFile(certificate) } });
  return fetch(url, { redirect: 'manual', dispatcher, ...init });
}

function locationOf(answer: Response, { issuer }: TrustedProvider): URL {
  const location = answer.headers.get('location');
  if (location === null) throw new Error(`${answer.url} answers ${answer.status} and leads nowhere`);
  return new URL(location, issuer);
}
