import type { HookResult, Release, ResourceStatus } from '../../../crds/index.ts';
import type { KubeObject } from '../../../resources/index.ts';
import { withoutUndefined } from '../../../resources/index.ts';
import type { ShownHealth, TreeNode } from '../../api/index.ts';

/** What is kept of an object that a child has made, or made what made it: its node, and who made it. */
export type Made = KubeObject & { readonly node: TreeNode };

/** So many nodes are shown; those beyond are counted. */
const MAX_NODES = 2_000;
const MAX_DEPTH = 6;

/** The tree of a Release: its children, what they made, the pods; and how many nodes were left out. */
export function treeOf(release: Release, made: readonly Made[]): { tree: TreeNode; leftOut: number } {
  const { metadata, status = {} } = release;
  const below = byMaker(made);
  const budget = { left: MAX_NODES, leftOut: 0 };
  const children = [
    ...(status.resources ?? []).map((child) => childNode(child)),
    ...[...(status.hooks ?? []), ...(status.tests?.results ?? [])].map((hook) => hookNode(hook, metadata.namespace)),
  ];
  const tree: TreeNode = {
    id: metadata.uid,
    kind: 'Release',
    name: metadata.name,
    namespace: metadata.namespace,
    health: status.health ?? 'Unknown',
    ...(status.message !== undefined && { cause: status.message }),
    children: taken(children, budget).map((child) => withMade(child, { metadata, below, made, budget })),
  };
  return { tree, leftOut: budget.leftOut };
}

interface Budget {
  left: number;
  leftOut: number;
}

interface Context {
  readonly metadata: Release['metadata'];
  readonly below: ReadonlyMap<string, readonly Made[]>;
  readonly made: readonly Made[];
  readonly budget: Budget;
}

function taken<T>(nodes: readonly T[], budget: Budget): readonly T[] {
  const some = nodes.slice(0, budget.left);
  budget.left -= some.length;
  budget.leftOut += nodes.length - some.length;
  return some;
}

/** The node with what was made by it; a child that is a pod, or a Job, as it is itself. */
function withMade(node: TreeNode, context: Context, depth = 1): TreeNode {
  // Owner references may lead in circles.
  if (depth > MAX_DEPTH) return node;
  if (node.namespace !== undefined && node.namespace !== context.metadata.namespace) return node;
  const itself = context.made.find((each) => each.kind === node.kind && each.metadata.name === node.name);
  const { containers, node: place, created } = itself?.node ?? {};
  const owned = taken(context.below.get(`${node.kind}/${node.name}`) ?? [], context.budget);
  return {
    ...node,
    ...withoutUndefined({ containers, node: place, created }),
    children: owned.map((each) => withMade(each.node, context, depth + 1)),
  };
}

function byMaker(made: readonly Made[]): Map<string, Made[]> {
  const found = new Map<string, Made[]>();
  for (const each of made) {
    const owner = each.metadata.ownerReferences?.find(({ controller }) => controller === true);
    if (owner === undefined) continue;
    const key = `${owner.kind}/${owner.name}`;
    const others = found.get(key);
    if (others === undefined) found.set(key, [each]);
    else others.push(each);
  }
  return found;
}

function childNode({ group, kind, namespace, name, health, message, standby }: ResourceStatus): TreeNode {
  const cause = standby === true ? ['kept after the cut', message].filter(Boolean).join('; ') : message;
  return {
    id: [group, kind, namespace, name].join('/'),
    kind,
    name,
    ...(namespace !== undefined && { namespace }),
    health,
    ...(cause !== undefined && { cause }),
    children: [],
  };
}

const COLOURS: Readonly<Record<HookResult['phase'], ShownHealth>> = {
  Running: 'Yellow',
  Succeeded: 'Green',
  Failed: 'Red',
};

function hookNode({ run, kind, name, phase, message }: HookResult, namespace: string): TreeNode {
  return {
    id: `${run}/${kind}/${name}`,
    kind,
    name,
    namespace,
    health: COLOURS[phase],
    hook: run,
    ...(message !== undefined && { cause: message }),
    children: [],
  };
}
