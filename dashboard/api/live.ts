import type { HealthColour } from '../../crds/index.ts';

/** A colour, or that there is none yet. */
export type ShownHealth = HealthColour | 'Unknown';

/** A Release in the list. */
export type ReleaseRow = {
  namespace: string;
  name: string;
  uid: string;
  /** Moves with each edit of the spec: an action carries the one that the viewer saw. */
  generation: number;
  /** What it is grouped by: the label `coxswain.dev/tenant` of the Release, else the namespace without its environment. */
  tenant: string;
  /** The last part of the namespace, where it is that of an environment: dev, test, pre, prod. */
  environment?: string;
  /** The chart in force, else the one asked for. */
  chart: string;
  chartVersion: string;
  /** The version in force. */
  version?: number;
  health: ShownHealth;
  reason: string;
  message: string;
  ready: 'True' | 'False' | 'Unknown';
  suspended: boolean;
  /** What it waits for, if it waits. */
  waits?: 'approval' | 'dependency' | 'registry' | 'deletion';
  /** Whether an operation is under way. */
  busy: boolean;
  /** RFC 3339. */
  created: string;
  /** RFC 3339: when its health or readiness changed last. */
  changed: string;
};

/** Names a Release. */
export type ReleaseName = {
  namespace: string;
  name: string;
};

/** The events of `GET /api/live/releases`, by their SSE names; `data` is JSON. */
export type ListEvents = {
  /** Some of them, where there are many, to be shown until the snapshot comes. */
  first: ReleaseRow[];
  /** The whole list; what is not in it is gone. Sent at first, and after a gap. `more` are not listed, as there are too many. */
  snapshot: { releases: ReleaseRow[]; more?: number };
  changed: ReleaseRow[];
  gone: ReleaseName[];
  /** Where the viewer may not list; without `namespace`, all namespaces together: then name some. */
  refused: { namespace?: string; message: string };
  /** The cluster does not answer at the moment; what is shown may be old. */
  stale: { message: string };
  ended: { message: string };
};
