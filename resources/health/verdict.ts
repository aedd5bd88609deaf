import { listAt, numberAt, textAt } from '../json/json.ts';
import { cut } from '../plain-text.ts';
import type { Health, KubeObject } from '../types.ts';

/** What health needs of an Event about one object. */
export interface EventText {
  /** `Normal` or `Warning`. */
  type: string;
  reason: string;
  message: string;
}

/** The Events about the object with a uid, newest last; none where they are not watched. */
export type EventsAbout = (uid: string | undefined) => readonly EventText[];

/** An object whose Events may say what its status does not: all of them, or Warnings only. */
export interface EventSubject {
  uid: string;
  kind: string;
  reads: 'all' | 'warnings';
}

/** A run of a container that ended badly: the last line of its log may say why. */
export interface EndedRun {
  pod: string;
  uid: string;
  container: string;
  /** How often the container has been restarted, which distinguishes its runs. */
  restarts: number;
  /** Whether it is the run before the present state of the container. */
  isPrevious: boolean;
}

/** What is known besides the object itself. */
export interface HealthContext {
  /** The pods of its namespace. */
  pods: readonly KubeObject[];
  eventsAbout?: EventsAbout;
  /** Whether its kind is served with a status. */
  hasStatus?: boolean;
  /** Milliseconds since the epoch; without it, nothing counts as late. */
  now?: number;
  /** What decides before the rule of its kind, where it has a verdict. */
  check?: ((object: KubeObject) => Verdict | undefined) | undefined;
  /** The last line of a run's log, where it is known. */
  lastLineOf?: (run: EndedRun) => string | undefined;
  /** How long trouble that may pass by itself may last before it is Red, in milliseconds. */
  redAfterMs?: number;
}

/** A health, and what may change it while the object stays the same. What is Green may have a message, too: something to know about it. */
export interface Verdict extends Health {
  /** When it changes by time alone (milliseconds since the epoch). */
  changesAt?: number;
  /** The run whose log may say why. */
  run?: EndedRun;
  /** Whether it is Green only while no Event says otherwise. */
  unlessEvents?: true;
  /** Whether its check has not been evaluated yet: what was known before it may stand until then. */
  isPending?: true;
}

/** The health of one kind. */
export type HealthRule = (object: KubeObject, context: HealthContext) => Verdict;

/** A `metav1.Condition`, or one of its older cousins, as text. */
export interface ConditionText {
  status: string;
  reason: string;
  message: string;
  observedGeneration?: number;
}

/** The message for an object that its controller has not observed since it was changed. */
export const CHANGE_NOT_OBSERVED = 'its controller has not observed the last change yet';

const MAX_MESSAGE = 400;
const MAX_LOOKED_AT = 4_000;

/** As desired. */
export const GREEN: Health = { health: 'Green' };

/** Green, with something to know about it; the message becomes one line. */
export function green(message: string): Health {
  return { health: 'Green', message: oneLine(message) };
}

/** On its way, or unknown; the message becomes one line. */
export function yellow(message: string): Health {
  return { health: 'Yellow', message: oneLine(message) };
}

/** Broken; the message becomes one line. */
export function red(message: string): Health {
  return { health: 'Red', message: oneLine(message) };
}

/** The condition of that type in `status.conditions`, if there is one. */
export function conditionOf(object: KubeObject, type: string): ConditionText | undefined {
  const condition = listAt(object, 'status', 'conditions').find((item) => textAt(item, 'type') === type);
  return condition === undefined ? undefined : conditionText(condition);
}

/** A condition as text, whatever it is. */
export function conditionText(condition: unknown): ConditionText {
  const text = (field: string): string => textAt(condition, field) ?? '';
  const observedGeneration = numberAt(condition, 'observedGeneration');
  const seen = observedGeneration === undefined ? {} : { observedGeneration };
  return { status: text('status'), reason: text('reason'), message: text('message'), ...seen };
}

/** `reason: message`, either alone if only one is present, or `fallback`. */
export function reasonAndMessage({ reason, message }: { reason: string; message: string }, fallback = ''): string {
  return [reason, message].filter((part) => part !== '').join(': ') || fallback;
}

/** The earliest time at which one of these changes by itself, if any does. */
export function earlierOf(...verdicts: readonly (Verdict | undefined)[]): Pick<Verdict, 'changesAt'> {
  const changesAt = Math.min(...verdicts.map((verdict) => verdict?.changesAt ?? Infinity));
  return changesAt === Infinity ? {} : { changesAt };
}

/** The run that a verdict is about, if it is about one. */
export function runOf(verdict: Verdict | undefined): Pick<Verdict, 'run'> {
  return verdict?.run === undefined ? {} : { run: verdict.run };
}

function oneLine(message: string): string {
  // What is far behind the end is not looked at, whatever its length.
  const line = message.slice(0, MAX_LOOKED_AT).replace(/\s+/g, ' ').trim();
  return cut(message.length > MAX_LOOKED_AT ? `${line}…` : line, MAX_MESSAGE);
}
