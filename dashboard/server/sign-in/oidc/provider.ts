import {
  authorizationCodeGrant,
  buildAuthorizationUrl,
  calculatePKCECodeChallenge,
  ClientSecretBasic,
  ClientSecretPost,
  customFetch,
  discovery,
  enableNonRepudiationChecks,
  None,
  randomNonce,
  randomPKCECodeVerifier,
  randomState,
  refreshTokenGrant,
  type ClientAuth,
  type Configuration,
  type TokenEndpointResponse,
  type TokenEndpointResponseHelpers,
} from 'openid-client';
import { HttpError } from '../../http/answers.ts';
import type { IdTokenClaims } from './claims.ts';
import { providerProblem } from './problems.ts';
import { ANSWER_TIMEOUT_MS, providerFetch } from './provider-fetch.ts';
import type { BegunSignIn } from './session.ts';

/** A provider, and as which of its clients the dashboard presents itself. */
export interface ProviderOptions {
  /** An address by HTTPS. */
  readonly issuer: string;
  readonly clientId: string;
  /** Absent: the client is a public one. */
  readonly clientSecret?: string | undefined;
  /** Separated by spaces; `openid` is among them. */
  readonly scopes: string;
  /** By what its certificate is checked, in PEM; absent: by what the system trusts. */
  readonly ca?: string | undefined;
}

/** What a provider said of somebody; everything in it was checked. */
export interface ProvidedTokens {
  readonly idToken: string;
  readonly claims: IdTokenClaims & { readonly sub: string; readonly exp: number };
  readonly refreshToken: string | undefined;
}

/** How long a provider's keys and endpoints are cached. */
const KNOWN_MS = 60 * 60_000;
/** How long signing in may take. */
const SIGN_IN_MS = 10 * 60_000;

/** An OpenID provider, by the authorization code flow with PKCE, state and nonce. Every method throws HttpError where the provider fails or refuses. */
export class OidcProvider {
  readonly #options: ProviderOptions;
  readonly #fetch: ReturnType<typeof providerFetch>;
  #known: { since: number; configuration: Promise<Configuration> } | undefined;

  /** Asks nothing yet. */
  constructor(options: ProviderOptions) {
    this.#options = options;
    this.#fetch = providerFetch(options.ca);
  }

  /** Where to send a browser, which is to come back to `redirect`, and what it has to keep meanwhile. */
  async begin(redirect: string, nowMs: number): Promise<{ address: URL; begun: BegunSignIn }> {
    const [state, nonce, verifier] = [randomState(), randomNonce(), randomPKCECodeVerifier()];
    const parameters = {
      redirect_uri: redirect,
      scope: this.#options.scopes,
      state,
      nonce,
      code_challenge: await calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
    };
    const address = await this.#ask(async (configuration) => buildAuthorizationUrl(configuration, parameters));
    return { address, begun: { kind: 'oidc-begun', state, nonce, verifier, until: nowMs + SIGN_IN_MS } };
  }

  /** What the provider says of whoever came back to `answer`, having begun so. */
  async finish(answer: URL, { state, nonce, verifier }: BegunSignIn): Promise<ProvidedTokens> {
    const checks = { expectedState: state, expectedNonce: nonce, pkceCodeVerifier: verifier, idTokenExpected: true };
    return this.#ask(async (configuration) => tokensIn(await authorizationCodeGrant(configuration, answer, checks)));
  }

  /** What it says now; undefined where it says nothing of who it is, as it need not (OpenID Connect Core, 12.2). */
  async refresh(refreshToken: string): Promise<ProvidedTokens | undefined> {
    return this.#ask(async (configuration) => {
      const answer = await refreshTokenGrant(configuration, refreshToken);
      return answer.id_token === undefined ? undefined : tokensIn(answer);
    });
  }

  async #ask<T>(request: (configuration: Configuration) => Promise<T>): Promise<T> {
    try {
      return await request(await this.#configuration());
    } catch (error) {
      throw providerProblem(error, this.#options.issuer);
    }
  }

  async #configuration(): Promise<Configuration> {
    const before = this.#known;
    if (before !== undefined && performance.now() - before.since < KNOWN_MS) return before.configuration;
    const { issuer, clientId, clientSecret } = this.#options;
    const configuration = discovery(new URL(issuer), clientId, {}, authenticationBy(clientSecret), {
      [customFetch]: this.#fetch,
      timeout: ANSWER_TIMEOUT_MS / 1_000,
      execute: [enableNonRepudiationChecks],
    }).then((found) => sameIssuer(found, issuer));
    const known = { since: performance.now(), configuration };
    this.#known = known;
    // The next one asks again.
    configuration.catch(() => {
      if (this.#known === known) this.#known = undefined;
    });
    return configuration;
  }
}

/**
 * What was found out, where it is about this issuer. A provider of many tenants calls itself by a pattern, and says in each token whose tenant it
 * is: any of them could name any user. Throws HttpError.
 */
function sameIssuer(found: Configuration, issuer: string): Configuration {
  const named = found.serverMetadata().issuer;
  if (URL.parse(named)?.href === new URL(issuer).href) return found;
  const message = `the provider ${issuer} calls itself ${named}: a provider of many tenants is not taken`;
  throw new HttpError(502, 'ProviderAnswer', message, 'Give --oidc-issuer the issuer of one tenant.');
}

/** The secret goes where the provider takes it: into the header, unless it says that it takes it in the body only. */
function authenticationBy(secret: string | undefined): ClientAuth {
  if (secret === undefined) return None();
  const [basic, post] = [ClientSecretBasic(secret), ClientSecretPost(secret)];
  return (server, client, body, headers) => {
    const ways = server.token_endpoint_auth_methods_supported ?? ['client_secret_basic'];
    const isByPost = !ways.includes('client_secret_basic') && ways.includes('client_secret_post');
    return (isByPost ? post : basic)(server, client, body, headers);
  };
}

function tokensIn(answer: TokenEndpointResponse & TokenEndpointResponseHelpers): ProvidedTokens {
  const claims = answer.claims();
  if (answer.id_token === undefined || claims === undefined)
    throw new HttpError(401, 'Unauthorized', 'the provider has not said anew who you are', 'Sign in again.');
  return { idToken: answer.id_token, claims, refreshToken: answer.refresh_token };
}
