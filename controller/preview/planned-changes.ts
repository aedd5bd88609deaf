import type { InventoryEntry, PreviewedObject, PreviewRefusal } from '../../crds/index.ts';
import { bytesOfRecord } from '../../records/index.ts';
import { changesBetweenManifests, keyOf, refOf, titleOf } from '../../resources/index.ts';
import type { ManifestChanges, ObjectRef, Plan, PlannedWrite } from '../../resources/index.ts';
import { inTurns } from '../../turns/index.ts';
import { sparingStandby } from '../deploy/colours/standby.ts';
import { finishedWork } from '../deploy/finished-work.ts';
import { namedHooks } from '../deploy/hooks/hooks.ts';
import type { Observed } from '../pass/observed.ts';
import { desiredState, type Desired } from '../plan/desired.ts';
import type { Need } from '../plan/permissions/needs.ts';
import { openScope, planIn, type Scope } from '../plan/scope.ts';
import { progressOf, unionOf } from '../status/progress.ts';
import { inheritedInventory } from '../versions/inherited.ts';
import type { PlanServices } from '../plan/services.ts';
import type { RecordServices, VersionServices } from '../versions/services.ts';
import { asAdoption } from '../versions/target.ts';
import { stateOfAwaited, type ObjectState } from './object-state.ts';
import { plannedHooks, type PlannedHook } from './planned-hooks.ts';
import type { PlannedVersion } from './planned-version.ts';
import { MAX_KEPT_BYTES, tryWrites, type Trial } from './trial.ts';
import { withinRights } from './within-rights.ts';

/** What a version would change in the cluster. */
export interface PlannedChanges {
  /** How the Release would come to the version; undefined where it stays at it. */
  operation: PlannedVersion['operation'];
  objects: PreviewedObject[];
  /** What the writes go on from. */
  states: ObjectState[];
  changes: ManifestChanges;
  unchanged: number;
  hooks: PlannedHook[];
  refusals: PreviewRefusal[];
  /** What the service account lacks. */
  lacking: Need[];
  warnings: string[];
}

/** What it takes to find out what a version would change. */
export type ChangeServices = PlanServices & RecordServices & Pick<VersionServices, 'memory'>;

/** With no correction paused, a plan has all that differs. */
const NO_PAUSES = { isPaused: () => false };
/** Changes that are listed. */
const MAX_CHANGES = 500;

/**
 * What a pass would write to bring the cluster to a version, found out by dry run. Throws ReleaseError with all objects that may not be in
 * a Release, WaitsForMemory, KubeError where another attempt is due.
 */
export async function plannedChanges(
  services: ChangeServices,
  observed: Observed,
  planned: PlannedVersion,
): Promise<PlannedChanges> {
  const { operation, record, denied } = planned;
  const progress = progressOf(observed.release.status);
  const made = await desiredState(services, observed, record, operation === undefined ? 'set aside' : 'refuse');
  const all = { ...made, hooks: namedHooks(made.hooks, progress) };
  const owned = unionOf(progress.inventory, await inheritedInventory(services, observed));
  const { desired, inventory, unknown, lacking } = await withinRights(services, observed, all, owned, denied);
  const scope = await openScope(services, observed, desired, inventory);
  const plan = await planOf(services, observed, scope, { desired, inventory, isSame: operation === undefined });
  // Of each object what it is, and what it would be.
  services.memory.hold(observed.key, 'preview', Math.min(2 * bytesOfRecord(record), MAX_KEPT_BYTES));
  const trial = await tryWrites(services, observed, scope, [...definitionsOf(desired, scope), ...plan.writes]);
  const way = operation && asAdoption(operation, plan.writes.some(adopts));
  const hooks = plannedHooks(observed, all.hooks, way);
  const hookTrial = await tryWrites(services, observed, scope, hookWrites(hooks, scope));
  // What is being deleted is created again; a kind that the version itself defines cannot be tried before it is served.
  const created = [...plan.waiting, ...desired.pending.map(({ object }) => refOf(object))];
  return {
    operation: way,
    objects: [...trial.objects, ...asObjects('Create', created), ...asObjects('Unknown', unknown)],
    states: [...trial.states, ...created.map(stateOfAwaited)],
    changes: await changesOf(services, observed, trial),
    unchanged: trial.unchanged + untouched(desired, plan).length,
    hooks,
    refusals: [...plan.refusals.map(asRefusal), ...trial.refusals, ...hookTrial.refusals],
    lacking,
    warnings: [...planned.warnings, ...upgradesOf(desired, way), ...trial.warnings, ...hookTrial.warnings],
  };
}

