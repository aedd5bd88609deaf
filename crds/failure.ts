import type { Reason } from './conditions.ts';

/** What happens when a version fails: nothing; the last Green version comes back; its hooks run again. */
export type OnFailure = {
  strategy: 'Stop' | 'Rollback' | 'Retry';
  /** How many times failed hooks run again by themselves; absent: 3 with `Retry`, 0 with `Rollback`. `Stop` ignores it. */
  retries?: number;
  /** Go duration: before the first of them; each next one waits twice as long, at most an hour. */
  delay: string;
  /** Go duration: with `Rollback`, how long a version may be Red without interruption, once it is applied. */
  redTimeout: string;
};

/** How a Release is deleted. What is absent has the default named here. */
export type Uninstall = {
  /** Whether the delete hooks run; default `Run`. */
  hooks?: 'Run' | 'Skip';
  /** What becomes of what the children own, such as the pods of a Deployment; default `Background`. */
  propagation?: 'Background' | 'Foreground' | 'Orphan';
  /** Whether the recorded versions stay; default no. */
  keepHistory?: boolean;
  /** Whether the children and the recorded versions stay, as with `--cascade=orphan`; default no. */
  orphan?: boolean;
};

/** A version that failed, and the one that the Release goes back to, or has gone back to, because of that. */
export type RolledBack = {
  version: number;
  to: number;
  reason: Reason;
  /** Why it failed. */
  message: string;
  /** RFC 3339: when that was decided. */
  at: string;
  /** `metadata.generation` as it was when the rollback was done; absent until then. */
  generation?: number;
};
