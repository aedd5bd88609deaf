import { listAt, textAt } from '../json.ts';
import type { Health, KubeObject } from '../types.ts';

/** What is known beside the object itself: the pods and, if they are watched, the events of its namespace. */
export interface Surroundings {
  pods: readonly KubeObject[];
  events?: readonly KubeObject[];
}

/** How one kind fares. */
export type HealthRule = (object: KubeObject, surroundings: Surroundings) => Health;

/** A `metav1.Condition`, or one of its older cousins, as text. */
export interface ConditionText {
  status: string;
  reason: string;
  message: string;
}

const MAX_MESSAGE = 400;

/** As wished. */
export const GREEN: Health = { health: 'Green' };

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
  if (condition === undefined) return undefined;
  const text = (field: string): string => textAt(condition, field) ?? '';
  return { status: text('status'), reason: text('reason'), message: text('message') };
}

/** `reason: message`, or what there is of it. */
export function wordsOf({ reason, message }: { reason: string; message: string }): string {
  return [reason, message].filter((part) => part !== '').join(': ');
}

function oneLine(message: string): string {
  const line = message.replace(/\s+/g, ' ').trim();
  return line.length > MAX_MESSAGE ? `${line.slice(0, MAX_MESSAGE - 1)}…` : line;
}
