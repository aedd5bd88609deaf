import type { InventoryEntry, ReleaseSpec } from '../../crds/index.ts';
import { refOf, titleOf, type Contest, type ObjectRef } from '../../resources/index.ts';
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

/** With every correction paused, a plan tells what it would correct. */
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
  const { contests, waiting, refusals } = await planIn(scope, paused, observed, desired, inventory, finished);
  const present =
    (how: string) =>
    (ref: ObjectRef): Drifted => ({ ref, isMissing: false, how });
  return [
    ...contests.map((contest) => (contest.paths.length === 0 ? missing(contest.ref) : changed(contest))),
    ...desired.pending.map(({ object }) => missing(refOf(object))),
    ...waiting.map(present('is being deleted')),
    ...refusals.map(({ ref }) => ref).map(present('was replaced by one that this Release does not own')),
  ];
}

function missing(ref: ObjectRef): Drifted {
  return { ref, isMissing: true, how: 'does not exist' };
}

const MAX_PATHS = 3;

function changed({ ref, paths, managers }: Contest): Drifted {
  const more = paths.length > MAX_PATHS ? ` and ${paths.length - MAX_PATHS} more` : '';
  const how = managers.length > 0 ? `was changed by ${managers.join(' and ')}` : 'was changed';
  return { ref, isMissing: false, how: `${how}: ${paths.slice(0, MAX_PATHS).join(', ')}${more}` };
}

const MAX_NAMED = 10;
const MAX_HOW = 500;

/** One line on what differs: the first objects by name and how they differ, and how many more there are. */
export function driftMessage(drift: readonly Drifted[]): string {
  const named = drift.slice(0, MAX_NAMED).map(({ ref, how }) => `${titleOf(ref)} ${how.slice(0, MAX_HOW)}`);
  const more = drift.length > MAX_NAMED ? `; and ${drift.length - MAX_NAMED} more objects` : '';
  return `${named.join('; ')}${more}`;
}
