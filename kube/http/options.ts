import type { AccessOptions } from '../access/credentials.ts';
import type { Impersonated, RequestHook } from './transport.ts';

/** Does what may take long and yields now and then: each step once it is its turn. */
export type InTurns = <T>(steps: Generator<undefined, T>) => Promise<T>;

/** As whom a client makes its requests, and how. */
export interface Identity {
  impersonated?: Impersonated;
  /** The token of whoever asks, in place of the program's own credentials. */
  bearer?: string;
  namespace?: string;
  /** Why nothing may be written at the moment, if that is so. */
  obstacle?: () => string | undefined;
  unreachable: 'retried' | 'error';
  inTurns: InTurns;
}

/** Where the API server is and how this program presents itself to it. */
export interface ConnectOptions extends AccessOptions {
  /** Sent with each request; the audit log distinguishes programs by it. */
  userAgent?: string;
  onRequest?: RequestHook;
  /** Whether a server that cannot be reached is asked again for some seconds, which is the default, or is an error at once. */
  unreachable?: 'retried' | 'error';
  /** How JSON, of which there may be megabytes, is read and written; by default in one go. */
  inTurns?: InTurns;
  /** Whether only the address is taken: no request has credentials but those of `asBearer`. */
  anonymous?: boolean;
}

/** One operation of an RFC 6902 patch. */
export type JsonPatchOperation =
  | { op: 'add' | 'replace' | 'test'; path: string; value: unknown }
  | { op: 'remove'; path: string }
  | { op: 'move' | 'copy'; from: string; path: string };

/**
 * What every write may say: who owns the fields, which subresource is meant, whether it is only a trial, and how much of the object the
 * answer is to have (default `whole`).
 */
export interface WriteOptions {
  fieldManager?: string;
  subresource?: 'status' | 'scale';
  dryRun?: boolean;
  timeoutMs?: number;
  content?: Content;
}

/** A server-side apply: without `force` it throws Conflict where another manager owns a field with another value. */
export interface ApplyOptions extends WriteOptions {
  fieldManager: string;
  force: boolean;
}

/** `uid` restricts a deletion to that very object, `resourceVersion` to that state of it; `propagation` says what becomes of what it owns. */
export interface RemoveOptions {
  uid?: string;
  resourceVersion?: string | undefined;
  propagation?: 'Background' | 'Foreground' | 'Orphan';
  dryRun?: boolean;
}

/** Which objects of a collection are meant, by the API's selector syntax. */
export interface Selection {
  labelSelector?: string | undefined;
  fieldSelector?: string | undefined;
}

/** A request that no method covers; `body` is sent as it is if a string, else as JSON. */
export interface RawOptions {
  query?: Record<string, string | undefined> | undefined;
  body?: unknown;
  contentType?: string;
  accept?: string;
  timeoutMs?: number;
}

/** An answer that is read as it comes, until `signal` aborts. */
export interface StreamOptions {
  query?: Record<string, string | undefined>;
  signal: AbortSignal;
}

/** How much of each object is read. */
export type Content = 'whole' | 'metadata';
