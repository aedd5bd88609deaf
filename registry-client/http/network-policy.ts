import { lookup as resolve } from 'node:dns';
import { lookup } from 'node:dns/promises';
import { BlockList, isIP } from 'node:net';
import type { LookupFunction } from 'node:net';

import { RegistryError } from '../errors.ts';

/** Which hosts may be reached; it holds for every hop: redirects, token servers and blob stores too. */
export interface NetworkPolicy {
  /** Tells whether a host may be spoken to at all, before its name is resolved; all may be by default. */
  allowHost?: ((host: string, port: number) => boolean) | undefined;
  /** CIDRs that are allowed although refused by default, such as `LOOPBACK`. */
  allow?: readonly string[] | undefined;
  /** CIDRs refused besides those refused by default, such as a cluster's service range. */
  refuse?: readonly string[] | undefined;
}

/** The loopback ranges, for `NetworkPolicy.allow`. */
export const LOOPBACK: readonly string[] = ['127.0.0.0/8', '::1/128'];

/** The ranges for private use, in which pods, nodes and other machines beside them usually are, for `NetworkPolicy.refuse`. */
export const PRIVATE: readonly string[] = [
  '10.0.0.0/8',
  '172.16.0.0/12',
  '192.168.0.0/16',
  '100.64.0.0/10',
  'fc00::/7',
  'fec0::/10',
];

/** Unspecified, loopback, link-local, multicast and reserved addresses, and the metadata services outside of these ranges. */
const REFUSED = [
  '0.0.0.0/8',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '224.0.0.0/3',
  '100.100.100.200/32',
  '168.63.129.16/32',
  '192.0.0.192/32',
  '::/128',
  '::1/128',
  'fe80::/10',
  'ff00::/8',
  'fd00:ec2::254/128',
  'fd20:ce::254/128',
];

/** IPv6 ranges that carry an IPv4 address: mapped, translated (NAT64) and 6to4; the digits before it, in 16-bit groups. */
const EMBEDDING = [
  { prefix: ['0', '0', '0', '0', '0', 'ffff'], at: 6 },
  { prefix: ['0', '0', '0', '0', '0', '0'], at: 6 },
  { prefix: ['64', 'ff9b', '0', '0', '0', '0'], at: 6 },
  { prefix: ['2002'], at: 1 },
];

/** A policy that is ready to be asked. */
export interface NetworkGuard {
  /** Throws `HostRefused` where the URL's host is refused by its name or is a refused address. */
  check(url: URL): void;
  /**
   * Throws `HostRefused` where the URL's host resolves here to an address that is refused. A name that does not resolve here passes:
   * for connections that somebody else makes, by the name.
   */
  checkAddresses(url: URL): Promise<void>;
  /** Resolves names for a socket; hands out allowed addresses only, so that what was checked is what is connected to. */
  lookup: LookupFunction;
}

/** Makes a guard of `policy`; throws `InvalidReference` where a CIDR does not parse. */
export function networkGuard(policy: NetworkPolicy = {}): NetworkGuard {
  const more = blockListOf(policy.refuse ?? []);
  const allowed = blockListOf(policy.allow ?? []);
  const isIn = (spelling: string): boolean => contains(refusedByDefault, spelling) || contains(more, spelling);
  const isRefused = (address: string): boolean =>
    spellingsOf(address).some((spelling) => isIn(spelling) && !contains(allowed, spelling));
  return {
    check: (url) => {
      const host = hostOf(url);
      const port = Number(url.port) || (url.protocol === 'http:' ? 80 : 443);
      const isDenied = isApiServer(host) || policy.allowHost?.(host, port) === false;
      if (isDenied) throw hostRefused(url.host, 'it is not among the allowed hosts');
      if (isIP(host) !== 0 && isRefused(host))
        throw hostRefused(url.host, 'connections to this address are not allowed');
    },
    checkAddresses: async (url) => {
      const host = hostOf(url);
      const addresses = await lookup(host, { all: true }).catch(() => []);
      if (addresses.some(({ address }) => isRefused(address))) throw hostRefused(host, REFUSED_ADDRESS);
    },
    lookup: (host, options, done) => {
      resolve(host, { ...options, all: true }, (error, addresses) => {
        const usable = error === null ? addresses.filter(({ address }) => !isRefused(address)) : [];
        const [first] = usable;
        if (error !== null) done(error, [], 0);
        else if (first === undefined) done(hostRefused(host, REFUSED_ADDRESS), [], 0);
        else if (options.all === true) done(null, usable);
        else done(null, first.address, first.family);
      });
    },
  };
}

/** Tells whether a URL names loopback, by address or as `localhost`. */
export function isLoopback(url: URL): boolean {
  const host = hostOf(url);
  return host === 'localhost' || (isIP(host) !== 0 && contains(loopback, host));
}

const REFUSED_ADDRESS = 'it resolves to an address that is not allowed';

function hostRefused(host: string, reason: string): RegistryError {
  return new RegistryError({
    code: 'HostRefused',
    reason: `${host} is refused: ${reason}`,
    nextStep: 'only the settings of this program can allow it',
  });
}

function hostOf(url: URL): string {
  return url.hostname
    .replace(/^\[|\]$/g, '')
    .replace(/\.$/, '')
    .toLowerCase();
}

function isApiServer(host: string): boolean {
  return /^kubernetes(\.default(\.svc(\..+)?)?)?$/.test(host);
}

function blockListOf(cidrs: readonly string[]): BlockList {
  const list = new BlockList();
  for (const cidr of cidrs) {
    const [address = '', bits = isIP(cidr) === 4 ? '32' : '128'] = cidr.split('/');
    try {
      list.addSubnet(address, /^\d+$/.test(bits) ? Number(bits) : NaN, isIP(address) === 4 ? 'ipv4' : 'ipv6');
    } catch (cause) {
      const reason = `${cidr} of the addresses to allow or refuse is not a CIDR`;
      throw new RegistryError({ code: 'InvalidReference', reason, cause });
    }
  }
  return list;
}

// Each takes longer to make than a connection to decide on.
const refusedByDefault = blockListOf(REFUSED);
const loopback = blockListOf(LOOPBACK);

function contains(list: BlockList, address: string): boolean {
  return list.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4');
}

/** The address itself and the IPv4 address that it carries, if any: both are asked about. */
function spellingsOf(address: string): string[] {
  if (isIP(address) !== 6) return [address];
  const groups = groupsOf(address);
  const embedding = EMBEDDING.find(({ prefix }) => prefix.every((group, index) => groups[index] === group));
  if (embedding === undefined) return [address];
  const [high = '0', low = '0'] = groups.slice(embedding.at, embedding.at + 2);
  const number = parseInt(high, 16) * 65_536 + parseInt(low, 16);
  // ::1 and :: would read as 0.0.0.1 and 0.0.0.0, and must be judged as what they are.
  if (embedding.prefix.length === 6 && embedding.prefix[5] === '0' && number < 2) return [address];
  return [address, [24, 16, 8, 0].map((shift) => (number >>> shift) & 255).join('.')];
}

/** The eight 16-bit groups of an IPv6 address, in hex without leading zeros. */
function groupsOf(address: string): string[] {
  const canonical = new URL(`http://[${address.replace(/%.*$/, '')}]`).hostname.slice(1, -1);
  const [head = '', tail] = canonical.split('::');
  const before = head === '' ? [] : head.split(':');
  const after = tail === undefined || tail === '' ? [] : tail.split(':');
  return [...before, ...Array<string>(8 - before.length - after.length).fill('0'), ...after];
}
