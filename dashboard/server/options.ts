import type { ChartShelf } from './releases/charts.ts';
import type { ChartOfVersion } from './releases/recorded.ts';
import type { StreamTimes } from './http/event-stream.ts';
import type { SessionTimes } from './live/session-watch.ts';
import type { IdentityOptions } from './sign-in/identity.ts';

/** What a dashboard is started with. */
export interface DashboardOptions {
  /** Where it listens; port 0: any that is free. */
  readonly listen: { readonly host: string; readonly port: number };
  readonly identity: IdentityOptions;
  /** Where people find it, such as `https://dashboard.example.com`; absent: where it listens. */
  readonly publicUrl?: string | undefined;
  /** The folder with the built page. */
  readonly page: string;
  /** How the cluster is called. */
  readonly cluster: string;
  /** The key of sessions, 32 bytes or more; absent: one of its own, so that sessions end with the process. */
  readonly sessionKey?: Uint8Array | undefined;
  /** Absent: no charts are read, and values are not explained. */
  readonly chartOf?: ChartOfVersion | undefined;
  /** Absent: no registry is looked into. */
  readonly charts?: ChartShelf | undefined;
  readonly times?: Partial<StreamTimes & SessionTimes>;
  /** Told of defects, one line each, without anything of a viewer's. */
  readonly log: (line: string) => void;
}

/** A dashboard that runs. */
export interface RunningDashboard {
  /** Where it is found. */
  readonly url: string;
  /** For the user of the kubeconfig: an address that lets its holder in, once, within a minute. */
  enterUrl(): string;
  close(): Promise<void>;
}
