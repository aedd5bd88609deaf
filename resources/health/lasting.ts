import type { KubeObject } from '../types.ts';
import { listAt, textAt } from '../json/json.ts';
import type { HealthContext, Verdict } from './verdict.ts';
import { red, yellow } from './verdict.ts';

/** After how long trouble that may pass by itself counts as broken, if the Release does not say. */
const RED_AFTER_MS = 60_000;

/**
 * Trouble that may pass by itself, and has been there since then (milliseconds since the epoch): Yellow at first, and Red once it has lasted
 * for as long as the context allows. Where that time is not known, it stays Yellow.
 */
export function redIfItLasts(
  words: string,
  since: number | undefined,
  { now, redAfterMs = RED_AFTER_MS }: Pick<HealthContext, 'now' | 'redAfterMs'>,
): Verdict {
  const changesAt = (since ?? NaN) + redAfterMs;
  if (now === undefined || Number.isNaN(changesAt)) return yellow(words);
  return now < changesAt ? { ...yellow(words), changesAt } : red(words);
}

/** When the condition of that type last changed (milliseconds since the epoch), if the object says so. */
export function conditionSince(object: KubeObject, type: string): number | undefined {
  const condition = listAt(object, 'status', 'conditions').find((item) => textAt(item, 'type') === type);
  return timeOf(textAt(condition, 'lastTransitionTime'));
}

/** When the object was created (milliseconds since the epoch), if it says so. */
export function createdSince(object: KubeObject): number | undefined {
  return timeOf(object.metadata.creationTimestamp);
}

/** An RFC 3339 time in milliseconds since the epoch; undefined if it is not one. */
export function timeOf(text: string | undefined): number | undefined {
  const time = Date.parse(text ?? '');
  return Number.isNaN(time) ? undefined : time;
}
