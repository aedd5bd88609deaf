import type { KubeObject } from '../../resources/index.ts';

/** When a hook runs, in Helm's words. */
export type HookEvent =
  | 'pre-install'
  | 'post-install'
  | 'pre-delete'
  | 'post-delete'
  | 'pre-upgrade'
  | 'post-upgrade'
  | 'pre-rollback'
  | 'post-rollback'
  | 'test';

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
}

const EVENTS: ReadonlyMap<string, HookEvent> = new Map<string, HookEvent>([
  ['pre-install', 'pre-install'],
  ['post-install', 'post-install'],
  ['pre-delete', 'pre-delete'],
  ['post-delete', 'post-delete'],
  ['pre-upgrade', 'pre-upgrade'],
  ['post-upgrade', 'post-upgrade'],
  ['pre-rollback', 'pre-rollback'],
  ['post-rollback', 'post-rollback'],
  ['test', 'test'],
  ['test-success', 'test'],
]);

/**
 * The hook that an object is by its annotations; `none` where it is a part of the release, `unknown-event` where it names an event
 * that Helm does not know, which makes Helm leave it out altogether.
 */
export function hookOf(object: KubeObject, source: string): HookObject | 'none' | 'unknown-event' {
  const { name } = object.metadata;
  // A template whose `annotations:` has nothing below it leaves null there.
  const annotations = object.metadata.annotations ?? {};
  const declared = annotations['helm.sh/hook'];
  if (declared === undefined) return 'none';
  const events = listOf(declared).map((event) => EVENTS.get(event));
  if (!events.every((event) => event !== undefined)) return 'unknown-event';
  const weight = annotations['helm.sh/hook-weight'] ?? '';
  const policies = annotations['helm.sh/hook-delete-policy'];
  return {
    object,
    source,
    kind: object.kind,
    name,
    events,
    weight: /^[+-]?\d+$/.test(String(weight)) ? Number(weight) : 0,
    deletePolicies: policies === undefined ? [] : listOf(policies),
  };
}

function listOf(text: unknown): string[] {
  return String(text)
    .split(',')
    .map((item) => item.trim().toLowerCase());
}
