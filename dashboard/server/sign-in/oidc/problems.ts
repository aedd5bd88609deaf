import { AuthorizationResponseError, ClientError, ResponseBodyError } from 'openid-client';
import { HttpError } from '../../http/answers.ts';

/** A text of the provider's is told no longer than this. */
const MAX_CHARS = 300;

/** How the failure of a request to the provider `issuer`, or of what it sent the browser back with, is told; other errors stay as they are. */
export function providerProblem(error: unknown, issuer: string): unknown {
  if (error instanceof AuthorizationResponseError) return refusal(error);
  if (error instanceof ResponseBodyError) return tokenRefusal(error);
  if (!(error instanceof ClientError || isUnusable(error))) return error;
  if (error.code === 'OAUTH_TIMEOUT') return unreachable(issuer, 'it does not answer in time');
  const why = socketErrorIn(error);
  if (why !== undefined) return unreachable(issuer, why);
  const message = `the answer of the provider ${issuer} cannot be used: ${shortened(error.message)}`;
  return new HttpError(
    502,
    'ProviderAnswer',
    message,
    'Whoever runs the dashboard has to look at --oidc-issuer and at the provider.',
  );
}

/** What the library below openid-client throws, and does not wrap, where the provider has no address to sign in at. */
function isUnusable(error: unknown): error is Error & { code?: unknown } {
  return error instanceof Error && error.name === 'OperationProcessingError';
}

function refusal({ error, error_description: description }: AuthorizationResponseError): HttpError {
  const why = description === undefined ? error : `${error}, ${description}`;
  return new HttpError(403, 'SignInRefused', `the provider does not let you in: ${shortened(why)}`);
}

function tokenRefusal({ error, error_description: description }: ResponseBodyError): HttpError {
  const why = shortened(description === undefined ? error : `${error}, ${description}`);
  if (error === 'invalid_grant')
    return new HttpError(
      401,
      'Unauthorized',
      `the provider does not take this sign-in any more: ${why}`,
      'Sign in again.',
    );
  return refusedClient(why);
}

function refusedClient(why: string): HttpError {
  const next = 'Whoever runs the dashboard has to look at --oidc-client-id and the secret of the client.';
  return new HttpError(502, 'ProviderRefused', `the provider refuses the dashboard: ${why}`, next);
}

function unreachable(issuer: string, why: string): HttpError {
  return new HttpError(
    502,
    'ProviderUnreachable',
    `the provider ${issuer} cannot be reached: ${shortened(why)}`,
    'Try again later.',
  );
}

/** What a socket, a resolver or TLS said, where it was one of them that failed: their errors have such codes. */
function socketErrorIn(error: Error): string | undefined {
  let cause: unknown = error.cause;
  for (let depth = 0; depth < 4; depth += 1) {
    if (typeof cause !== 'object' || cause === null) return undefined;
    if ('code' in cause && 'message' in cause && OF_SOCKETS.test(String(cause.code)))
      return String(cause.message) || String(cause.code);
    cause = 'cause' in cause ? cause.cause : undefined;
  }
  return undefined;
}

const OF_SOCKETS = /^(E[A-Z_]+|UND_ERR_\w+|HPE_\w+|UNABLE_TO_\w+|\w*CERT\w*)$/;

function shortened(text: string): string {
  return text.length > MAX_CHARS ? `${text.slice(0, MAX_CHARS)}…` : text;
}
