import { setTimeout as sleep } from 'node:timers/promises';
import type { KubeObject } from '../resources/index.ts';
import type { ApiResource } from './api-resource.ts';
import type { KubeClient } from './client.ts';
import { isKubeError } from './errors.ts';

/** Which lease is contended for, by whom, and what to do with it. */
export interface LeaderOptions {
  client: KubeClient;
  namespace: string;
  name: string;
  /** Unique to this process, and never used again after it. */
  identity: string;
  /** Called once when the lease is held; `signal` aborts when it no longer is. */
  onStarted: (signal: AbortSignal) => void | Promise<void>;
  /** Called once when the lease was lost (not when given up by `stop`); the election is over then. */
  onLost: () => void;
  /** Told of each failed attempt and of what `onStarted` and `onLost` throw; must not throw. */
  onError?: (error: unknown) => void;
  timing?: LeaseTiming;
  /** The monotonic clock, in milliseconds. */
  now?: () => number;
}

/** A leader renews every `retryMs`, stops `renewDeadlineMs` after the last success; others wait `leaseMs`. */
interface LeaseTiming {
  leaseMs: number;
  renewDeadlineMs: number;
  retryMs: number;
}

/** One process's part in an election. */
export interface Leadership {
  /** False before the lease is held, and from the renew deadline on, even in a process that has just woken up. */
  isLeader: () => boolean;
  /** Ends it; a lease that is held is given up, so that another takes it at once. */
  stop: () => Promise<void>;
}

interface Lease extends KubeObject {
  spec: LeaseSpec;
}

interface LeaseSpec {
  holderIdentity?: string | null;
  leaseDurationSeconds?: number | null;
  acquireTime?: string | null;
  renewTime?: string | null;
  leaseTransitions?: number | null;
}

/** As client-go's and so every controller's default: whoever reads a Lease may expect these. */
const DEFAULT_TIMING: LeaseTiming = { leaseMs: 15_000, renewDeadlineMs: 10_000, retryMs: 2_000 };
const RELEASED_LEASE_SECONDS = 1;

/** The resource of Leases. */
export const LEASES: ApiResource = {
  group: 'coordination.k8s.io',
  version: 'v1',
  kind: 'Lease',
  plural: 'leases',
  namespaced: true,
  verbs: [],
};

/**
 * Takes part in the election for a Lease, with client-go's rules: a foreign lease is free once it was seen unchanged for
 * its own duration by this process's clock; times written in it are not trusted. No fencing is promised: two processes can
 * both hold for a moment, which is why writes go through `client.fencedBy(leadership.isLeader)`.
 */
export function runAsLeader(options: LeaderOptions): Leadership {
  const candidate = new Candidate(options);
  const ended = candidate.run();
  return {
    isLeader: () => candidate.isLeader(),
    stop: async () => {
      candidate.stop();
      await ended;
    },
  };
}

class Candidate {
  readonly #options: LeaderOptions;
  readonly #timing: LeaseTiming;
  readonly #now: () => number;
  readonly #stopping = new AbortController();
  readonly #leading = new AbortController();
  /** The lease as last seen, and when, by the monotonic clock, its present record was first seen. */
  #observed: Lease | undefined;
  #observedAt = 0;
  /** False where an attempt failed: the lease may not be what it was seen to be. */
  #isCurrent = false;
  #renewedAt = Number.NEGATIVE_INFINITY;

  constructor(options: LeaderOptions) {
    this.#options = options;
    this.#timing = options.timing ?? DEFAULT_TIMING;
    this.#now = options.now ?? (() => performance.now());
  }

  isLeader(): boolean {
    return !this.#leading.signal.aborted && this.#remainingMs() > 0;
  }

  stop(): void {
    this.#leading.abort();
    this.#stopping.abort();
  }

