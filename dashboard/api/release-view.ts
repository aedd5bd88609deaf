import type { Condition, HookResult, Operation, ReleasePlan, ReleaseSpec, TestRun } from '../../crds/index.ts';
import type { ReleaseRow, ShownHealth } from './live.ts';

/** The events of `GET /api/live/releases/NS/NAME`. */
export type ReleaseEvents = {
  release: ReleaseView;
  /** It was deleted. */
  gone: { message: string };
  /** The viewer may not see it, or no more. */
  refused: { message: string };
  stale: { message: string };
  ended: { message: string };
};

/** A Release with all that hangs on it. */
export type ReleaseView = {
  row: ReleaseRow;
  /** Without `chart.inline`, which may be large, and `values`, which are beside it as YAML. */
  spec: ReleaseSpec;
  /** `spec.values` as YAML, as a form or an editor begins with. */
  values: string;
  conditions: Condition[];
  operation?: OperationView;
  plan?: ReleasePlan;
  rolledBack?: { version: number; to: number; reason: string };
  tree: TreeNode;
  /** The newest last. */
  events: EventRow[];
  tests?: TestRun;
  /** What the viewer may not see, or what was left out for its number, in words. */
  missing: string[];
};

/** What is under way, or was done last. */
export type OperationView = {
  type: Operation;
  version: number;
  phase: 'Before' | 'Beside' | 'Applying' | 'After' | 'Testing' | 'Done';
  startedAt: string;
  hooks: HookResult[];
};

/** The Release, a child, what a child made, a pod. */
export type TreeNode = {
  /** Stays the same for an object while it exists. */
  id: string;
  kind: string;
  name: string;
  namespace?: string;
  health: ShownHealth;
  /** Why it has this health. */
  cause?: string;
  /** Of a hook or a test. */
  hook?: string;
  children: TreeNode[];
  containers?: ContainerView[];
  /** Of a pod. */
  node?: string;
  created?: string;
};

/** A container of a pod. */
export type ContainerView = {
  name: string;
  image: string;
  init: boolean;
  health: ShownHealth;
  /** Such as `Running`, `CrashLoopBackOff`, `Completed`. */
  state: string;
  cause?: string;
  restarts: number;
  /** RFC 3339: when it began anew, the last time and the time before, as far as the cluster says. */
  restartedAt: string[];
  /** RFC 3339: when the run before the present one ended; then it has a previous log. */
  lastEnded?: string;
};

/** An event of Kubernetes about one of the objects in the tree. */
export type EventRow = {
  /** RFC 3339: when it was seen last. */
  at: string;
  type: 'Normal' | 'Warning';
  reason: string;
  /** `Kind/name`. */
  object: string;
  message: string;
  count: number;
};
