import type { OperationView } from '../../api/index.ts';

type Phase = OperationView['phase'];

/** When the phases of an operation began, as far as they were seen; milliseconds. */
export interface PhaseTimes {
  /** Which operation it is. */
  readonly of: string;
  /** The phase that was seen last. */
  readonly present?: Phase;
  readonly began: ReadonlyMap<Phase, number>;
  /** How long those took that were seen from their beginning to their end. */
  readonly took: ReadonlyMap<Phase, number>;
}

/** Of no operation. */
export const NO_TIMES: PhaseTimes = { of: '', began: new Map(), took: new Map() };

/** The times after an operation was seen at a moment; of another operation, they begin anew. */
export function withPhase(times: PhaseTimes, operation: OperationView | undefined, nowMs: number): PhaseTimes {
  if (operation === undefined) return NO_TIMES;
  const { type, version, phase: present, startedAt } = operation;
  const of = `${type} ${version} ${startedAt}`;
  // Of one that is come upon on its way, nobody knows since when it is in its phase.
  if (times.of !== of)
    return { ...NO_TIMES, of, present, began: new Map(present === 'Before' ? [[present, nowMs]] : []) };
  if (times.present === present || times.present === undefined) return times;
  const { present: before, began } = times;
  const since = began.get(before);
  const took = since === undefined ? times.took : new Map(times.took).set(before, nowMs - since);
  return { of, present, began: new Map(began).set(present, nowMs), took };
}
