import { trimSpace } from '../../golang/strings/index.ts';
import type { KubeObject } from '../../resources/index.ts';

/** When hooks run, in Helm's words. */
export const HOOK_EVENTS = [
  'pre-install',
  'post-install',
  'pre-delete',
  'post-delete',
  'pre-upgrade',
  'post-upgrade',
  'pre-rollback',
  'post-rollback',
  'test',
] as const;

/** When a hook runs. */
export type HookEvent = (typeof HOOK_EVENTS)[number];

/** An object that is run at certain events instead of being part of the release. */
export interface HookObject {
  readonly object: KubeObject;
  /** The template that it comes from. */
  readonly source: string;
  readonly kind: string;
  readonly name: string;
  readonly events: readonly HookEvent[];
  /** Hooks of one event run from the lowest to the highest. */
  readonly weight: number;
  /** As written; empty where the chart says nothing, which Helm reads as before-hook-creation. */
  readonly deletePolicies: readonly string[];
  /** The same number for the items of one list. */
  readonly list?: number;
}

const EVENTS: ReadonlyMap<string, HookEvent> = new Map<string, HookEvent>([
  ...HOOK_EVENTS.map((event) => [event, event] as const),
  // Of Helm 2.
  ['test-success', 'test'],
]);

/** What the annotations of a document say of it as a hook. */
export type HookFacts = Pick<HookObject, 'events' | 'weight' | 'deletePolicies'>;

/**
 * The hook that a document is, going by its annotations; `none` where it is a part of the release, `unknown-event` where it names an event
 * that Helm does not know, which makes Helm leave it out altogether.
 */
export function hookOf(annotations: ReadonlyMap<string, string>): HookFacts | 'none' | 'unknown-event' {
  const declared = annotations.get('helm.sh/hook');
  if (declared === undefined) return 'none';
  const events = listOf(declared).map((event) => EVENTS.get(event));
  if (!events.every((event) => event !== undefined)) return 'unknown-event';
  const policies = annotations.get('helm.sh/hook-delete-policy');
  return {
    events,
    weight: weightOf(annotations.get('helm.sh/hook-weight') ?? ''),
    deletePolicies: policies === undefined ? [] : listOf(policies),
  };
}

/** What is not a 64-bit integer counts as 0. */
function weightOf(text: string): number {
  const weight = Number(text);
  return /^[+-]?\d+$/.test(text) && Math.abs(weight) < 2 ** 63 ? weight : 0;
}

function listOf(text: string): string[] {
  return text.split(',').map((item) => trimSpace(item).toLowerCase());
}
