import { podSelectorOf, selects } from './selector.ts';
import type { KubeObject } from './types.ts';

/** Workloads whose pods belong to objects in between, which are named after the workload. */
const BETWEEN = new Map([
  ['Deployment', 'ReplicaSet'],
  ['CronJob', 'Job'],
]);

/**
 * The pods of `pods` that the workload `object` made: selected by its labels and controlled by it, or by what it made. For a workload that
 * is not live yet: those that it selects. For many workloads and one list of pods, it takes time linear in both.
 */
export function podsSelectedBy(object: KubeObject, pods: readonly KubeObject[]): readonly KubeObject[] {
  const selector = podSelectorOf(object);
  if (!selector || pods.length === 0) return [];
  const candidates = object.metadata.uid === undefined ? pods : (byMaker(pods).get(makerKeyOf(object)) ?? []);
  return candidates.filter((pod) => selects(selector, pod));
}

const INDEXES = new WeakMap<readonly KubeObject[], ReadonlyMap<string, KubeObject[]>>();

/** The pods by whoever may have made them; kept for as long as the list is. */
function byMaker(pods: readonly KubeObject[]): ReadonlyMap<string, KubeObject[]> {
  const known = INDEXES.get(pods);
  if (known) return known;
  const index = new Map<string, KubeObject[]>();
  for (const pod of pods) {
    for (const key of makerKeysOf(pod)) {
      const made = index.get(key);
      if (made) made.push(pod);
      else index.set(key, [pod]);
    }
  }
  INDEXES.set(pods, index);
  return index;
}

function makerKeyOf({ kind, metadata: { name, uid } }: KubeObject): string {
  const between = BETWEEN.get(kind);
  return between === undefined ? `${uid}` : `${between}/${name}`;
}

/** The uid of its controller, and the name that this one took from its own controller: all before the last dash. */
function makerKeysOf(pod: KubeObject): string[] {
  const owner = pod.metadata.ownerReferences?.find(({ controller }) => controller);
  return owner ? [owner.uid, `${owner.kind}/${owner.name.replace(/-[^-]*$/, '')}`] : [];
}
