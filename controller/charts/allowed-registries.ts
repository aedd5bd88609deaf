import type { ChartPlace } from '../../registry-client/index.ts';

/** What an administrator lets charts come from. */
export interface AllowedRegistries {
  /** Whether a host may be contacted at all: as a registry, as its token server, or as the target of a redirect. */
  allowsHost: (host: string, port: number) => boolean;
  /** Whether a Release may name charts at that place. */
  allowsPlace: (place: ChartPlace) => boolean;
}

interface Pattern {
  /** As it was written, in lower case; `*.` before it stands for one or more labels. */
  readonly host: string;
  readonly port: number | undefined;
  readonly path: string;
}

const HTTPS_PORT = 443;
/** For a pattern without a port; whether HTTP may be spoken without TLS is decided elsewhere. */
const DEFAULT_PORTS = [HTTPS_PORT, 80];
const SYNTAX = /^((?:\*\.)?[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?|\[[0-9a-f:.]+\])(?::(\d{1,5}))?((?:\/[\w.~-]+)*)\/?$/i;

/**
 * Reads patterns such as `registry.example.com`, `registry.example.com:5000`, `*.example.com` and `ghcr.io/acme`; without any, everything
 * is allowed. A pattern without a port means the ports of HTTP and HTTPS. Throws an Error that names what is not a pattern.
 */
export function allowedRegistries(patterns: readonly string[]): AllowedRegistries {
  const parsed = patterns.map(parsePattern);
  const allows = (host: string, port: number, fits: (pattern: Pattern) => boolean): boolean =>
    parsed.length === 0 || parsed.some((pattern) => hostFits(pattern, host, port) && fits(pattern));
  return {
    allowsHost: (host, port) => allows(host, port, () => true),
    allowsPlace: ({ host, path }) => {
      const { hostname, port } = new URL(`https://${host}`);
      return allows(hostname, port === '' ? HTTPS_PORT : Number(port), (pattern) => pathFits(pattern, path));
    },
  };
}

function parsePattern(text: string): Pattern {
  const [, host, port, path = ''] = SYNTAX.exec(text) ?? [];
  if (host === undefined) throw new Error(`${JSON.stringify(text)} is not a host, host:port, *.domain or host/path`);
  return { host: bareHost(host), port: port === undefined ? undefined : Number(port), path: path.slice(1) };
}

function hostFits(pattern: Pattern, host: string, port: number): boolean {
  if (!(pattern.port === undefined ? DEFAULT_PORTS : [pattern.port]).includes(port)) return false;
  const bare = bareHost(host);
  return pattern.host.startsWith('*.') ? bare.endsWith(pattern.host.slice(1)) : bare === pattern.host;
}

function bareHost(host: string): string {
  return host.replace(/^\[|\]$|\.$/g, '').toLowerCase();
}

function pathFits({ path }: Pattern, asked: string): boolean {
  return path === '' || asked === path || asked.startsWith(`${path}/`);
}
