import type { ServerResponse } from 'node:http';
import type { ErrorFacts } from '../../../api/index.ts';
import { answerRedirect, errorAnswerOf, HttpError, isDefect } from '../../http/answers.ts';
import type { Route } from '../../http/routes.ts';
import { cookiesOf, stepCookie, textOfStep, type StepCookie } from '../cookies.ts';
import { oidcClient, type IdentityOptions } from '../identity.ts';
import { requireKnown, type OpenHandler, type SignInServices } from '../services.ts';

/** Where the provider sends browsers back to. */
export const CALLBACK_PATH = '/api/sign-in/oidc/callback';

type ByProvider = Extract<IdentityOptions, { way: 'oidc' }>;

/** The provider's site sends the browser to what reads it. */
const BEGUN: StepCookie = { step: 'begun', sameSite: 'Lax' };
const FAILED: StepCookie = { step: 'failed', sameSite: 'Strict' };
const FAILURE_MS = 5 * 60_000;
const MAX_MESSAGE = 600;

/** The way to the provider and back. Whatever happens, the browser ends at the page, which says so; nothing in a request says where to. */
export function oidcRoutes(services: SignInServices, identity: ByProvider): Route<OpenHandler>[] {
  return [
    {
      method: 'GET',
      pattern: '/api/sign-in/oidc',
      target: async ({ response }) =>
        leavingFailure(services, response, async () => begin(services, identity, response)),
    },
    {
      method: 'GET',
      pattern: CALLBACK_PATH,
      target: async ({ request, response }) =>
        leavingFailure(services, response, async () => {
          const answer = new URL(CALLBACK_PATH, services.origin);
          answer.search = new URL(request.url ?? '/', services.origin).search;
          await finish(services, identity, { answer, cookies: request.headers.cookie, response });
        }),
    },
  ];
}

async function begin(services: SignInServices, identity: ByProvider, response: ServerResponse): Promise<void> {
  const redirect = new URL(CALLBACK_PATH, services.origin).href;
  const { address, begun } = await identity.oidc.begin(redirect, Date.now());
  response.setHeader('set-cookie', stepCookie(BEGUN, services.seal.seal(begun), services.cookie));
  answerRedirect(response, address.href);
}

async function finish(
  services: SignInServices,
  identity: ByProvider,
  { answer, cookies, response }: { answer: URL; cookies: string | undefined; response: ServerResponse },
): Promise<void> {
  const { seal, cookie } = services;
  const nowMs = Date.now();
  const kept = textOfStep(BEGUN, cookies, cookie);
  const begun = kept === undefined ? undefined : seal.open(kept, nowMs);
  if (begun?.kind !== 'oidc-begun') throw new HttpError(403, 'SignInRefused', NOT_BEGUN, 'Sign in again.');
  const session = await identity.oidc.finish(answer, begun, nowMs);
  await requireKnown(oidcClient(identity.client, session), UNKNOWN, UNKNOWN_NEXT);
  response.setHeader('set-cookie', [...cookiesOf(services, session), stepCookie(BEGUN, '', cookie)]);
  answerRedirect(response, '/');
}

const NOT_BEGUN = 'this browser has not begun to sign in, or took longer than ten minutes';
const UNKNOWN = 'the cluster does not take what the provider says of you';
const UNKNOWN_NEXT =
  'Its API server has to know the provider and the client of the dashboard; else the dashboard needs --oidc-identity=impersonate.';

/** Does a step; where it fails, the browser keeps why for the page and goes there. */
async function leavingFailure(
  services: SignInServices,
  response: ServerResponse,
  step: () => Promise<void>,
): Promise<void> {
  try {
    await step();
  } catch (error) {
    if (isDefect(error)) throw error;
    const facts = errorAnswerOf(error).body.error;
    const why = { ...facts, message: facts.message.slice(0, MAX_MESSAGE) };
    const failed = { kind: 'oidc-failed', why, until: Date.now() + FAILURE_MS } as const;
    const { seal, cookie } = services;
    response.setHeader('set-cookie', [stepCookie(FAILED, seal.seal(failed), cookie), stepCookie(BEGUN, '', cookie)]);
    answerRedirect(response, '/');
  }
}

/** Why the last attempt of the browser failed that sends these cookies. */
export function failureIn({ seal, cookie }: SignInServices, cookies: string | undefined): ErrorFacts | undefined {
  const kept = textOfStep(FAILED, cookies, cookie);
  const failed = kept === undefined ? undefined : seal.open(kept, Date.now());
  return failed?.kind === 'oidc-failed' ? failed.why : undefined;
}

/** The header by which a browser forgets it. */
export function endedFailure({ cookie }: SignInServices): string {
  return stepCookie(FAILED, '', cookie);
}
