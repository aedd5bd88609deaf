import type { HookResult, Release, ResourceStatus } from '../../../crds/index.ts';
import type { KubeObject } from '../../../resources/index.ts';
import { groupOf, withoutUndefined } from '../../../resources/index.ts';
import type { ShownHealth, TreeNode } from '../../api/index.ts';

/** What is kept of an object that a child owns, or one of its descendants does: its node, and its owner. */
export type Descendant = KubeObject & { readonly node: TreeNode };

/** How many nodes are shown; those beyond are counted. */
const MAX_NODES = 2_000;
const MAX_DEPTH = 6;

/** A tree, how many nodes were left out of it, and by which names events may be about what is in it: those of `aboutKey`. */
export interface ReleaseTree {
  readonly tree: TreeNode;
  readonly leftOut: number;
  readonly names: ReadonlySet<string>;
}

/** The tree of a Release: its children, what they made, the pods. */
export function treeOf(release: Release, descendants: readonly Descendant[]): ReleaseTree {
  const { apiVersion, metadata, status = {} } = release;
  const context: Context = {
    namespace: metadata.namespace,
    below: byOwner(descendants),
    descendants: new Map(descendants.map((each) => [keyOf(placed(each)), each])),
    budget: { left: MAX_NODES, leftOut: 0 },
    names: new Set(),
  };
  const hooks = [...(status.hooks ?? []), ...(status.tests?.results ?? [])];
  const children: Placed[] = [
    ...(status.resources ?? []).map((child) => ({ group: child.group, node: childNode(child) })),
    ...hooks.map((hook) => ({ group: groupOfHook(hook), node: hookNode(hook, metadata.namespace) })),
  ];
  const root: TreeNode = {
    id: metadata.uid,
    kind: 'Release',
    name: metadata.name,
    namespace: metadata.namespace,
    health: status.health ?? 'Unknown',
    ...(status.message !== undefined && { cause: status.message }),
    children: [],
  };
  addNames({ group: groupOf(apiVersion), node: root }, context);
  const tree = { ...root, children: taken(children, context.budget).map((child) => withDescendants(child, context)) };
  return { tree, leftOut: context.budget.leftOut, names: context.names };
}

/** A node with the group of its kind: two groups may have a kind of the same name. */
interface Placed {
  readonly group: string;
  readonly node: TreeNode;
}

function placed({ apiVersion, node }: Descendant): Placed {
  return { group: groupOf(apiVersion), node };
}

function keyOf({ group, node }: Placed): string {
  return aboutKey(group, node.kind, node.name);
}

/** What an object is called in a namespace; `group` is undefined where only the kind is known. */
export function aboutKey(group: string | undefined, kind: string, name: string): string {
  return `${group ?? '*'}/${kind}/${name}`;
}

interface Budget {
  left: number;
  leftOut: number;
}

interface Context {
  readonly namespace: string;
  readonly below: ReadonlyMap<string, readonly Descendant[]>;
  readonly descendants: ReadonlyMap<string, Descendant>;
  readonly budget: Budget;
  readonly names: Set<string>;
}

function taken<T>(nodes: readonly T[], budget: Budget): readonly T[] {
  const some = nodes.slice(0, budget.left);
  budget.left -= some.length;
  budget.leftOut += nodes.length - some.length;
  return some;
}

function addNames({ group, node: { kind, name } }: Placed, { names }: Context): void {
  names.add(aboutKey(group, kind, name)).add(aboutKey(undefined, kind, name));
}

/** The node with what was made by it; a child that is a pod, or a Job, as it is itself. */
function withDescendants(child: Placed, context: Context, depth = 1): TreeNode {
  const { node } = child;
  // What is made, and told, elsewhere is not watched.
  if (node.namespace !== undefined && node.namespace !== context.namespace) return node;
  addNames(child, context);
  // Owner references may lead in circles.
  if (depth > MAX_DEPTH) return node;
  const { containers, node: place, created } = context.descendants.get(keyOf(child))?.node ?? {};
  const owned = taken(context.below.get(keyOf(child)) ?? [], context.budget);
  const children = owned.map((each) => withDescendants(placed(each), context, depth + 1));
  return {
    ...node,
    ...healthBy(children, node),
    ...withoutUndefined({ containers, node: place, created }),
    children,
  };
}

/** A ReplicaSet that lacks pods is as its worst one, as its Deployment is. */
function healthBy(pods: readonly TreeNode[], { kind, health }: TreeNode): Partial<TreeNode> {
  const culprit = kind === 'ReplicaSet' && health === 'Yellow' && pods.find((pod) => pod.health === 'Red');
  return culprit ? withoutUndefined({ health: culprit.health, cause: culprit.cause }) : {};
}

function byOwner(descendants: readonly Descendant[]): Map<string, Descendant[]> {
  const found = new Map<string, Descendant[]>();
  for (const each of descendants) {
    const owner = each.metadata.ownerReferences?.find(({ controller }) => controller === true);
    if (owner === undefined) continue;
    const key = aboutKey(groupOf(owner.apiVersion), owner.kind, owner.name);
    const others = found.get(key);
    if (others === undefined) found.set(key, [each]);
    else others.push(each);
  }
  return found;
}

/** A hook does not say of which group it is: those that run are Jobs and Pods. */
function groupOfHook({ kind }: HookResult): string {
  return kind === 'Job' ? 'batch' : '';
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
