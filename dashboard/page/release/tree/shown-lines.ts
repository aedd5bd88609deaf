import type { ContainerView, TreeNode } from '../../../api/index.ts';
import { hasMore } from './tree-state.ts';
import type { TreeState } from './tree-state.ts';

/** A line of the tree: an object or, where there is one, a container of this pod. */
export interface TreeLine {
  readonly key: string;
  readonly node: TreeNode;
  readonly container?: ContainerView;
  /** How deep it is, from 1 on. */
  readonly level: number;
  /** Which it is of those with the same parent, from 1 on. */
  readonly position: number;
  /** How many have this parent. */
  readonly siblings: number;
  /** Of what has nothing below it, undefined. */
  readonly isOpen: boolean | undefined;
  /** Why it is not Green, as far as no line below says so. */
  readonly cause?: string | undefined;
}

/** What is below the lines that are open, one below the other. */
export function linesOf(root: TreeNode, state: TreeState): readonly TreeLine[] {
  const lines: TreeLine[] = [];
  const add = (node: TreeNode, place: Pick<TreeLine, 'level' | 'position' | 'siblings'>): void => {
    const isOpen = hasMore(node) ? state.get(node.id) === true : undefined;
    const line = { key: node.id, node, ...place, isOpen };
    const at = lines.push(line) - 1;
    if (isOpen !== true) {
      lines[at] = { ...line, cause: causeOf(node, []) };
      return;
    }
    const { children, containers = [] } = node;
    const below = { level: place.level + 1, siblings: children.length + containers.length };
    for (const [index, child] of children.entries()) add(child, { ...below, position: index + 1 });
    for (const [index, container] of containers.entries()) {
      const key = `${node.id} ${container.name}`;
      lines.push({ key, node, container, ...below, position: children.length + index + 1, isOpen: undefined });
    }
    lines[at] = { ...line, cause: causeOf(node, lines.slice(at + 1)) };
  };
  add(root, { level: 1, position: 1, siblings: 1 });
  return lines;
}

/** A cause names the pod and the container that it comes from: where these are below, with theirs, they are not named again. */
function causeOf({ cause, health }: TreeNode, below: readonly TreeLine[]): string | undefined {
  if (cause === undefined || health === 'Green') return undefined;
  const said = below.map(({ node, container }) => (container ? `container ${container.name}` : `pod ${node.name}`));
  const told = new Set(below.flatMap((line) => (line.container ?? line).cause?.split('; ') ?? []));
  const isNew = (part: string): boolean =>
    !told.has(part) && !said.some((title) => part.startsWith(`${title}:`) || part.startsWith(`${title} `));
  return cause.split('; ').filter(isNew).join('; ') || undefined;
}

/** What a key does at a line: it leads to the line of that number, opens or closes this one, or follows what it refers to. */
export type KeyMove = number | 'toggle' | 'follow';

type Move = (lines: readonly TreeLine[], at: number) => KeyMove | undefined;

const down: Move = (lines, at) => Math.min(at + 1, lines.length - 1);
const up: Move = (_lines, at) => Math.max(at - 1, 0);
const right: Move = (lines, at) => {
  const { isOpen } = lines[at] ?? {};
  if (isOpen === undefined) return undefined;
  return isOpen ? at + 1 : 'toggle';
};
const use: Move = (lines, at) => (lines[at]?.isOpen === undefined ? 'follow' : 'toggle');

const MOVES: Readonly<Partial<Record<string, Move>>> = {
  ArrowDown: down,
  j: down,
  ArrowUp: up,
  k: up,
  Home: () => 0,
  End: (lines) => lines.length - 1,
  ArrowRight: right,
  ArrowLeft: (lines, at) => (lines[at]?.isOpen === true ? 'toggle' : parentOf(lines, at)),
  Enter: use,
  ' ': use,
};

/** What a key does at a line; undefined for a key that does nothing there. */
export function moveBy(key: string, lines: readonly TreeLine[], at: number): KeyMove | undefined {
  return MOVES[key]?.(lines, at);
}

function parentOf(lines: readonly TreeLine[], at: number): number {
  const { level = 1 } = lines[at] ?? {};
  const parent = lines.findLastIndex((line, index) => index < at && line.level < level);
  return Math.max(0, parent);
}
