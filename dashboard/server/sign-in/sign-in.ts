import type { IncomingMessage, ServerResponse } from 'node:http';
import type { SignInWays } from '../../api/index.ts';
import { answerJson, answerRedirect, HttpError } from '../http/answers.ts';
import { jsonBodyOf } from '../http/body.ts';
import type { Route } from '../http/routes.ts';
import { clearedCookies, cookiesOf } from './cookies.ts';
import { endedFailure, failureIn, oidcRoutes } from './oidc/routes.ts';
import { requireKnown, type OpenHandler, type SignInServices } from './services.ts';

const SESSION_MS = 12 * 60 * 60_000;

/** What those may ask who are not signed in. */
export function openRoutes(services: SignInServices): Route<OpenHandler>[] {
  const { identity, cookie } = services;
  return [
    {
      method: 'GET',
      pattern: '/api/sign-in',
      target: async ({ request, response }) => answerWays(services, request, response),
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
      target: async ({ params, response }) => enter(services, params['code'] ?? '', response),
    },
    ...(identity.way === 'oidc' ? oidcRoutes(services, identity) : []),
  ];
}

function answerWays(services: SignInServices, request: IncomingMessage, response: ServerResponse): void {
  const failure = failureIn(services, request.headers.cookie);
  if (failure !== undefined) response.setHeader('set-cookie', endedFailure(services));
  const ways = [services.identity.way];
  answerJson(response, 200, { ways, ...(failure !== undefined && { failure }) } satisfies SignInWays);
}

const CODE_SPENT = 'this address works once, within a minute: press Enter where the dashboard runs to get another one';

/** Lets in the user of the kubeconfig, by a code. Throws HttpError Unauthorized. */
function enter(services: SignInServices, code: string, response: ServerResponse): void {
  const { identity, codes } = services;
  const nowMs = Date.now();
  const isTheirs = identity.way === 'kubeconfig' && codes.redeem(code, nowMs);
  if (!isTheirs) throw new HttpError(401, 'Unauthorized', CODE_SPENT);
  response.setHeader('set-cookie', cookiesOf(services, { kind: 'kubeconfig', until: nowMs + SESSION_MS }));
  answerRedirect(response, '/');
}

/** Takes a token that the API server knows. Throws HttpError. */
async function signInByToken(services: SignInServices, body: unknown, response: ServerResponse): Promise<void> {
  const { identity } = services;
  if (identity.way !== 'token')
    throw new HttpError(404, 'NotFound', 'this dashboard does not accept tokens for sign-in');
  const given = typeof body === 'object' && body !== null && 'token' in body ? body.token : undefined;
  const token = typeof given === 'string' ? given.trim() : '';
  const { username: user } = await requireKnown(
    identity.client.asBearer(token),
    'the cluster does not accept this token',
  );
  const session = { kind: 'token', token, user, until: Date.now() + SESSION_MS } as const;
  response.setHeader('set-cookie', cookiesOf(services, session));
  response.writeHead(204).end();
}
