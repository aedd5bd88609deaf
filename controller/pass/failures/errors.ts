import type { Reason } from '../../../crds/index.ts';

/**
 * Whether a failed attempt is likely to succeed by itself (`soon`: the controller is still trying), or only once somebody
 * changes something (`later`: the Release is stalled, and looked at again now and then).
 */
export type Retry = 'soon' | 'later';

/** What was known of the kinds that the cluster serves is no longer true: another pass will know better. */
export class StaleCatalog extends Error {
  override readonly name = 'StaleCatalog';
}

/** There was no room for what a pass would have held in memory: it has let go of all that it held, and is begun again once there is. */
export class WaitsForMemory extends Error {
  override readonly name = 'WaitsForMemory';
}

/** What is reported of such a pass. */
export const NO_ROOM = 'waits for memory: the controller is at work on as many large Releases as it has room for';

/** What a ReleaseError may say besides its reason and message. */
export interface ReleaseErrorOptions {
  retry?: Retry;
  cause?: unknown;
  objects?: ReadonlyMap<string, string>;
  changesAt?: number;
}

/** A Release cannot become what its spec says; `message` says why and what to do, for the person who wrote the spec. */
export class ReleaseError extends Error {
  override readonly name = 'ReleaseError';
  readonly code: Reason;
  readonly retry: Retry;
  /** The objects that were refused, by key of their reference, and why. */
  readonly objects: ReadonlyMap<string, string> | undefined;
  /** When what it waits for changes by time alone (milliseconds since the epoch). */
  readonly changesAt: number | undefined;

  constructor(code: Reason, message: string, options: ReleaseErrorOptions = {}) {
    super(message, { cause: options.cause });
    this.code = code;
    this.retry = options.retry ?? 'later';
    this.objects = options.objects;
    this.changesAt = options.changesAt;
  }

  /** Whether the same attempt may succeed later with nothing edited. */
  get transient(): boolean {
    return this.retry === 'soon';
  }
}
