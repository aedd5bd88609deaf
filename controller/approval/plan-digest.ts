import type { ClusterAnswers, ReleasePlan } from '../../crds/index.ts';
import { digestOfJson, keyOf, titleOf } from '../../resources/index.ts';
import type { PlannedChanges } from '../preview/planned-changes.ts';
import { contradictionInWords } from '../versions/cluster/answers.ts';
import type { Target } from '../versions/target.ts';

/** What a plan is made of: a recorded version, what it would change, and the control fields. */
export interface PlanParts {
  target: Pick<Target, 'operation' | 'version' | 'history'>;
  changes: Pick<PlannedChanges, 'states' | 'hooks' | 'refusals'>;
  control: string;
}

/**
 * `sha256:…` of a plan that was made at a time: equal for a later look at the same objects, and for no other plan of any Release, so that an
 * approval is of one change and can be used once. The recorded version cannot change; what a hook that has no name is called does not count.
 */
export function planDigest(madeAt: string, { target, changes, control }: PlanParts): string {
  const { operation, version, history } = target;
  const states = changes.states.map(({ key, state }) => `${key} ${state}`).toSorted();
  const hooks = changes.hooks.map(({ event, weight, kind }) => [event, weight, kind]);
  const refusals = changes.refusals.map(({ object, reason }) => `${object} ${reason}`).toSorted();
  return digestOfJson([madeAt, history.metadata.uid, version, operation, control, states, hooks, refusals]);
}

/** What has moved since a plan was made, in words; never empty. */
export function movedSince(
  before: ReleasePlan,
  after: Pick<ReleasePlan, 'chart' | 'digests' | 'operation' | 'cluster'>,
  now: Moved,
): string[] {
  const { chart, digests, operation } = after;
  const cluster = movedCluster(before.cluster, after.cluster);
  const sources = [
    ...(before.chart.digest === chart.digest ? [] : [`the chart, now ${chart.name}-${chart.version}`]),
    ...(before.digests.inputs === digests.inputs ? [] : ['the data of valuesFrom']),
    ...(before.digests.content === digests.content ? [] : ['chart or values in the spec']),
    ...(cluster === undefined ? [] : [cluster]),
    ...(before.digests.control === digests.control && before.operation === operation ? [] : ['the spec']),
  ];
  // Another version changes other objects: that they differ says nothing.
  const moved = sources.length > 0 ? sources : movedObjects(before, now);
  return moved.length > 0 ? moved : ['what it would change'];
}

function movedCluster(before: ClusterAnswers = {}, after: ClusterAnswers = {}): string | undefined {
  const words = contradictionInWords(before, after);
  return words && `the cluster (${words})`;
}

type Moved = Pick<PlannedChanges, 'states' | 'objects'>;

const MAX_NAMED = 5;

function movedObjects({ objects = [], counts }: ReleasePlan, { states, objects: written }: Moved): string[] {
  const now = new Map(states.map(({ key, state }) => [key, state]));
  const known = objects.filter(({ state }) => state !== undefined);
  const changed = known.filter((row) => now.get(keyOf(row)) !== row.state).map(titleOf);
  const isWhole = objects.length === counts.create + counts.update + counts.recreate + counts.delete + counts.unknown;
  const before = new Set(known.map((row) => keyOf(row)));
  const added = isWhole ? written.filter((row) => !before.has(keyOf(row))).map(titleOf) : [];
  const all = [...changed, ...added];
  return all.length > MAX_NAMED ? [...all.slice(0, MAX_NAMED), `${all.length - MAX_NAMED} more objects`] : all;
}
