import { basicAuthorization, checkCredentials } from '../auth/credentials.ts';
import type { Credentials } from '../auth/credentials.ts';
import { RegistryError } from '../errors.ts';
import { parseJsonObject } from '../json-object.ts';
import type { ConnectionOptions } from '../options.ts';
import { readBody } from './body.ts';
import { parseChallenges } from './challenge.ts';
import type { Challenge } from './challenge.ts';
import { shown } from './failures.ts';
import { retryAfterMs } from './retry.ts';
import type { HttpRequest, HttpResponse, Transport } from './transport.ts';

/** Answers the challenges of one registry for one operation. */
export interface Authenticator {
  /** The value of the `Authorization` header to send to the registry itself; undefined where none is needed so far. */
  authorization(): string | undefined;
  /** Handles a 401 answer of the registry; false where it has nothing to answer with. */
  answer(response: HttpResponse): Promise<boolean>;
  /** True once the caller's credentials were part of any request. */
  usedCredentials(): boolean;
}

/** What the operation has to be allowed to do, such as `repository:space/name:pull`; several are separated by spaces. */
type Scope = string;

const TOKEN_BYTES = 128 * 1024;
/** Registries whose tokens come from another host, by their own documentation. */
const KNOWN_TOKEN_SERVERS = new Map([
  ['https://registry-1.docker.io', 'https://auth.docker.io'],
  ['https://registry.gitlab.com', 'https://gitlab.com'],
]);

/**
 * Makes an authenticator whose credentials go to `home`'s origin and to its approved token servers only. Without a scope it does not
 * wait to be asked for a password: classic repositories may hide what they have instead of asking.
 */
export function createAuthenticator(
  home: URL,
  scope: Scope | undefined,
  transport: Transport,
  options: ConnectionOptions,
): Authenticator {
  const credentials = options.credentials === undefined ? undefined : checkCredentials(options.credentials, home.host);
  const mayTrust = [KNOWN_TOKEN_SERVERS.get(home.origin), home.origin, ...(options.tokenServers ?? [])];
  const isEager = scope === undefined && credentials !== undefined && 'username' in credentials;
  let header = isEager ? basicAuthorization(credentials) : undefined;
  // A client certificate may be what opens a registry, and nothing says so.
  let used = isEager || options.tls?.cert !== undefined;

  const bearer = async (challenge: Challenge): Promise<string> => {
    const realm = realmOf(challenge, home);
    const isTrusted = mayTrust.some((origin) => origin === realm.origin);
    used ||= isTrusted && credentials !== undefined;
    const scopes = scopesFor(challenge, scope);
    const request = tokenRequest(
      realm,
      challenge.parameters.get('service'),
      scopes,
      isTrusted ? credentials : undefined,
    );
    const response = await transport.send(request);
    const withheld = credentials !== undefined && !isTrusted;
    if (response.status !== 200) throw tokenRefused(response, withheld);
    return `Bearer ${tokenOf(await readBody(response, TOKEN_BYTES), realm)}`;
  };

  return {
    authorization: () => header,
    usedCredentials: () => used,
    answer: async (response) => {
      const challenges = parseChallenges(response.header('www-authenticate') ?? '');
      const bearerChallenge = challenges.find(({ scheme }) => scheme === 'bearer');
      const direct = credentials === undefined ? undefined : directAuthorization(credentials, challenges);
      if (direct !== undefined && direct !== header) {
        header = direct;
        used = true;
        return true;
      }
      if (bearerChallenge === undefined || (credentials !== undefined && 'registryToken' in credentials)) return false;
      const token = await bearer(bearerChallenge);
      const isNew = token !== header;
      header = token;
      return isNew;
    },
  };
}

/** Credentials that are sent to the registry as they are: a token always, a password where it asks for one and no token. */
function directAuthorization(credentials: Credentials, challenges: Challenge[]): string | undefined {
  if ('registryToken' in credentials) return `Bearer ${credentials.registryToken}`;
  const asked = challenges.map(({ scheme }) => scheme);
  const isBasic = asked.includes('basic') && !asked.includes('bearer');
  return isBasic && 'username' in credentials ? basicAuthorization(credentials) : undefined;
}

function realmOf({ parameters }: Challenge, home: URL): URL {
  const text = parameters.get('realm') ?? '';
  if (!URL.canParse(text)) {
    throw new RegistryError({
      code: 'InvalidResponse',
      reason: `${home.host} asks for a token but names no token server (realm) that is a URL`,
    });
  }
  const realm = new URL(text);
  if (realm.protocol === 'https:' || (realm.protocol === 'http:' && home.protocol === 'http:')) return realm;
  throw new RegistryError({
    code: 'InsecureTransport',
    reason: `${home.host} names ${shown(realm)} as its token server, which is less secure than the registry itself`,
  });
}

/** What the operation needs, and what the registry asks for besides; for the same repository it asks for no more than that. */
function scopesFor({ parameters }: Challenge, needed: Scope | undefined): Scope[] {
  const asked = (parameters.get('scope') ?? '').split(' ').filter((scope) => scope !== '');
  const wanted = needed?.split(' ') ?? [];
  const repositories = wanted.map((scope) => scope.slice(0, scope.lastIndexOf(':') + 1));
  return [...wanted, ...asked.filter((scope) => !repositories.some((repository) => scope.startsWith(repository)))];
}

/** The two requests of the distribution project's token specification: GET with Basic, or POST of a refresh token. */
function tokenRequest(
  realm: URL,
  service: string | undefined,
  scopes: string[],
  credentials: Credentials | undefined,
): HttpRequest {
  if (credentials !== undefined && 'identityToken' in credentials) {
    const form = new URLSearchParams({
      grant_type: 'refresh_token',
      refresh_token: credentials.identityToken,
      client_id: 'coxswain',
      service: service ?? '',
      scope: scopes.join(' '),
    });
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    return { method: 'POST', url: realm, headers, body: form.toString() };
  }
  const url = new URL(realm);
  if (service !== undefined) url.searchParams.set('service', service);
  for (const scope of scopes) url.searchParams.append('scope', scope);
  const isBasic = credentials !== undefined && 'username' in credentials;
  return { method: 'GET', url, headers: isBasic ? { authorization: basicAuthorization(credentials) } : {} };
}

function tokenOf(body: Uint8Array, realm: URL): string {
  const answer = parseJsonObject(body, 'InvalidResponse', `the response of the token server ${shown(realm)}`);
  const token = answer['token'] ?? answer['access_token'];
  if (typeof token === 'string' && /^[\x21-\x7e]+$/.test(token)) return token;
  throw new RegistryError({
    code: 'InvalidResponse',
    reason: `the token server ${shown(realm)} returned no usable token`,
  });
}

function tokenRefused(response: HttpResponse, withheld: boolean): RegistryError {
  response.drop();
  const { status, url } = response;
  const reason = `the token server ${shown(url)} answered ${status}`;
  if (status === 429 || status >= 500) {
    const asked = retryAfterMs(response.header('retry-after'));
    return new RegistryError({ code: 'Unavailable', transient: true, status, reason, retryAfterMs: asked });
  }
  const nextStep = withheld
    ? `the credentials were not sent, since it is another host than the registry: approve ${url.origin} as a token server if it is genuine`
    : 'check the credentials and what they are allowed to do';
  return new RegistryError({ code: 'Unauthorized', status, reason, nextStep });
}
