import { createHash, timingSafeEqual } from 'node:crypto';
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

/** The headers of a request by their names in small letters, each as often as it came. */
export type DistinctHeaders = Readonly<Record<string, readonly string[] | undefined>>;

/**
 * The user that the proxy names. Throws HttpError Unauthorized where the request does not come from the proxy, or it names nobody; Forbidden for
 * whom it may not name.
 */
export function userFromProxy(headers: DistinctHeaders, options: ProxyOptions): VouchedUser {
  const { secret, secretHeader, userHeader, groupsHeader } = options;
  if (!isSame(onlyOne(headers, secretHeader), secret))
    throw new HttpError(401, 'Unauthorized', 'the request does not come from the proxy that signs in');
  const user = onlyOne(headers, userHeader).trim();
  const groups = textsOf(headers, groupsHeader)
    .flatMap((text) => text.split(','))
    .map((group) => group.trim());
  if (user === '') throw new HttpError(401, 'Unauthorized', 'the proxy names no user');
  const named = groups.filter((group) => group !== '');
  return vouchedUser({ user, groups: named }, 'a proxy');
}

/** One that the browser sent stands before the one of a proxy that only adds its own: then nobody knows which is whose. */
function onlyOne(headers: DistinctHeaders, name: string): string {
  const [text = '', ...more] = textsOf(headers, name);
  if (more.length > 0) throw new HttpError(401, 'Unauthorized', `the header ${name} came more than once`);
  return text;
}

/** Node reads a header byte by byte, and proxies write names as UTF-8. */
function textsOf(headers: DistinctHeaders, name: string): string[] {
  return (headers[name.toLowerCase()] ?? []).map((bytes) => Buffer.from(bytes, 'latin1').toString('utf8'));
}

/** In the same time for every wrong one. */
function isSame(given: string, secret: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(given), digest(secret));
}
