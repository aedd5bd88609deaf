import { isKubeError } from '../../kube/index.ts';
import { yellow, type Health, andMore } from '../../resources/index.ts';
import type { Observed } from '../pass/observed.ts';
import type { DesiredServices } from '../plan/services.ts';
import type { DeployServices } from './services.ts';
import type { VersionRecord } from '../../records/index.ts';
import { failureOf, isStaleRead } from '../pass/failures/failures.ts';
import { catchFailure } from '../pass/failures/catch-failure.ts';
import { isTerminating, requireAccount } from '../plan/account.ts';
import { desiredHooks, type Desired } from '../plan/desired.ts';
import { heldVersionOf, targetVersionOf, unionOf, type Progress } from '../status/progress.ts';
import { dependantsBeingDeleted } from '../versions/order/require-dependencies.ts';
import { inheritedInventory } from '../versions/inherited.ts';
import { deploy, type DeployResult } from './deploy.ts';
import { OPERATION_EVENTS, skipsHooks } from './hooks/hooks.ts';
import { resumeOrBegin, withHooksAsked } from './operation.ts';
import type { DeployTarget } from './target.ts';

/** What a Release that is being deleted should have. */
export const NOTHING: Desired = { objects: [], pending: [], definitions: [], existing: [], hooks: [], unserved: [] };

/**
 * One pass over a Release that is being deleted: deploys an empty target, with the delete hooks of the version that the cluster is held to
 * or, if there is none, of the one that was begun. Objects of hooks are deleted only by their delete policies, as in Helm. Done when
 * nothing is left. Throws Conflict, Fenced.
 */
export async function uninstall(services: DeployServices, observed: Observed): Promise<DeployResult> {
  const { status } = observed.release;
  const version = heldVersionOf(status) ?? targetVersionOf(status) ?? 0;
  const unseen = {
    inputs: undefined,
    followed: undefined,
    cluster: undefined,
    leftContent: undefined,
    chart: undefined,
  };
  const nothing = { version, operation: 'Delete', desired: NOTHING, ...unseen } as const;
  const begun = beginDeletion(services, observed, nothing);
  const isEnding = isEndingNamespace(services, observed);
  const dependants = isEnding || haveHooksBegun(begun) ? [] : dependantsBeingDeleted(services, observed);
  if (dependants.length > 0) return { observed, progress: begun, scope: undefined, waiting: behind(dependants) };
  const left = await catchFailure(async () => {
    const inventory = isEnding
      ? begun.inventory
      : unionOf(begun.inventory, await inheritedInventory(services, observed));
    const { hooks, leaving } = isEnding ? NO_RECORD : await recordedPart(services, observed, version);
    if (inventory.length + hooks.length > 0) await requireAccount(services, observed.release);
    return { inventory, hooks, leaving };
  });
  if (!left.value) return { observed, progress: begun, scope: undefined, failure: left.failure };
  const { inventory, ...recorded } = left.value;
  return deploy(services, observed, { ...nothing, desired: { ...NOTHING, ...recorded } }, { ...begun, inventory });
}

/** Once its hooks have begun to take it down, nothing waits any longer, even if somebody deletes a dependant after that. */
function haveHooksBegun({ operation, hooks }: Progress): boolean {
  return operation?.phase !== 'Before' || hooks.length > 0 || operation.failure !== undefined;
}

/** A deletion goes the other way round: what depends on a Release goes before it. */
function behind(dependants: readonly string[]): Health {
  const [first, ...others] = dependants;
  const all =
    others.length > 0
      ? `${first}${andMore(others.length)}, which depend on it, are`
      : `${first}, which depends on it, is`;
  return yellow(`waits until Release/${all} deleted`);
}

/** What a deletion needs of a version: its delete hooks, and the order of its charts. */
type RecordedPart = Pick<Desired, 'hooks' | 'leaving'>;

const NO_RECORD: RecordedPart = { hooks: [] };

/** The same of a version, as far as its record can be read. Throws ReleaseError if a hook may not be created; KubeError. */
async function recordedPart(
  services: Pick<DesiredServices, 'discovery' | 'namespaces'> & Pick<DeployServices, 'events' | 'log' | 'records'>,
  observed: Observed,
  version: number,
): Promise<RecordedPart> {
  if (version === 0) return NO_RECORD;
  if (skipsHooks(observed.release, 'Delete')) {
    return { hooks: [], leaving: services.records.recall(observed.release, version) };
  }
  const record = await recordForDeletion(services, observed, version);
  if (!record) return NO_RECORD;
  const hooks = await desiredHooks(services, observed, record, Object.values(OPERATION_EVENTS.Delete));
  return { hooks, leaving: record };
}

/**
 * The record; undefined if it is lost, which must not keep a Release from being deleted. With `--cascade=foreground` the garbage collector
 * deletes the histories before anything else: then a record that was read before is used.
 */
async function recordForDeletion(
  services: Pick<DeployServices, 'events' | 'log' | 'records'>,
  observed: Observed,
  version: number,
): Promise<VersionRecord | undefined> {
  const history = observed.histories.find(({ spec }) => spec.version === version);
  const recalled = services.records.recall(observed.release, version);
  if (recalled) return recalled;
  try {
    if (history) return await services.records.read(observed.key, history);
  } catch (error) {
    if (isKubeError(error) || isStaleRead(error)) throw error;
    announceLostRecord(services, observed, failureOf(error).message);
    return undefined;
  }
  announceLostRecord(services, observed, `the ReleaseHistory of version ${version} is gone`);
  return undefined;
}

function announceLostRecord(
  { events, log }: Pick<DeployServices, 'events' | 'log'>,
  { key, release }: Observed,
  cause: string,
): void {
  const message = `deleted without its delete hooks, which cannot be read: ${cause}`;
  events.record({ object: release, type: 'Warning', reason: 'HistoryCorrupted', message });
  log('warn', 'deleting without hooks', { release: key, cause });
}

/** How far the deletion has come. A namespace that is being deleted takes its objects with it: they need not be deleted one by one. */
function beginDeletion(
  services: Pick<DeployServices, 'namespaces'>,
  observed: Observed,
  target: DeployTarget,
): Progress {
  const { deletionTimestamp = '' } = observed.release.metadata;
  const resumed = resumeOrBegin(observed.release, target, deletionTimestamp);
  const begun = withHooksAsked(observed, resumed, new Date().toISOString());
  if (!isEndingNamespace(services, observed)) return begun;
  return { ...begun, inventory: begun.inventory.filter(({ namespace }) => namespace === undefined) };
}

function isEndingNamespace({ namespaces }: Pick<DeployServices, 'namespaces'>, { release }: Observed): boolean {
  return isTerminating(namespaces, release.metadata.namespace);
}
