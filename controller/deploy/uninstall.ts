import { isKubeError } from '../../kube/index.ts';
import type { HookEvent } from '../../chart-renderer/index.ts';
import type { Context, Pass } from '../pass/context.ts';
import type { VersionRecord } from '../history/record.ts';
import { failureOf, saysLookAgain } from '../pass/failures.ts';
import { isTerminating, requireAccount } from '../plan/account.ts';
import { desiredHooks, type Desired, type PlacedHook } from '../plan/desired.ts';
import { heldVersionOf, targetVersionOf, type Progress } from '../status/progress.ts';
import { unionOf } from '../status/status.ts';
import { inheritedInventory } from '../versions/inherited.ts';
import { deploy, type Deployment } from './deploy.ts';
import { begin } from './operation.ts';
import type { DeployTarget } from './target.ts';

/** What a Release that is being deleted should have. */
export const NOTHING: Desired = { objects: [], pending: [], definitions: [], hooks: [], unserved: [] };
const DELETE_EVENTS: readonly HookEvent[] = ['pre-delete', 'post-delete'];

/**
 * One pass over a Release that is being deleted: deploys nothing, with the delete hooks of the version that the cluster is held to or,
 * where none is, of the one that was begun. Hook objects go by their delete policies alone, as with Helm. Done when nothing is left.
 * Throws Conflict, Fenced.
 */
export async function uninstall(context: Context, pass: Pass): Promise<Deployment> {
  const { status } = pass.release;
  const version = heldVersionOf(status) ?? targetVersionOf(status) ?? 0;
  const unseen = { inputs: undefined, followed: undefined, chart: undefined };
  const nothing = { version, operation: 'Delete', desired: NOTHING, ...unseen } as const;
  const begun = beginDeletion(context, pass, nothing);
  try {
    const isEnding = isEndingNamespace(context, pass);
    const inventory = isEnding ? begun.inventory : unionOf(begun.inventory, await inheritedInventory(context, pass));
    const hooks = isEnding ? [] : await deleteHooks(context, pass, version);
    if (inventory.length + hooks.length > 0) await requireAccount(context, pass.release);
    return await deploy(context, pass, { ...nothing, desired: { ...NOTHING, hooks } }, { ...begun, inventory });
  } catch (error) {
    if (saysLookAgain(error)) throw error;
    return { progress: begun, scope: undefined, failure: failureOf(error) };
  }
}

/** Throws ReleaseError where a hook may not be made, KubeError. */
async function deleteHooks(context: Context, pass: Pass, version: number): Promise<PlacedHook[]> {
  if (version === 0 || pass.release.spec.hooks === 'Skip') return [];
  const record = await readable(context, pass, version);
  return record ? desiredHooks(context, pass, record, DELETE_EVENTS) : [];
}

/**
 * The record, unless it is lost, which must not keep a Release from being deleted. With `--cascade=foreground` the garbage collector
 * takes the histories before anything else: then what was read before counts.
 */
async function readable(context: Context, pass: Pass, version: number): Promise<VersionRecord | undefined> {
  const history = pass.histories.find(({ spec }) => spec.version === version);
  const recalled = context.records.recall(pass.release, version);
  if (recalled) return recalled;
  try {
    if (history) return await context.records.read(history);
  } catch (error) {
    if (isKubeError(error)) throw error;
    tellLost(context, pass, failureOf(error).message);
    return undefined;
  }
  tellLost(context, pass, `the ReleaseHistory of version ${version} is gone`);
  return undefined;
}

function tellLost({ events, log }: Context, { key, release }: Pass, cause: string): void {
  const message = `deleted without its delete hooks, which cannot be read: ${cause}`;
  events.record({ object: release, type: 'Warning', reason: 'HistoryCorrupted', message });
  log('warn', 'deleting without hooks', { release: key, cause });
}

/** How far the deletion is. What a namespace that is being deleted takes with it need not be deleted one by one. */
function beginDeletion(context: Context, pass: Pass, target: DeployTarget): Progress {
  const { deletionTimestamp = '' } = pass.release.metadata;
  const begun = begin(pass.release, target, deletionTimestamp);
  if (!isEndingNamespace(context, pass)) return begun;
  return { ...begun, inventory: begun.inventory.filter(({ namespace }) => namespace === undefined) };
}

function isEndingNamespace({ namespaces }: Context, { release }: Pass): boolean {
  return isTerminating(namespaces, release.metadata.namespace);
}
