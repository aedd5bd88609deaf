import type { IncomingMessage, ServerResponse } from 'node:http';
import { isKubeError, whoAmI } from '../../../kube/index.ts';
import type { SignInWays } from '../../api/index.ts';
import { answerJson, HttpError } from '../http/answers.ts';
import { jsonBodyOf } from '../http/body.ts';
import type { Route } from '../http/routes.ts';
import { clearedCookies, cookiesFor, type CookieOptions } from './cookies.ts';
import type { OneTimeCodes } from './codes.ts';
import type { IdentityOptions } from './identity.ts';
import type { Seal, Session } from './seal.ts';

/** Answers a request of somebody who is not signed in yet. */
export type OpenHandler = (asked: {
  readonly params: Readonly<Record<string, string>>;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
}) => Promise<void>;

/** What sessions are made with. */
export interface SignInServices {
  readonly identity: IdentityOptions;
  readonly seal: Seal;
  readonly cookie: CookieOptions;
  readonly codes: OneTimeCodes;
}

const SESSION_MS = 12 * 60 * 60_000;

/** What those may ask who are not signed in. */
export function openRoutes(services: SignInServices): Route<OpenHandler>[] {
  const { identity, codes, cookie } = services;
  return [
    {
      method: 'GET',
      pattern: '/api/sign-in',
      target: async ({ response }) => answerJson(response, 200, { ways: [identity.way] } satisfies SignInWays),
    },
    {
      method: 'POST',
      pattern: '/api/sign-in',
      target: async ({ request, response }) => {
        await signInByToken(services, await jsonBodyOf(request), response);
      },
    },
    {
      method: 'POST',
      pattern: '/api/sign-out',
      target: async ({ response }) => {
        response.setHeader('set-cookie', clearedCookies(cookie));
        response.writeHead(204).end();
      },
    },
    {
      method: 'GET',
      pattern: '/enter/:code',
      target: async ({ params, response }) => {
        const nowMs = Date.now();
        const isTheirs = identity.way === 'kubeconfig' && codes.redeem(params['code'] ?? '', nowMs);
        if (!isTheirs) throw new HttpError(401, 'Unauthorized', CODE_SPENT);
        keep(services, { kind: 'kubeconfig', until: nowMs + SESSION_MS }, response);
        response.writeHead(303, { location: '/', 'cache-control': 'no-store' }).end();
      },
    },
  ];
}

const CODE_SPENT = 'this address lets in once, within a minute: press Enter where the dashboard runs for another one';

/** Takes a token that the API server knows. Throws HttpError. */
async function signInByToken(services: SignInServices, body: unknown, response: ServerResponse): Promise<void> {
  const { identity } = services;
  if (identity.way !== 'token') throw new HttpError(404, 'NotFound', 'one does not sign in here by a token');
  const given = typeof body === 'object' && body !== null && 'token' in body ? body.token : undefined;
  const token = typeof given === 'string' ? given.trim() : '';
  await known(identity.client.asBearer(token));
  keep(services, { kind: 'token', token, until: Date.now() + SESSION_MS }, response);
  response.writeHead(204).end();
}

async function known(client: Parameters<typeof whoAmI>[0]): Promise<void> {
  try {
    await whoAmI(client);
  } catch (error) {
    if (!isKubeError(error, 'Unauthorized')) throw error;
    throw new HttpError(401, 'Unauthorized', 'the cluster does not take this token');
  }
}

function keep({ seal, cookie }: SignInServices, session: Session, response: ServerResponse): void {
  const cookies = cookiesFor(seal.seal(session), cookie);
  if (cookies === undefined) throw new HttpError(413, 'TooLarge', 'the token is too long to be kept in a browser');
  response.setHeader('set-cookie', cookies);
}
