import type { Sandbox } from '../../chart-renderer/index.ts';
import type { Release, ReleaseHistory } from '../../crds/index.ts';
import type { Discovery, EventRecorder, Informer, KubeClient } from '../../kube/index.ts';
import type { VerificationPolicy } from '../../registry-client/index.ts';
import type { KubeObject } from '../../resources/index.ts';
import type { Charts } from '../charts/charts.ts';
import type { KnownSecrets } from '../masking/known-secrets.ts';
import type { Children } from '../watches/children.ts';
import type { ObjectEvents } from '../watches/object-events.ts';
import type { Attempts } from './attempts.ts';
import type { Pace } from '../status/pace.ts';
import type { Writes } from './writes.ts';
import type { Records } from '../history/records.ts';
import type { Repairs } from '../plan/repairs.ts';
import type { Comparisons } from '../plan/comparisons.ts';
import type { Applies } from '../plan/applies.ts';

/** What every pass works with; nothing in it is a truth that a restart could lose. */
export interface Context {
  /** The controller's own identity. */
  client: KubeClient;
  discovery: Discovery;
  releases: Informer<Release>;
  histories: Informer<ReleaseHistory>;
  namespaces: Informer<KubeObject>;
  accounts: Informer<KubeObject>;
  children: Children;
  objectEvents: ObjectEvents;
  charts: Charts;
  sandbox: Sandbox;
  records: Records;
  attempts: Attempts;
  pace: Pace;
  writes: Writes;
  comparisons: Comparisons;
  applies: Applies;
  repairs: Repairs;
  events: EventRecorder;
  /** Whatever leaves the controller in words is masked by it: status, histories; events and log mask by themselves. */
  secrets: KnownSecrets;
  log: Log;
}

/** Writes one structured line; never a secret. */
export type Log = (
  level: 'debug' | 'info' | 'warn' | 'error',
  message: string,
  facts?: Record<string, unknown>,
) => void;

/** One pass over one Release: who acts, and the Release as last read or written. */
export interface Pass {
  key: string;
  user: string;
  /** Acts as the Release's service account. */
  tenant: KubeClient;
  release: Release;
  histories: ReleaseHistory[];
  /** Whose signature the chart must have, once the keys were read. */
  verify?: VerificationPolicy | undefined;
}
