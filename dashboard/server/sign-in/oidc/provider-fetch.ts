import type { CustomFetch } from 'openid-client';
import { Agent, request } from 'undici';

/** How long a provider may take to answer. */
export const ANSWER_TIMEOUT_MS = 10_000;
const CONNECT_TIMEOUT_MS = 5_000;
const MAX_ANSWER_BYTES = 1024 * 1024;
/** How many requests are made at a time; others wait. */
const CONNECTIONS = 16;

/** Requests to a provider, whose certificate is checked by `ca`, in PEM, or else by what the system trusts; bounded in time and size. */
export function providerFetch(ca: string | undefined): CustomFetch {
  const dispatcher = new Agent({
    connect: { timeout: CONNECT_TIMEOUT_MS, ...(ca !== undefined && { ca }) },
    connections: CONNECTIONS,
    headersTimeout: ANSWER_TIMEOUT_MS,
    bodyTimeout: ANSWER_TIMEOUT_MS,
    maxResponseSize: MAX_ANSWER_BYTES,
  });
  return async (url, { method, headers, body, signal }) => {
    const answer = await request(url, {
      dispatcher,
      method: method === 'POST' ? 'POST' : 'GET',
      headers,
      // What openid-client sends is a form.
      body: body instanceof URLSearchParams ? body.toString() : null,
      ...(signal !== undefined && { signal }),
    });
    const text = await answer.body.text();
    const type = String(answer.headers['content-type'] ?? '');
    return new Response(text === '' ? null : text, { status: answer.statusCode, headers: { 'content-type': type } });
  };
}
