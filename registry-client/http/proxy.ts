import { BlockList, isIP } from 'node:net';

import { RegistryError } from '../errors.ts';

/** Through which proxies registries are reached; none if nothing is set. Each is `http://[user:password@]host[:port]`, or https. */
export interface ProxySettings {
  /** For https:// and so for nearly all registries. */
  https?: string | undefined;
  /** For those that are reached without TLS. */
  http?: string | undefined;
  /** What is reached without one, separated by commas: hosts with what is below them, `.domains`, addresses, CIDRs, `*`; any with a port. */
  except?: string | undefined;
}

/** The settings that HTTPS_PROXY, HTTP_PROXY and NO_PROXY hold, or the same in lower case, as programs in Go read them. */
export function proxySettingsIn(environment: Readonly<Record<string, string | undefined>>): ProxySettings {
  const valueOf = (name: string): string | undefined =>
    environment[name] || environment[name.toLowerCase()] || undefined;
  return { https: valueOf('HTTPS_PROXY'), http: valueOf('HTTP_PROXY'), except: valueOf('NO_PROXY') };
}

/**
 * Returns the proxy by which a URL is reached; undefined if by none, such as this machine. Throws `InvalidReference` for what is not a
 * proxy.
 */
export function proxyRules(settings: ProxySettings = {}): (url: URL) => URL | undefined {
  const proxies: Readonly<Record<string, URL | undefined>> = {
    'https:': proxyOf(settings.https),
    'http:': proxyOf(settings.http),
  };
  const exceptions = (settings.except ?? '').split(',').flatMap((text) => exceptionOf(text.trim().toLowerCase()));
  return (url) => {
    const proxy = proxies[url.protocol];
    if (proxy === undefined) return undefined;
    const place = { host: url.hostname.replace(/^\[|\]$/g, '').replace(/\.$/, ''), port: portOf(url) };
    return isThisMachine(place) || exceptions.some((covers) => covers(place)) ? undefined : proxy;
  };
}

interface Place {
  readonly host: string;
  readonly port: string;
}
type Exception = (place: Place) => boolean;

function proxyOf(text: string | undefined): URL | undefined {
  if (text === undefined) return undefined;
  const whole = /^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `http://${text}`;
  if (URL.canParse(whole) && /^https?:/i.test(whole)) return new URL(whole);
  // Not the text, which may hold a password.
  throw new RegistryError({
    code: 'InvalidReference',
    reason: 'the proxy for registries is not a URL such as http://proxy.example.com:3128',
  });
}

function portOf({ port, protocol }: URL): string {
  return port === '' ? ({ 'https:': '443', 'http:': '80' }[protocol] ?? '') : port;
}

function exceptionOf(text: string): Exception[] {
  if (text === '') return [];
  if (text === '*') return [() => true];
  const range = rangeOf(text);
  if (range !== undefined)
    return [({ host }) => isIP(host) !== 0 && range.check(host, isIP(host) === 6 ? 'ipv6' : 'ipv4')];
  const [, bracketed, plain = '', wantedPort] = /^(?:\[(.+)\]|(.+?))(?::(\d+))?$/.exec(text) ?? [];
  const name = bracketed ?? plain.replace(/^\*\./, '.');
  return [
    ({ host, port }) => {
      if (wantedPort !== undefined && wantedPort !== port) return false;
      return name.startsWith('.') ? host.endsWith(name) : host === name || host.endsWith(`.${name}`);
    },
  ];
}

function rangeOf(text: string): BlockList | undefined {
  const [address = '', bits, ...more] = text.split('/');
  const family = isIP(address);
  if (family === 0 || more.length > 0) return undefined;
  const list = new BlockList();
  try {
    list.addSubnet(
      address,
      bits === undefined ? (family === 6 ? 128 : 32) : Number(bits),
      family === 6 ? 'ipv6' : 'ipv4',
    );
  } catch {
    return undefined;
  }
  return list;
}

function isThisMachine({ host }: Place): boolean {
  return host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'));
}
