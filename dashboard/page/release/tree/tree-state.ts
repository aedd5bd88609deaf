import type { TreeNode } from '../../../api/index.ts';

/** What somebody opened or closed, by the ids of the nodes; and how the others were when they were first seen. */
export type TreeState = ReadonlyMap<string, boolean>;

/** Whether a node is open where nobody has said otherwise: what is well is closed, down to what is not. */
function isOpenAtFirst(node: TreeNode, depth: number): boolean {
  return depth === 0 || (node.health !== 'Green' && hasMore(node));
}

/** Whether there is anything below a node. */
export function hasMore(node: TreeNode): boolean {
  return node.children.length > 0 || (node.containers ?? []).length > 0;
}

/** The state with what came since; what is known stays as it is, so that nothing moves while somebody reads. */
export function withSeen(state: TreeState, tree: TreeNode): TreeState {
  const seen = new Map<string, boolean>();
  const see = (node: TreeNode, depth: number): void => {
    // What has nothing below it was not looked into: how it is at first is told once there is something.
    const known = state.get(node.id) ?? (depth === 0 || hasMore(node) ? isOpenAtFirst(node, depth) : undefined);
    if (known !== undefined) seen.set(node.id, known);
    for (const child of node.children) see(child, depth + 1);
  };
  see(tree, 0);
  return seen;
}

/** All open, or all closed but the root. */
export function withAll(tree: TreeNode, isOpen: boolean): TreeState {
  const all = new Map<string, boolean>();
  const set = (node: TreeNode, depth: number): void => {
    all.set(node.id, isOpen || depth === 0);
    for (const child of node.children) set(child, depth + 1);
  };
  set(tree, 0);
  return all;
}

/** The nodes in which all words of a text occur, or only those of them that are not Green, with those above them; null where there is none. */
export function nodesWith(tree: TreeNode, text: string, onlyTrouble: boolean): TreeNode | null {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0 && !onlyTrouble) return tree;
  const narrow = (node: TreeNode): TreeNode | null => {
    const children = node.children.map(narrow).filter((child) => child !== null);
    const isWanted = (!onlyTrouble || node.health !== 'Green') && hasWords(node, words);
    return isWanted || children.length > 0 ? { ...node, children } : null;
  };
  return narrow(tree);
}

function hasWords({ kind, name, namespace = '', cause = '', containers = [] }: TreeNode, words: readonly string[]) {
  const parts = [`${kind}/${name}`, namespace, cause, ...containers.flatMap(({ name: own, state }) => [own, state])];
  const searched = parts.join('\n').toLowerCase();
  return words.every((word) => searched.includes(word));
}

/** The pods of a tree, each once. */
export function podsIn(tree: TreeNode): readonly TreeNode[] {
  const below = tree.children.flatMap(podsIn);
  return tree.kind === 'Pod' ? [tree, ...below] : below;
}
