import type { ContainerView, TreeNode } from '../../api/index.ts';

/** Whose log is read. */
export interface Source {
  readonly pod: TreeNode;
  readonly container: ContainerView;
}

/** What an address asks for; else the container in most trouble, for that is whose log one wants. */
export function sourceOf(pods: readonly TreeNode[], asked: URLSearchParams): Source | null {
  const named = pods.find(({ name }) => name === asked.get('pod'));
  const pod = named ?? mostTroubled(pods);
  const containers = pod?.containers ?? [];
  const container = containers.find(({ name }) => name === asked.get('container')) ?? mostTroubled(containers);
  return pod === undefined || container === undefined ? null : { pod, container };
}

const RANK = { Red: 0, Yellow: 1, Unknown: 2, Green: 3 } as const;

/** The first of the worst; of containers that are equal, not one that only prepares. */
function mostTroubled<Item extends { health: keyof typeof RANK; init?: boolean }>(
  items: readonly Item[],
): Item | undefined {
  const rank = (item: Item): number => RANK[item.health] * 2 + (item.init === true ? 1 : 0);
  return items.toSorted((left, right) => rank(left) - rank(right))[0];
}
