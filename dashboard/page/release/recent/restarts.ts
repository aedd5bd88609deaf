import type { ContainerView, TreeNode } from '../../../api/index.ts';
import { podsIn } from '../tree/tree-state.ts';

/** When containers began anew, in milliseconds, each by its pod and name. */
export type KnownRestarts = ReadonlyMap<string, ReadonlySet<number>>;

/**
 * What is known after a tree was seen. The cluster tells of a container when it began anew the last two times; what was seen before stays known,
 * also of pods that are gone, unless it was before `sinceMs`.
 */
export function withRestarts(known: KnownRestarts, tree: TreeNode, sinceMs: number): KnownRestarts {
  const seen = containersIn(tree).map(
    ([key, { restartedAt }]) => [key, restartedAt.map((at) => Date.parse(at))] as const,
  );
  const all = Map.groupBy([...known, ...seen], ([key]) => key);
  const recent = [...all].map(
    ([key, entries]) =>
      [key, new Set(entries.flatMap(([, times]) => [...times]).filter((at) => at > sinceMs))] as const,
  );
  return new Map(recent.filter(([, times]) => times.size > 0));
}

/** Restarts since a time. */
export interface RecentRestarts {
  /** How many there were in each part of that time, the last part last. */
  readonly parts: readonly number[];
  readonly number: number;
  /** When the last one was. */
  readonly last: number;
  /** How many more the containers have had that there are: before that, or nobody knows when. */
  readonly others: number;
}

/** The restarts between two times; undefined where none is known. */
export function restartsBetween(
  known: KnownRestarts,
  tree: TreeNode,
  { from, to, parts }: { from: number; to: number; parts: number },
): RecentRestarts | undefined {
  const timesOf = (key: string): number[] => [...(known.get(key) ?? [])].filter((at) => at > from);
  const times = [...known.keys()].flatMap(timesOf);
  if (times.length === 0) return undefined;
  const counts = Array.from({ length: parts }, () => 0);
  for (const at of times) {
    const part = Math.min(parts - 1, Math.floor(((at - from) / (to - from)) * parts));
    counts[part] = (counts[part] ?? 0) + 1;
  }
  const others = containersIn(tree).map(([key, { restarts }]) => Math.max(0, restarts - timesOf(key).length));
  return {
    parts: counts,
    number: times.length,
    last: times.reduce((latest, at) => Math.max(latest, at)),
    others: others.reduce((sum, number) => sum + number, 0),
  };
}

function containersIn(tree: TreeNode): readonly (readonly [string, ContainerView])[] {
  return podsIn(tree).flatMap(({ id, containers = [] }) =>
    containers.map((container) => [`${id} ${container.name}`, container] as const),
  );
}
