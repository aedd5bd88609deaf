import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';

/** What a request's headers prove; a signature proves nothing before the body is there. */
export type Proof = 'valid' | 'invalid' | 'signature';

/** Shorter ones could be guessed. */
export const MIN_SECRET_CHARS = 16;

const SIGNATURE = 'x-hub-signature-256';

/** The secrets in a file: one a line, so that a new one can be introduced beside the old; too short ones do not count. */
export function secretsIn(text: string): string[] {
  const lines = text.split('\n').map((line) => line.trim());
  return lines.filter((line) => line.length >= MIN_SECRET_CHARS);
}

/**
 * Whether headers hold one of the secrets: as `Authorization`, either bare, as `Bearer`, or as the password of `Basic`. A request with
 * GitHub's signature is judged by that alone.
 */
export function proofOf(headers: IncomingHttpHeaders, secrets: readonly string[]): Proof {
  if (headers[SIGNATURE] !== undefined) return 'signature';
  const presented = presentedBy(headers.authorization ?? '');
  return isOneOf(presented, secrets) ? 'valid' : 'invalid';
}

/** Whether the body was signed with one of the secrets, by HMAC-SHA-256 as GitHub does. */
export function isSigned(headers: IncomingHttpHeaders, body: Uint8Array, secrets: readonly string[]): boolean {
  const signature = String(headers[SIGNATURE] ?? '');
  const expected = secrets.map((secret) => `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`);
  return isOneOf(signature, expected);
}

function presentedBy(authorization: string): string {
  const [, scheme = '', value = ''] = /^(Bearer|Basic) +(.+)$/i.exec(authorization) ?? [];
  if (scheme.toLowerCase() === 'bearer') return value;
  if (scheme.toLowerCase() !== 'basic') return authorization;
  const login = Buffer.from(value, 'base64').toString('utf8');
  return login.slice(login.indexOf(':') + 1);
}

/** Takes the same time whatever is presented, and however much of it is right. */
function isOneOf(presented: string, allowed: readonly string[]): boolean {
  const digest = sha256(presented);
  return allowed.map((each) => timingSafeEqual(sha256(each), digest)).includes(true);
}

function sha256(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
