import type { HookObject, Rendering } from '../../../chart-renderer/index.ts';
import { OWNERSHIP } from '../../../controller/pass/ownership.ts';
import { withoutRefusedItems } from '../../../resources/apply/refused-items.ts';
import { withoutFilledTexts } from '../../../resources/apply/empty-texts.ts';
import { desiredOf, inHookOrder, type KubeObject, parseJson, withNullsRead } from '../../../resources/index.ts';
import type { HelmAnswer } from './oracle.ts';
import type { Setting } from './settings.ts';

/** What is sent to the API server, each in its order: hooks by event. */
export interface Sent {
  readonly definitions: readonly unknown[];
  readonly objects: readonly unknown[];
  readonly hooks: Readonly<Record<string, readonly unknown[]>>;
}

/** What we send, without the marks of the Release that it belongs to. */
export function sentByUs({ objects, hooks, crds }: Rendering, { release }: Setting): Sent {
  const owner = { name: release.name, namespace: release.namespace, ownership: OWNERSHIP };
  const sent = ({ object }: { object: KubeObject }): unknown =>
    unmarked(desiredOf(object, owner, { namespaced: true }), Object.values(OWNERSHIP));
  const events = [...new Set(hooks.flatMap((hook) => hook.events))];
  const runOf = (event: string): unknown[] =>
    inHookOrder(hooks.filter((hook) => hook.events.some((its) => its === event))).map((hook) => ({
      ...factsOf(hook),
      object: sent(hook),
    }));
  return {
    definitions: crds.map(sent),
    objects: objects.map(sent),
    hooks: Object.fromEntries(events.map((event) => [event, runOf(event)])),
  };
}

function factsOf({ source, weight, deletePolicies }: HookObject): object {
  return { source, weight, deletePolicies };
}

/** What Helm sends, before its own marks, changed only as everything is that we send. */
export function sentByHelm({ objects = [], hooks = {}, definitions = [] }: HelmAnswer): Sent {
  const runs = Object.entries(hooks).map(([event, run]): [string, unknown[]] => [
    event,
    run.flatMap(({ objects: texts, ...facts }) => texts.map((text) => ({ ...facts, object: intended(text) }))),
  ]);
  return {
    definitions: definitions.map(intended),
    objects: objects.map(intended),
    hooks: Object.fromEntries(runs),
  };
}

const WRITTEN_BY_THE_SERVER = [
  'uid',
  'resourceVersion',
  'generation',
  'creationTimestamp',
  'deletionTimestamp',
  'deletionGracePeriodSeconds',
  'managedFields',
  'selfLink',
];

/**
 * Helm's object with what we send otherwise and the server reads the same: no status and nothing that the server writes, `stringData`
 * as data, nulls and empty texts settled, repeated list items once.
 */
function intended(text: string): unknown {
  const { status: _, stringData, ...rest } = parseJson(text) as KubeObject;
  const metadata = Object.entries(rest.metadata ?? {}).filter(([key]) => !WRITTEN_BY_THE_SERVER.includes(key));
  const object = { ...rest, metadata: Object.fromEntries(metadata) } as KubeObject;
  if (rest.kind === 'Secret' && typeof stringData === 'object' && stringData !== null) {
    const encoded = Object.entries(stringData as Record<string, string | null>).map(([key, value]) => [
      key,
      base64(value),
    ]);
    object['data'] = { ...(rest['data'] as object | undefined), ...Object.fromEntries(encoded) };
  }
  return unmarked(withoutRefusedItems(withoutFilledTexts(withNullsRead(object))), []);
}

function base64(text: string | null): string {
  return Buffer.from(text ?? '').toString('base64');
}

/** Without marks, and without maps of labels and annotations in which nothing else is. */
function unmarked(object: KubeObject, marks: readonly string[]): unknown {
  const { labels, annotations, ...metadata } = object.metadata;
  const left = Object.entries({ labels, annotations }).flatMap(([key, map]) => {
    const own = Object.entries(map ?? {}).filter(([name]) => !marks.includes(name));
    return own.length === 0 ? [] : [[key, Object.fromEntries(own)] as const];
  });
  return { ...object, metadata: { ...metadata, ...Object.fromEntries(left) } };
}
