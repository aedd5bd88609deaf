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

/** The headers `Set-Cookie` that keep a text for a session; undefined where it is too long. */
export function cookiesFor(text: string, { name, isSecure }: CookieOptions): string[] | undefined {
  if (text.length > PIECE_CHARS * MAX_PIECES) return undefined;
  const pieces = Array.from({ length: MAX_PIECES }, (_, index) =>
    text.slice(index * PIECE_CHARS, (index + 1) * PIECE_CHARS),
  );
  return pieces.map((piece, index) => cookie(`${name}-${index}`, piece, isSecure));
}

/** The headers that end it. */
export function clearedCookies({ name, isSecure }: CookieOptions): string[] {
  return Array.from({ length: MAX_PIECES }, (_, index) => cookie(`${name}-${index}`, '', isSecure));
}

function cookie(name: string, value: string, isSecure: boolean): string {
  const age = value === '' ? '; Max-Age=0' : '';
  return `${name}=${value}; Path=/; HttpOnly; SameSite=Strict${isSecure ? '; Secure' : ''}${age}`;
}

/** The text that the cookies of a request keep; undefined where there is none. */
export function textInCookies(header: string | undefined, { name }: CookieOptions): string | undefined {
  if (header === undefined) return undefined;
  const pairs = header.split(/;\s*/).map((pair): [string, string] => {
    const equals = pair.indexOf('=');
    return [pair.slice(0, equals), pair.slice(equals + 1)];
  });
  const values = new Map(pairs);
  let text = '';
  for (let index = 0; index < MAX_PIECES; index += 1) text += values.get(`${name}-${index}`) ?? '';
  return text === '' ? undefined : text;
}
