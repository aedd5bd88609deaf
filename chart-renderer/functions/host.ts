import type { CallContext } from '../../golang/template/index.ts';
import type { LargeFiles } from './large-files.ts';
import type { Memory } from './memory.ts';

/** What the caller of an execution gives its functions; all of it is optional. */
export interface TemplateHost {
  /**
   * Reads an object of the cluster: the object, a list where `name` is empty, null where there is none. What it throws fails the
   * template.
   */
  readonly lookup?: ((apiVersion: string, kind: string, namespace: string, name: string) => unknown) | undefined;
  /** The time in milliseconds since 1970; the system's clock by default. */
  readonly nowMs?: (() => number) | undefined;
  /** Gives random functions back what they gave before; without it they draw new values. */
  readonly memory?: Memory | undefined;
  /** What was read in large files of the chart; without it they are read each time. */
  readonly largeFiles?: LargeFiles | undefined;
  /** Addresses of a host name, for `getHostByName`, which returns nothing without it. */
  readonly resolveHost?: ((name: string) => string) | undefined;
}

/** The host that the execution was given. */
export function hostOf(context: CallContext): TemplateHost {
  return (context.host ?? {}) as TemplateHost;
}

/** The time in milliseconds since 1970 as the execution's host gives it. */
export function nowMsOf(context: CallContext): number {
  return (hostOf(context).nowMs ?? Date.now)();
}
