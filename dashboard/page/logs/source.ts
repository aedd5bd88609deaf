import type { ContainerView, TreeNode } from '../../api/index.ts';

/** Whose log is read, by names; what is known of both, unless they are gone. */
export interface Source {
  readonly pod: string;
  readonly container: string;
  readonly found?: { readonly pod: TreeNode; readonly container: ContainerView };
}

/** What an address asks for, also where it is gone; else the container in most trouble, for that is whose log one wants. */
export function sourceOf(pods: readonly TreeNode[], asked: URLSearchParams): Source | null {
  const names = { pod: asked.get('pod'), container: asked.get('container') };
  const pod = names.pod === null ? mostTroubled(pods) : pods.find(({ name }) => name === names.pod);
  const containers = pod?.containers ?? [];
  const named = containers.find(({ name }) => name === names.container);
  const container = named ?? (names.container === null ? mostTroubled(containers) : undefined);
  if (pod !== undefined && container !== undefined)
    return { pod: pod.name, container: container.name, found: { pod, container } };
  return names.pod === null || names.container === null ? null : { pod: names.pod, container: names.container };
}

const RANK = { Red: 0, Yellow: 1, Unknown: 2, Green: 3 } as const;

/** The first of the worst; of containers that are equal, not one that only prepares. */
function mostTroubled<Item extends { health: keyof typeof RANK; init?: boolean }>(
  items: readonly Item[],
): Item | undefined {
  const rank = (item: Item): number => RANK[item.health] * 2 + (item.init === true ? 1 : 0);
  return items.toSorted((left, right) => rank(left) - rank(right))[0];
}