  async run(): Promise<void> {
    const { onStarted, onLost } = this.#options;
    while (!this.#stopped() && !(await this.#tryToHold())) {
      await this.#pause(this.#timing.retryMs * (1 + Math.random()));
    }
    if (this.isLeader()) this.#call(() => onStarted(this.#leading.signal));
    while (this.isLeader()) await this.#renew();
    this.#leading.abort();
    if (!this.#stopped()) this.#call(onLost);
    else if (this.#remainingMs() > 0) await this.#giveUp();
  }

  /** One attempt after a pause; neither outlasts the deadline, at which leading ends whatever an attempt still waits for. */
  async #renew(): Promise<void> {
    await this.#pause(Math.min(this.#timing.retryMs, this.#remainingMs()));
    if (!this.isLeader()) return;
    const deadline = sleep(this.#remainingMs(), false, { signal: this.#stopping.signal, ref: false });
    const holds = await Promise.race([this.#tryToHold(), deadline.catch(() => false)]);
    if (!holds && this.#isForeign()) this.#leading.abort();
  }

  /** Takes or renews the lease; false where it is another's, or where that failed. */
  async #tryToHold(): Promise<boolean> {
    const startedAt = this.#now();
    try {
      const lease = this.isLeader() && this.#isCurrent ? this.#observed : await this.#read();
      if (this.#isForeign()) return false;
      this.#observe(lease === undefined ? await this.#create() : await this.#replace(lease, this.#claimOn(lease)));
      this.#renewedAt = startedAt;
      return true;
    } catch (error) {
      this.#isCurrent = false;
      this.#report(error);
      return false;
    }
  }

  /** Best effort: whoever waits takes over anyway once the lease has run out. */
  async #giveUp(): Promise<void> {
    try {
      const lease = await this.#read();
      if (lease?.spec.holderIdentity !== this.#options.identity) return;
      const { leaseTransitions = 0 } = lease.spec;
      const released = { holderIdentity: '', leaseDurationSeconds: RELEASED_LEASE_SECONDS, leaseTransitions };
      await this.#replace(lease, { ...released, acquireTime: microTime(), renewTime: microTime() });
    } catch (error) {
      this.#report(error);
    }
  }

  async #read(): Promise<Lease | undefined> {
    const { client, namespace, name } = this.#options;
    try {
      const lease = await client.get<Lease>(LEASES, namespace, name, { timeoutMs: this.#requestTimeoutMs() });
      this.#observe(lease);
      return lease;
    } catch (error) {
      if (!isKubeError(error, 'NotFound')) throw error;
      this.#observed = undefined;
      return undefined;
    }
  }

  #create(): Promise<Lease> {
    const { client, namespace, name } = this.#options;
    const spec = this.#claimOn(undefined);
    const lease = { apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', metadata: { name, namespace }, spec };
    return client.create<Lease>(LEASES, lease, { timeoutMs: this.#requestTimeoutMs() });
  }

  #replace(lease: Lease, spec: LeaseSpec): Promise<Lease> {
    const timeoutMs = this.#requestTimeoutMs();
    return this.#options.client.replace<Lease>(LEASES, { ...lease, spec }, { timeoutMs });
  }

  #claimOn(lease: Lease | undefined): LeaseSpec {
    const { identity } = this.#options;
    const now = microTime();
    const wasOurs = lease?.spec.holderIdentity === identity;
    return {
      holderIdentity: identity,
      leaseDurationSeconds: Math.ceil(this.#timing.leaseMs / 1000),
      acquireTime: wasOurs ? (lease.spec.acquireTime ?? now) : now,
      renewTime: now,
      leaseTransitions: (lease?.spec.leaseTransitions ?? 0) + (wasOurs || lease === undefined ? 0 : 1),
    };
  }

  #observe(lease: Lease): void {
    const isNews = JSON.stringify(lease.spec) !== JSON.stringify(this.#observed?.spec);
    if (isNews) this.#observedAt = this.#now();
    this.#observed = lease;
    this.#isCurrent = true;
  }

  #isForeign(): boolean {
    const { holderIdentity, leaseDurationSeconds } = this.#observed?.spec ?? {};
    if (!holderIdentity || holderIdentity === this.#options.identity) return false;
    return this.#now() < this.#observedAt + (leaseDurationSeconds ?? 0) * 1000;
  }

  #remainingMs(): number {
    return Math.max(0, this.#renewedAt + this.#timing.renewDeadlineMs - this.#now());
  }

  /** Half the deadline, so that an attempt that hangs leaves time for another. */
  #requestTimeoutMs(): number {
    return this.#timing.renewDeadlineMs / 2;
  }

  #stopped(): boolean {
    return this.#stopping.signal.aborted;
  }

  async #pause(ms: number): Promise<void> {
    await sleep(ms, undefined, { signal: this.#stopping.signal }).catch(() => undefined);
  }

  #call(callback: () => void | Promise<void>): void {
    const run = async () => callback();
    run().catch((error: unknown) => this.#report(error));
  }

  #report(error: unknown): void {
    this.#options.onError?.(error);
  }
}

/** Kubernetes reads these times with exactly six digits after the point. */
function microTime(): string {
  return new Date().toISOString().replace('Z', '000Z');
}
