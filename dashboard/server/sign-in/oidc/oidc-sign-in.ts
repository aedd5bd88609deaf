import { randomBytes } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import { HttpError } from '../../http/answers.ts';
import { userInClaims, type ClaimMapping } from './claims.ts';
import { OidcProvider, type ProvidedTokens, type ProviderOptions } from './provider.ts';
import { timesOf, withoutRenewal, type BegunSignIn, type OidcSession } from './session.ts';

/** How a provider's users get in. */
export interface OidcOptions extends ProviderOptions {
  /** Whether the API server knows the provider, and takes its ID tokens; else whom an ID token names is impersonated. */
  readonly identity: 'token' | ClaimMapping;
}

const SESSION_MS = 12 * 60 * 60_000;
/** How long requests that still carry the previous cookie share one renewal: a refresh token may be good for one. */
const SHARED_MS = 60_000;
/** How long a failed renewal is not tried again. */
const REST_MS = 15_000;
const MAX_SHARED = 2_000;

/** The same for somebody who has a session that is of no more use: the page shows how to sign in. */
export function signInAgain({ message }: HttpError): HttpError {
  return new HttpError(401, 'Unauthorized', message, 'Sign in again.');
}

/** Makes sessions of what a provider says. Methods throw HttpError. */
export class OidcSignIn {
  /** Whom sessions are from, and how their users are named: under another, they are worth nothing. */
  readonly configuration: string;
  readonly #identity: OidcOptions['identity'];
  readonly #provider: OidcProvider;
  readonly #renewals = new LRUCache<string, Promise<OidcSession>>({
    max: MAX_SHARED,
    ttl: SHARED_MS,
    ttlAutopurge: true,
  });

  /** Asks nothing yet. */
  constructor(options: OidcOptions) {
    const { issuer, clientId, identity } = options;
    this.configuration = JSON.stringify([issuer, clientId, identity]);
    this.#identity = identity;
    this.#provider = new OidcProvider(options);
  }

  /** Where to send a browser, which is to come back to `redirect`, and what it has to keep meanwhile. */
  async begin(redirect: string, nowMs: number): Promise<{ address: URL; begun: BegunSignIn }> {
    return this.#provider.begin(redirect, nowMs);
  }

  /** The session of whoever came back to `answer`, having begun so. */
  async finish(answer: URL, begun: BegunSignIn, nowMs: number): Promise<OidcSession> {
    if (answer.searchParams.get('state') !== begun.state)
      throw new HttpError(403, 'SignInRefused', 'this is the answer to another sign-in', 'Sign in again.');
    const tokens = await this.#provider.finish(answer, begun);
    const id = randomBytes(16).toString('base64url');
    return this.#sessionOf(tokens, { id, refreshToken: undefined, until: nowMs + SESSION_MS }, nowMs);
  }

  /**
   * The session as it goes on: renewed where it is time. Where that fails it is used as it is, as long as it is good; after that, HttpError says
   * why.
   */
  async current(session: OidcSession, nowMs: number): Promise<OidcSession> {
    const { refreshToken, renewFrom, expires } = session;
    if (nowMs < renewFrom || refreshToken === undefined) return session;
    try {
      const renewed = await this.#renewed(session, refreshToken, nowMs);
      if (nowMs < renewed.expires) return renewed;
      throw new HttpError(401, 'Unauthorized', 'the provider has not said anew who you are');
    } catch (error) {
      if (!(error instanceof HttpError)) throw error;
      if (nowMs < expires) return session;
      throw error.status === 502 ? error : signInAgain(error);
    }
  }

  async #renewed(session: OidcSession, refreshToken: string, nowMs: number): Promise<OidcSession> {
    const key = `${session.id} ${session.expires}`;
    const shared = this.#renewals.get(key);
    if (shared !== undefined) return shared;
    const renewal = this.#provider.refresh(refreshToken).then((tokens) => {
      if (tokens === undefined) return withoutRenewal(session);
      if (tokens.claims.sub !== session.subject)
        throw new HttpError(401, 'Unauthorized', 'the provider now says that you are somebody else');
      return this.#sessionOf(tokens, session, nowMs);
    });
    this.#renewals.set(key, renewal);
    renewal.catch(() => this.#renewals.set(key, renewal, { ttl: REST_MS }));
    return renewal;
  }

  #sessionOf(
    { idToken, claims, refreshToken }: ProvidedTokens,
    before: Pick<OidcSession, 'id' | 'refreshToken' | 'until'>,
    nowMs: number,
  ): OidcSession {
    const expires = claims.exp * 1_000;
    const renewing = refreshToken ?? before.refreshToken;
    return {
      kind: 'oidc',
      id: before.id,
      subject: claims.sub,
      as: this.#identity === 'token' ? { token: idToken } : userInClaims(claims, this.#identity),
      ...timesOf(nowMs, expires),
      refreshToken: renewing,
      until: renewing === undefined ? Math.min(before.until, expires) : before.until,
    };
  }
}
