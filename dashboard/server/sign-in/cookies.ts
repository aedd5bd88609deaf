import { HttpError } from '../http/answers.ts';
import type { Seal, Session } from './seal.ts';

/** A browser keeps 4 KiB in a cookie; a token may be longer. */
const PIECE_CHARS = 3_500;
const MAX_PIECES = 4;

/** How the cookies of sessions are called and sent. */
export interface CookieOptions {
  /** Of its own for each address: browsers give cookies to all ports of a host. */
  readonly name: string;
  /** Whether the page is served by TLS only. */
  readonly isSecure: boolean;
}

/** Where TLS serves the page, no other host of the domain can set a cookie of that name. */
export function cookieFor({ port, protocol }: Pick<URL, 'port' | 'protocol'>): CookieOptions {
  const isSecure = protocol === 'https:';
  return { name: `${isSecure ? '__Host-' : ''}coxswain-${port || 'dashboard'}`, isSecure };
}

/** The headers `Set-Cookie` that keep a text for a session; undefined where it is too long. */
export function cookiesFor(text: string, { name, isSecure }: CookieOptions): string[] | undefined {
  if (text.length > PIECE_CHARS * MAX_PIECES) return undefined;
  const pieces = Array.from({ length: MAX_PIECES }, (_, index) =>
    text.slice(index * PIECE_CHARS, (index + 1) * PIECE_CHARS),
  );
  return pieces.map((piece, index) => cookie(`${name}-${index}`, piece, { isSecure, sameSite: 'Strict' }));
}

/** How sessions are kept in browsers. */
export interface SessionKeeping {
  readonly seal: Seal;
  readonly cookie: CookieOptions;
}

/** The headers that keep a session in a browser. Throws HttpError TooLarge where it does not fit. */
export function cookiesOf({ seal, cookie }: SessionKeeping, session: Session): string[] {
  const cookies = cookiesFor(seal.seal(session), cookie);
  if (cookies === undefined) throw new HttpError(413, 'TooLarge', TOO_LARGE);
  return cookies;
}

const TOO_LARGE = 'what says who you are is too long to be kept in a browser: it may name too many groups';

/** The headers that end it. */
export function clearedCookies({ name, isSecure }: CookieOptions): string[] {
  return Array.from({ length: MAX_PIECES }, (_, index) =>
    cookie(`${name}-${index}`, '', { isSecure, sameSite: 'Strict' }),
  );
}

/** A cookie beside those of the session: for one step of a sign-in. */
export interface StepCookie {
  readonly step: 'begun' | 'failed';
  /** Lax where another site sends the browser to what reads it. */
  readonly sameSite: 'Strict' | 'Lax';
}

/** The header that keeps a text for a step; an empty text ends it. */
export function stepCookie({ step, sameSite }: StepCookie, text: string, options: CookieOptions): string {
  return cookie(stepName(step, options), text, { isSecure: options.isSecure, sameSite });
}

/** The text that is kept for a step. */
export function textOfStep({ step }: StepCookie, header: string | undefined, options: CookieOptions) {
  return valuesIn(header).get(stepName(step, options)) || undefined;
}

function stepName(step: StepCookie['step'], { name }: CookieOptions): string {
  return `${name}-${step}`;
}

function cookie(
  name: string,
  value: string,
  { isSecure, sameSite }: { isSecure: boolean; sameSite: StepCookie['sameSite'] },
): string {
  const age = value === '' ? '; Max-Age=0' : '';
  return `${name}=${value}; Path=/; HttpOnly; SameSite=${sameSite}${isSecure ? '; Secure' : ''}${age}`;
}

/** The text that the cookies of a request keep; undefined where there is none. */
export function textInCookies(header: string | undefined, { name }: CookieOptions): string | undefined {
  const values = valuesIn(header);
  let text = '';
  for (let index = 0; index < MAX_PIECES; index += 1) text += values.get(`${name}-${index}`) ?? '';
  return text === '' ? undefined : text;
}

function valuesIn(header = ''): ReadonlyMap<string, string> {
  const pairs = header.split(/;\s*/).map((pair): [string, string] => {
    const equals = pair.indexOf('=');
    return [pair.slice(0, equals), pair.slice(equals + 1)];
  });
  return new Map(pairs);
}