interface Wanted {
  desired: Desired;
  inventory: InventoryEntry[];
  /** Whether the Release stays at its version, so that work that is done need not be done again. */
  isSame: boolean;
}

async function planOf(
  services: ChangeServices,
  observed: Observed,
  scope: Scope,
  { desired, inventory, isSame }: Wanted,
): Promise<Plan> {
  const { comparisons, lastApplies } = services;
  const progress = progressOf(observed.release.status);
  const finished = isSame ? finishedWork(services, observed, { desired, scope, progress }) : undefined;
  const paused = { comparisons, lastApplies, repairs: NO_PAUSES };
  const plan = await planIn(scope, paused, observed, desired, inventory, finished);
  return isSame ? sparingStandby(plan, progress) : plan;
}

function adopts(write: PlannedWrite): boolean {
  return write.type === 'update' && write.adopts !== undefined;
}

function asObjects(action: PreviewedObject['action'], refs: readonly InventoryEntry[]): PreviewedObject[] {
  return refs.map((ref) => ({ action, ...ref }));
}

function asRefusal({ ref, message }: { ref: ObjectRef; message: string }): PreviewRefusal {
  return { object: titleOf(ref), reason: 'AlreadyExists', message };
}

/** The definitions of the chart's `crds/` that do not exist. */
function definitionsOf({ definitions }: Desired, scope: Scope): PlannedWrite[] {
  return missing(
    definitions.map(({ object }) => ({ type: 'create', ref: refOf(object), object })),
    scope,
  );
}

/** Definitions that exist are upgraded only as far as that is safe, which is decided when it is done. */
function upgradesOf({ existing }: Desired, way: PlannedVersion['operation']): string[] {
  if (existing.length === 0 || way === undefined || way === 'Rollback') return [];
  const names = existing.map(({ object }) => object.metadata.name);
  return [
    `these definitions in the chart's crds/ exist, and would be upgraded as far as that is safe: ${names.join(', ')}`,
  ];
}

/** A hook whose object exists is deleted before it runs, or fails: neither can be tried. */
function hookWrites(hooks: readonly PlannedHook[], scope: Scope): PlannedWrite[] {
  return missing(
    hooks.map(({ object }) => ({ type: 'create', ref: refOf(object), object })),
    scope,
  );
}

function missing(writes: readonly PlannedWrite[], scope: Scope): PlannedWrite[] {
  return writes.filter(({ ref }) => scope.live(ref) === undefined);
}

/** The objects that nothing is planned for. */
function untouched({ objects }: Desired, { writes, refusals, waiting }: Plan): ObjectRef[] {
  const touched = new Set([...writes, ...refusals].map(({ ref }) => keyOf(ref)));
  for (const ref of waiting) touched.add(keyOf(ref));
  return objects.map(({ object }) => refOf(object)).filter((ref) => !touched.has(keyOf(ref)));
}

async function changesOf(
  { secrets }: Pick<VersionServices, 'secrets'>,
  { key }: Observed,
  { before, after }: Trial,
): Promise<ManifestChanges> {
  await inTurns(secrets.prepare(key));
  const masked = (text: string): string => secrets.mask(key, text);
  return inTurns(changesBetweenManifests(before, after, { max: MAX_CHANGES, masked }));
}
