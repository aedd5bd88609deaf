import type { ChartCache } from './cache.ts';
import type { Credentials } from './auth/credentials.ts';
import type { TlsIdentity } from './auth/tls-identity.ts';
import type { NetworkPolicy } from './http/network-policy.ts';
import type { ProxySettings } from './http/proxy.ts';
import type { VerificationPolicy } from './verify/policy.ts';

/** How registries are reached; every field has a safe default. */
export interface ConnectionOptions {
  /** Sent to the registry's own scheme, host and port only. */
  credentials?: Credentials | undefined;
  /** Origins (`https://host[:port]`) of token servers, other than the registry itself, that may be sent the credentials. */
  tokenServers?: readonly string[] | undefined;
  /** Allows plain HTTP to a registry that is not on loopback, credentials included. */
  allowPlainHttp?: boolean | undefined;
  network?: NetworkPolicy | undefined;
  proxy?: ProxySettings | undefined;
  tls?: TlsIdentity | undefined;
  limits?: Partial<TransferLimits> | undefined;
  timeouts?: Partial<Timeouts> | undefined;
  retries?: Partial<Retries> | undefined;
  userAgent?: string | undefined;
  /** Told of each request that was sent: its HTTP status, or 0 where no answer began, and how long that took; must not throw. */
  onRequest?: ((request: { code: number; durationMs: number }) => void) | undefined;
  /** Aborts the operation, which then throws the signal's reason. */
  signal?: AbortSignal | undefined;
}

/** Which chart: `registry` is `oci://host[:port]/space` or `https://host/path`. */
export interface ChartSource {
  registry: string;
  name: string;
  /** An exact version, a range by Masterminds' rules, or an OCI tag; the newest stable one by default. */
  version?: string | undefined;
}

/** Where what was downloaded is kept. */
export interface CacheUse {
  cache?: ChartCache | undefined;
  /** Content that took credentials to get is cached for calls with the same scope alone; anonymous content is for all. */
  cacheScope?: string | undefined;
}

/** What `pullChart` takes. */
export type PullOptions = ChartSource &
  ConnectionOptions &
  CacheUse & {
    /** OCI: the manifest's digest; a classic repository: the tarball's. Only content with this digest is returned. */
    digest?: string | undefined;
    /** Only a chart with a signature that satisfies it is returned. */
    verify?: VerificationPolicy | undefined;
  };

/** The most bytes, pages and answers that are taken from a registry. */
export interface TransferLimits {
  manifestBytes: number;
  /** Of the compressed chart. */
  chartBytes: number;
  indexBytes: number;
  /** Of one signature, bundle or provenance file. */
  signatureBytes: number;
  /** Of one manifest that are looked at. */
  signatures: number;
  /** Of a list of tags, charts or signatures: of a page, of all of them together, how many pages, and how many items they may name. */
  listPageBytes: number;
  listBytes: number;
  listPages: number;
  listItems: number;
}

/** Milliseconds. */
export interface Timeouts {
  connectMs: number;
  headersMs: number;
  /** Each such stretch of a body must bring 1 KiB or its end. */
  stallMs: number;
  /** One exchange, from the connection to the body's last byte. */
  exchangeMs: number;
}

/** How often and when an attempt that failed for a transient reason is repeated. */
export interface Retries {
  attempts: number;
  /** The longest first pause; each later one may be twice as long, and a random part of it is waited. */
  firstPauseMs: number;
  /** The longest pause, whatever a `Retry-After` asks for. */
  maxPauseMs: number;
}

const MIB = 1024 * 1024;
/** What is JSON is parsed in one go: half a megabyte of small values takes some 20 ms, four take half a second. */
const JSON_BYTES = MIB / 2;

const DEFAULT_LIMITS: TransferLimits = {
  manifestBytes: JSON_BYTES,
  chartBytes: 20 * MIB,
  indexBytes: 50 * MIB,
  signatureBytes: MIB / 4,
  signatures: 32,
  listPageBytes: JSON_BYTES,
  listBytes: 4 * MIB,
  listPages: 100,
  listItems: 50_000,
};

const DEFAULT_TIMEOUTS: Timeouts = {
  connectMs: 10_000,
  headersMs: 30_000,
  stallMs: 30_000,
  exchangeMs: 300_000,
};

const DEFAULT_RETRIES: Retries = { attempts: 4, firstPauseMs: 500, maxPauseMs: 30_000 };

/** Returns the limits of an operation: those given, and the defaults for the rest. */
export function limitsOf({ limits }: ConnectionOptions): TransferLimits {
  return merged(DEFAULT_LIMITS, limits);
}

/** Returns the timeouts of an operation: those given, and the defaults for the rest. */
export function timeoutsOf({ timeouts }: ConnectionOptions): Timeouts {
  return merged(DEFAULT_TIMEOUTS, timeouts);
}

/** Returns the retries of an operation: those given, and the defaults for the rest. */
export function retriesOf({ retries }: ConnectionOptions): Retries {
  return merged(DEFAULT_RETRIES, retries);
}

function merged<Settings extends object>(defaults: Settings, given: Partial<Settings> = {}): Settings {
  const chosen = Object.entries(given).filter(([, value]) => value !== undefined);
  return { ...defaults, ...Object.fromEntries(chosen) };
}
