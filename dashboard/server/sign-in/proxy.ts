import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { HttpError } from '../http/answers.ts';
import { vouchedUser, type VouchedUser } from './vouched.ts';

/** What a proxy in front that has authenticated a viewer sends. */
export interface ProxyOptions {
  /** What only the proxy and this server know; it sends it as `secretHeader`. */
  readonly secret: string;
  readonly secretHeader: string;
  readonly userHeader: string;
  /** Its values are separated by commas. */
  readonly groupsHeader: string;
}

/**
 * The user that the proxy names. Throws HttpError Unauthorized where the request does not come from the proxy, or it names nobody; Forbidden for
 * whom it may not name.
 */
export function userFromProxy(headers: IncomingHttpHeaders, options: ProxyOptions): VouchedUser {
  const { secret, secretHeader, userHeader, groupsHeader } = options;
  if (!isSame(textOf(headers, secretHeader), secret))
    throw new HttpError(401, 'Unauthorized', 'the request does not come from the proxy that signs in');
  const user = textOf(headers, userHeader).trim();
  const groups = textOf(headers, groupsHeader)
    .split(',')
    .map((group) => group.trim());
  if (user === '') throw new HttpError(401, 'Unauthorized', 'the proxy names no user');
  const named = groups.filter((group) => group !== '');
  return vouchedUser({ user, groups: named }, 'a proxy');
}

function textOf(headers: IncomingHttpHeaders, name: string): string {
  const value = headers[name.toLowerCase()];
  const bytes = Array.isArray(value) ? value.join(',') : (value ?? '');
  // Node reads a header byte by byte, and proxies write names as UTF-8.
  return Buffer.from(bytes, 'latin1').toString('utf8');
}

/** In the same time for every wrong one. */
function isSame(given: string, secret: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(given), digest(secret));
}
