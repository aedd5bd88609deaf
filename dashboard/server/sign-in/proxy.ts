import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { HttpError } from '../http/answers.ts';

/** What a proxy in front that has authenticated a viewer sends. */
export interface ProxyOptions {
  /** What only the proxy and this server know; it sends it as `secretHeader`. */
  readonly secret: string;
  readonly secretHeader: string;
  readonly userHeader: string;
  /** Its values are separated by commas. */
  readonly groupsHeader: string;
}

/** A user that a proxy vouches for. */
export interface VouchedUser {
  readonly user: string;
  readonly groups: readonly string[];
}

/**
 * The user that the proxy names. Throws HttpError Unauthorized where the request does not come from the proxy, or it names nobody; Forbidden for
 * the cluster's own users and groups, such as `system:masters`, whom no provider of identities may name.
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
  if ([user, ...named].some((name) => name.startsWith('system:')))
    throw new HttpError(403, 'Forbidden', "a proxy may not name the cluster's own users and groups");
  return { user, groups: named };
}

function textOf(headers: IncomingHttpHeaders, name: string): string {
  const value = headers[name.toLowerCase()];
  return Array.isArray(value) ? value.join(',') : (value ?? '');
}

/** In the same time for every wrong one. */
function isSame(given: string, secret: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(given), digest(secret));
}
