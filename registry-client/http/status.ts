import { RegistryError } from '../errors.ts';
import { isObject } from '../json-object.ts';
import { readBody } from './body.ts';
import { shown } from './failures.ts';
import { retryAfterMs } from './retry.ts';
import type { Session } from './session.ts';
import type { HttpRequest, HttpResponse } from './transport.ts';

const ERROR_BODY_BYTES = 16_384;

/** Returns the error for an answer with an unexpected status: what the registry's error code says, never its text. */
export async function statusFailure(session: Session, response: HttpResponse): Promise<RegistryError> {
  const { status, url } = response;
  const codes = await errorCodesOf(response);
  const reason = `${shown(url)} answered ${[status, ...codes].join(' ')}`;
  if (status === 401 || status === 403) {
    const nextStep = session.authenticator.usedCredentials()
      ? 'the credentials were refused: check them and what they are allowed to do'
      : 'no credentials were sent: give some for this registry if the chart is private';
    return new RegistryError({ code: 'Unauthorized', status, reason, nextStep });
  }
  if (status === 413) return new RegistryError({ code: 'TooLarge', status, reason });
  if (status === 404) return new RegistryError({ code: 'NotFound', status, reason });
  if (status === 429 || status === 408 || status >= 500) {
    const asked = retryAfterMs(response.header('retry-after'));
    return new RegistryError({ code: 'Unavailable', transient: true, status, reason, retryAfterMs: asked });
  }
  return new RegistryError({ code: 'InvalidResponse', status, reason });
}

/** Sends a request and returns the answer if its status is 200; throws what the status means otherwise. */
export async function expectOk(session: Session, request: HttpRequest): Promise<HttpResponse> {
  const response = await session.send(request);
  if (response.status !== 200) throw await statusFailure(session, response);
  return response;
}

/** The codes of the OCI distribution specification's error body, such as `MANIFEST_UNKNOWN`. */
async function errorCodesOf(response: HttpResponse): Promise<string[]> {
  try {
    const body: unknown = JSON.parse((await readBody(response, ERROR_BODY_BYTES)).toString('utf8'));
    const errors = isObject(body) && Array.isArray(body['errors']) ? body['errors'] : [];
    const codes = errors.map((entry: unknown) => (isObject(entry) ? entry['code'] : undefined));
    return codes
      .filter((code) => typeof code === 'string')
      .filter((code) => /^[A-Z_]{1,40}$/.test(code))
      .slice(0, 3);
  } catch {
    // The status alone says enough; an error page or a cut body adds nothing.
    return [];
  }
}
