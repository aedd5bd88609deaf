import { FIELD_MANAGER, type InventoryEntry, type ReleaseSpec } from '../../crds/index.ts';
import {
  otherManagersOf,
  refOf,
  titleOf,
  type Contest,
  type KubeObject,
  type ObjectRef,
  type Plan,
  type PlannedWrite,
  listed,
} from '../../resources/index.ts';
import type { Observed } from '../pass/observed.ts';
import type { Desired } from './desired.ts';
import { planIn, type Scope } from './scope.ts';
import type { PlanServices } from './services.ts';

/** An object that differs from the version in force. */
export interface Drifted {
  ref: ObjectRef;
  isMissing: boolean;
  /** How it differs, as the rest of a sentence that begins with its name. */
  how: string;
}

/** Whether drift stays as it is. */
export function leavesDrift({ drift }: Pick<ReleaseSpec, 'drift'>): boolean {
  return drift === 'Report' || drift === 'Ignore';
}

/** With every correction paused, a plan says what it would correct. */
const NO_REPAIRS = { isPaused: () => true };

/**
 * How the live objects differ from a version, in its order. Neither what is left to others by design nor finished work is drift.
 * Who owns a field decides, as values are not kept. Writes nothing.
 */
export async function driftIn(
  scope: Scope,
  services: Pick<PlanServices, 'comparisons' | 'lastApplies'>,
  observed: Observed,
  desired: Desired,
  inventory: InventoryEntry[],
  finished: ReadonlyMap<string, unknown>,
): Promise<Drifted[]> {
  const { comparisons, lastApplies } = services;
  const paused = { comparisons, lastApplies, repairs: NO_REPAIRS };
  return driftLeftBy(await planIn(scope, paused, observed, desired, inventory, finished), desired);
}

/** What still differs from the version once a plan of it was carried out, in its order. */
export function driftLeftBy(
  { contests, waiting, refusals }: Pick<Plan, 'contests' | 'waiting' | 'refusals'>,
  { pending }: Pick<Desired, 'pending'>,
): Drifted[] {
  const present =
    (how: string) =>
    (ref: ObjectRef): Drifted => ({ ref, isMissing: false, how });
  return [
    ...contests.map((contest) => (contest.paths.length === 0 ? missing(contest.ref) : changed(contest))),
    ...pending.map(({ object }) => missing(refOf(object))),
    ...waiting.map(present('is being deleted')),
    ...refusals.map(({ ref }) => ref).map(present('was replaced by one that this Release does not own')),
  ];
}

function missing(ref: ObjectRef): Drifted {
  return { ref, isMissing: true, how: 'does not exist' };
}

const MAX_PATHS = 3;

function changed({ ref, paths, managers }: Pick<Contest, 'ref' | 'paths' | 'managers'>): Drifted {
  const how = managers.length > 0 ? `was changed by ${managers.join(' and ')}` : 'was changed';
  return { ref, isMissing: false, how: `${how}: ${listed(paths, MAX_PATHS)}` };
}

const MAX_NAMED = 10;
const MAX_HOW = 500;

/** One line on what differs: the first objects by name and how they differ, and how many more there are. */
export function driftMessage(drift: readonly Drifted[]): string {
  return inOneLine(drift.slice(0, MAX_NAMED), drift.length);
}

function inOneLine(drift: readonly Drifted[], total: number): string {
  const named = drift.map(({ ref, how }) => `${titleOf(ref)} ${how.slice(0, MAX_HOW)}`);
  const more = total > drift.length ? `; and ${total - drift.length} more objects` : '';
  return `${named.join('; ')}${more}`;
}

/**
 * One line on what is to be corrected: the first objects by name, their fields, and who had changed them, going by who owns them in `live`,
 * which is the state before the correction.
 */
export function repairMessage(writes: readonly PlannedWrite[], live: Scope['live']): string {
  const first = writes.slice(0, MAX_NAMED).map((write) => beforeRepair(write, live(write.ref)));
  return inOneLine(first, writes.length);
}

function beforeRepair(write: PlannedWrite, live: KubeObject | undefined): Drifted {
  const { ref } = write;
  if (write.type === 'delete') return { ref, isMissing: false, how: 'was left over' };
  if (write.type === 'create' || live === undefined) return { ref, isMissing: true, how: 'was deleted' };
  const others = otherManagersOf(write.whole ?? write.object, live, FIELD_MANAGER);
  // Only paths that are named; each is looked for in all that others own.
  const managers = write.changes.slice(0, MAX_PATHS).flatMap((pointer) => others.namesFor(pointer));
  return changed({ ref, paths: write.changes, managers: [...new Set(managers)] });
}
