import type { ServerResponse } from 'node:http';
import { ClientError, printableLines, type ClientErrorCode } from '../../../client/messages/index.ts';
import { isKubeError, type KubeError, type KubeErrorCode } from '../../../kube/index.ts';
import { withoutUndefined } from '../../../resources/index.ts';
import type { ErrorAnswer, ErrorFacts } from '../../api/index.ts';

/** An error whose status and words are the dashboard's own. */
export class HttpError extends Error {
  override readonly name = 'HttpError';
  readonly status: number;
  readonly code: string;
  readonly next: string | undefined;

  constructor(status: number, code: string, message: string, next?: string) {
    super(message);
    this.status = status;
    this.code = code;
    this.next = next;
  }
}

/** What is answered where a path is served, but not for this method. */
export function methodNotAllowed(method: string): HttpError {
  return new HttpError(405, 'MethodNotAllowed', `${method} is not allowed here`);
}

/** Answers with JSON. */
export function answerJson(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store' });
  endWith(response, JSON.stringify(body));
}

/** Leads the browser elsewhere. */
export function answerRedirect(response: ServerResponse, location: string): void {
  response.writeHead(303, { location, 'cache-control': 'no-store' }).end();
}

const MAX_READ_MS = 120_000;

/** Sends all that there is to send, in one piece; who has not read it by then is disconnected, as it takes memory until it is read. */
export function endWith(response: ServerResponse, body: string | Buffer | undefined, readMs = MAX_READ_MS): void {
  if (response.destroyed) return;
  const cut = setTimeout(() => response.destroy(), readMs);
  response.once('close', () => clearTimeout(cut));
  response.end(body);
}

/** What is asked for may be in the message, and that may be long. */
const MAX_MESSAGE = 4_000;

/** How an error is told: as the API server tells it, and no more of what nobody expected than that it happened. */
export function errorAnswerOf(error: unknown): { status: number; body: ErrorAnswer } {
  const { status, ...facts } = factsOf(error);
  return { status, body: { error: { ...facts, message: printableLines(facts.message.slice(0, MAX_MESSAGE)) } } };
}

/** Whether it is a defect of this program, of which its log has to tell more than the viewer. */
export function isDefect(error: unknown): boolean {
  return factsOf(error).status === 500;
}

const OF_CLIENT: Readonly<Record<ClientErrorCode, number>> = {
  Usage: 400,
  NotFound: 404,
  NotReady: 409,
  Unreadable: 422,
  Unwritable: 500,
  HelperFailed: 502,
};

const OF_CLUSTER: Partial<Record<KubeErrorCode, number>> = {
  NotFound: 404,
  NotServed: 404,
  AlreadyExists: 409,
  Conflict: 409,
  Forbidden: 403,
  Denied: 422,
  Unauthorized: 401,
  Invalid: 422,
  BadRequest: 400,
  TooManyRequests: 429,
  TimedOut: 504,
  TooLarge: 413,
};

function factsOf(error: unknown): ErrorFacts & { status: number } {
  if (error instanceof HttpError) return { status: error.status, ...errorFactsOf(error) };
  if (error instanceof ClientError) return { status: statusOf(error), ...errorFactsOf(error) };
  if (isKubeError(error))
    return {
      status: OF_CLUSTER[error.code] ?? 503,
      ...errorFactsOf({ code: error.code, message: error.message, next: nextOf(error) }),
    };
  return ofLibraries(error) ?? { status: 500, code: 'InternalError', message: 'something went wrong in the dashboard' };
}

/** What is unreadable for want of a right is forbidden. */
function statusOf({ code, cause }: ClientError): number {
  return isKubeError(cause, 'Forbidden') ? 403 : OF_CLIENT[code];
}

/** Errors about charts and registries, by what they have in common with all of the project's. */
function ofLibraries(error: unknown): (ErrorFacts & { status: number }) | undefined {
  if (!(error instanceof Error) || !('transient' in error)) return undefined;
  const code = 'code' in error && typeof error.code === 'string' ? error.code : error.name;
  return { status: error.name === 'RegistryError' ? 502 : 422, code, message: error.message };
}

function errorFactsOf({ code, message, next }: Pick<HttpError, keyof ErrorFacts>): ErrorFacts {
  return withoutUndefined({ code, message, next });
}

function nextOf({ denied }: KubeError): string | undefined {
  if (denied === undefined) return undefined;
  const { verb, resource, namespace } = denied;
  const where = namespace === undefined ? '' : ` -n ${namespace}`;
  return `Ask whoever grants rights in the cluster; kubectl auth can-i ${verb} ${resource}${where} checks this one.`;
}
