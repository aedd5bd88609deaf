import type { InventoryEntry, ResourceStatus } from '../../crds/index.ts';
import {
  eventSubjectsOf,
  healthOf,
  type EndedRun,
  type EventsAbout,
  type EventSubject,
  type KubeObject,
  type ObjectRef,
  type Verdict,
} from '../../resources/index.ts';

/** What the health of children is derived from. */
export interface ChildrenHealthInput {
  live: (ref: ObjectRef) => KubeObject | undefined;
  /** Whether a kind is served with a status. */
  hasStatus: (ref: ObjectRef) => boolean;
  pods: readonly KubeObject[];
  eventsAbout: EventsAbout;
  /** Milliseconds since the epoch. */
  now: number;
  /** How long what may pass by itself may last until it is Red, in milliseconds. */
  redAfterMs: number;
  /** The last line of a run's log, where it is known. */
  lastLineOf: (run: EndedRun) => string | undefined;
  /** What decides the health of a child before the rule of its kind; undefined where nothing does. */
  checkOf: (ref: ObjectRef) => ((object: KubeObject) => Verdict | undefined) | undefined;
  /** What was known of a child before, which stands for as long as its check is not evaluated; undefined where nothing may stand. */
  knownOf: (ref: ObjectRef) => ResourceStatus | undefined;
}

/** The health of the children of a Release. */
export interface ChildrenHealth {
  resources: ResourceStatus[];
  /** Objects whose Events may tell why children are not well. */
  eventSubjects: EventSubject[];
  /** Runs of containers whose logs may tell why. */
  runs: EndedRun[];
  /** When a health next changes by time alone (milliseconds since the epoch). */
  changesAt: number | undefined;
  /** Whether there are children whose check is not evaluated yet, and of which nothing was known before. */
  isPartial: boolean;
}

/** The health of each object of an inventory, in its order. A generator: it yields after each, so that its caller can let others run. */
export function* childrenHealth(
  inventory: readonly InventoryEntry[],
  input: ChildrenHealthInput,
): Generator<undefined, ChildrenHealth> {
  const resources: ResourceStatus[] = [];
  const eventSubjects: EventSubject[] = [];
  const runs: EndedRun[] = [];
  let changesAt = Infinity;
  let isPartial = false;
  for (const entry of inventory) {
    const { verdict, subjects } = childHealth(entry, input);
    const known = verdict.isPending ? input.knownOf(entry) : undefined;
    isPartial ||= verdict.isPending === true && known === undefined;
    const { health, message } = known ?? verdict;
    resources.push(message === undefined ? { ...entry, health } : { ...entry, health, message });
    eventSubjects.push(...subjects);
    if (verdict.run) runs.push(verdict.run);
    changesAt = Math.min(changesAt, verdict.changesAt ?? Infinity);
    yield;
  }
  return { resources, eventSubjects, runs, changesAt: changesAt === Infinity ? undefined : changesAt, isPartial };
}

function childHealth(
  entry: InventoryEntry,
  { live, hasStatus, pods, eventsAbout, now, redAfterMs, lastLineOf, checkOf }: ChildrenHealthInput,
): { verdict: Verdict; subjects: EventSubject[] } {
  const object = live(entry);
  if (!object) return { verdict: { health: 'Yellow', message: 'not found' }, subjects: [] };
  const context = { pods, hasStatus: hasStatus(entry), now, redAfterMs, lastLineOf, check: checkOf(entry) };
  const verdict = healthOf(object, context);
  if (verdict.health === 'Green' && verdict.unlessEvents !== true) return { verdict, subjects: [] };
  // Returned whatever the Events say: what is well because of them would otherwise lose them, and no longer be well.
  return { verdict: healthOf(object, { ...context, eventsAbout }), subjects: eventSubjectsOf(object, pods) };
}
