import type { Reason, Release } from '../../crds/index.ts';
import type { EventRecorder, Informer, KubeClient } from '../../kube/index.ts';
import type { KnownSecrets } from '../masking/known-secrets.ts';
import type { Notices } from '../notices/notices.ts';
import type { Log } from '../pass/log.ts';
import type { Children } from '../watches/children.ts';
import type { ObjectEvents } from '../watches/object-events.ts';
import type { PodLogs } from '../watches/pod-logs.ts';
import type { StatusRateLimiter } from './status-rate-limiter.ts';

/** What it takes to report the status of a Release. */
export interface StatusServices {
  /** The controller's own identity. */
  client: KubeClient;
  releases: Informer<Release>;
  children: Children;
  objectEvents: ObjectEvents;
  podLogs: PodLogs;
  rateLimiter: StatusRateLimiter;
  /** Masks what statuses and histories say; events and log mask by themselves. */
  secrets: KnownSecrets;
  events: EventRecorder<Reason>;
  notices: Notices;
  log: Log;
}
