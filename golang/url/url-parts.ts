import { quote } from '../strconv/index.ts';

/** The parts of a URL as Go's net/url names them; path and fragment are unescaped, the query is not. */
export interface UrlParts {
  readonly scheme: string;
  readonly host: string;
  readonly hostname: string;
  readonly path: string;
  readonly query: string;
  readonly opaque: string;
  readonly fragment: string;
  readonly userinfo: string;
}

/** Splits a URL as Go's url.Parse does. Throws an `Error` in its words. */
export function parseUrl(text: string): UrlParts {
  const [beforeFragment, fragment] = cut(text, '#');
  const parts = inContext(beforeFragment, () => parseWithoutFragment(beforeFragment));
  return { ...parts, fragment: inContext(text, () => unescape(fragment)) };
}

function inContext<T>(url: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw new Error(`parse ${quote(url)}: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
}

function parseWithoutFragment(beforeFragment: string): UrlParts {
  const { scheme, rest } = splitScheme(beforeFragment);
  if (/[^\P{Cc}\x80-\x9f]/u.test(beforeFragment)) throw new Error('net/url: invalid control character in URL');
  const [body, query] = cut(rest, '?');
  const empty = {
    scheme,
    query,
    fragment: '',
    opaque: '',
    host: '',
    hostname: '',
    userinfo: '',
    path: '',
  };
  if (scheme !== '' && !body.startsWith('/')) return { ...empty, opaque: body };
  if (body.startsWith('//') && !(scheme === '' && body.startsWith('///'))) return { ...empty, ...hierarchyOf(body) };
  if (/^[^/]*:/.test(body)) throw new Error('first path segment in URL cannot contain colon');
  return { ...empty, path: unescape(body) };
}

/** The authority and the path after two slashes. */
function hierarchyOf(body: string): Pick<UrlParts, 'host' | 'hostname' | 'userinfo' | 'path'> {
  const slash = body.indexOf('/', 2);
  const authority = slash < 0 ? body.slice(2) : body.slice(2, slash);
  return { ...authorityParts(authority), path: slash < 0 ? '' : unescape(body.slice(slash)) };
}

function cut(text: string, separator: string): [string, string] {
  const at = text.indexOf(separator);
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)];
}

function splitScheme(text: string): { readonly scheme: string; readonly rest: string } {
  const match = /^([a-zA-Z][a-zA-Z0-9+.-]*):/.exec(text);
  if (match !== null) return { scheme: (match[1] ?? '').toLowerCase(), rest: text.slice(match[0].length) };
  if (text.startsWith(':')) throw new Error('missing protocol scheme');
  return { scheme: '', rest: text };
}

function authorityParts(authority: string): Pick<UrlParts, 'host' | 'hostname' | 'userinfo'> {
  const at = authority.lastIndexOf('@');
  const host = unescapeHost(checkedHost(authority.slice(at + 1)));
  const hostname = host.replace(/:\d*$/, '').replace(/^\[(.*)\]$/, '$1');
  if (at < 0) return { host, hostname, userinfo: '' };
  const userinfo = authority.slice(0, at);
  if (/[^A-Za-z0-9\-._:~!$&'()*+,;=%@]/.test(userinfo)) throw new Error('net/url: invalid userinfo');
  const [user, password] = cut(userinfo, ':');
  const shown = escape(unescape(user), USER_SAFE);
  return {
    host,
    hostname,
    userinfo: userinfo.includes(':') ? `${shown}:${escape(unescape(password), USER_SAFE)}` : shown,
  };
}

function checkedHost(host: string): string {
  const port = host.startsWith('[') ? host.slice(host.lastIndexOf(']') + 1) : (/:.*$/.exec(host)?.[0] ?? '');
  if (host.startsWith('[') && !host.includes(']')) throw new Error("missing ']' in host");
  if (!/^(?::\d*)?$/.test(port)) throw new Error(`invalid port ${JSON.stringify(port)} after host`);
  const invalid = /[ "<>^`{|}\\]/.exec(host);
  if (invalid !== null) throw new Error(`invalid character ${JSON.stringify(invalid[0])} in host name`);
  return host;
}

/** Hosts may escape a percent sign and what is not ASCII only. */
function unescapeHost(host: string): string {
  const wrong = /%(?!25)[0-7][0-9a-fA-F]/.exec(host);
  if (wrong !== null) throw new Error(`invalid URL escape ${JSON.stringify(wrong[0])}`);
  return unescape(host);
}

function unescape(text: string): string {
  if (!text.includes('%')) return text;
  const bad = /%(?![0-9a-fA-F]{2}).{0,2}/s.exec(text);
  if (bad !== null) throw new Error(`invalid URL escape ${JSON.stringify(bad[0])}`);
  const bytes = Buffer.from(text, 'utf8').toString('latin1');
  const decoded = bytes.replace(/%([0-9a-fA-F]{2})/g, (_all, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
  return Buffer.from(decoded, 'latin1').toString('utf8');
}

const USER_SAFE = /[A-Za-z0-9\-_.~$&+,;=]/;
const PATH_SAFE = /[A-Za-z0-9\-_.~$&+,/:;=@!'()*]/;
const FRAGMENT_SAFE = /[A-Za-z0-9\-_.~$&+,/:;=@?!()*]/;
const HOST_SAFE = /[A-Za-z0-9\-_.~!$&'()*+,;=:[\]<>"]/;

function escape(text: string, safe: RegExp): string {
  let escaped = '';
  for (const char of Buffer.from(text, 'utf8').toString('latin1')) {
    escaped += safe.test(char) ? char : `%${char.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`;
  }
  return escaped;
}

/** Puts a URL together as Go's URL.String does; `userinfo` is taken as it stands. */
export function unparseUrl(parts: Omit<UrlParts, 'hostname'>): string {
  const scheme = parts.scheme === '' ? '' : `${parts.scheme}:`;
  const query = parts.query === '' ? '' : `?${parts.query}`;
  const fragment = parts.fragment === '' ? '' : `#${escape(parts.fragment, FRAGMENT_SAFE)}`;
  return `${scheme}${parts.opaque === '' ? hierarchical(parts) : parts.opaque}${query}${fragment}`;
}

function hierarchical({ scheme, host, path, userinfo }: Omit<UrlParts, 'hostname'>): string {
  const escaped = escape(path, PATH_SAFE);
  const user = userinfo === '' ? '' : `${userinfo}@`;
  if (host + userinfo === '' && (scheme === '' || path === '')) {
    return scheme === '' && /^[^/]*:/.test(escaped) ? `./${escaped}` : escaped;
  }
  const separator = host !== '' && /^[^/]/.test(escaped) ? '/' : '';
  return `//${user}${escape(host, HOST_SAFE)}${separator}${escaped}`;
}
