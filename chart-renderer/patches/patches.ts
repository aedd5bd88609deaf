import type { TypedYaml } from '../../golang/yaml/index.ts';
import {
  isDeeperThan,
  jsonPatched,
  mergeRulesFor,
  strategicMerge,
  titleOf,
  type JsonMap,
  type KubeObject,
  listed,
} from '../../resources/index.ts';
import { ChartError, messageOf } from '../errors.ts';
import { objectFault } from '../manifest/document-objects.ts';
import { hookOf, type HookObject } from '../manifest/hooks.ts';
import type { Manifests, SourcedObject } from '../manifest/objects.ts';
import { readPatch, type Patch, type PatchRule } from './read-patch.ts';

type Item = SourcedObject | HookObject;

/**
 * What a chart renders with patches applied to its objects and hooks, in their order. As with Helm 4's post-renderers, the annotations that
 * an object has then decide whether it is a hook. Throws ChartError `Patch`, which names the patch by its place and the object.
 */
export function withPatches({ objects, hooks }: Manifests, rules: readonly PatchRule[]): Manifests {
  let items: Item[] = [...objects, ...hooks];
  for (const [index, rule] of rules.entries()) items = patchedItems(items, rule, `patches[${index}]`);
  return { objects: items.filter((item) => !isHook(item)), hooks: items.filter(isHook) };
}

function patchedItems(items: readonly Item[], rule: PatchRule, title: string): Item[] {
  const patch = readRule(rule, title);
  let matches = 0;
  const result = items.flatMap((item) => {
    if (!patch.matches(item.object)) return [item];
    matches += 1;
    const object = patchedObject(item, patch, title);
    return object === undefined ? [] : withObject(item, object);
  });
  if (matches === 0 && rule.optional !== true) throw matchesNothing(items, title);
  return result;
}

function readRule(rule: PatchRule, title: string): Patch {
  try {
    return readPatch(rule);
  } catch (error) {
    throw new ChartError('Patch', `${title}: ${messageOf(error)}`, { cause: error });
  }
}

/** Undefined where the patch deletes the object. */
function patchedObject({ object, source }: Item, patch: Patch, title: string): KubeObject | undefined {
  const place = `${title}, applied to ${titleOf(named(object))} of ${source}`;
  let result: unknown;
  try {
    result = resultOf(object, patch);
  } catch (error) {
    throw new ChartError('Patch', `${place}: ${messageOf(error)}`, { cause: error, file: source });
  }
  if (result === undefined) return undefined;
  const fault = faultOf(result);
  if (fault !== undefined) throw new ChartError('Patch', `${place}, makes it invalid: ${fault}`, { file: source });
  return result as KubeObject;
}

function resultOf(object: KubeObject, patch: Patch): unknown {
  if (patch.type === 'json') return jsonPatched(object, patch.operations);
  if (patch.change['$patch'] === 'delete') return undefined;
  const { apiVersion, kind, metadata } = object;
  const merged = strategicMerge(object, patch.change, mergeRulesFor(object));
  const { name, namespace, generateName } = metadata;
  const identity = { name, namespace, generateName };
  const given = Object.fromEntries(Object.entries(identity).filter(([, value]) => value !== undefined));
  // A merge that replaces the whole object, or its metadata, leaves it the same one.
  return { ...merged, apiVersion, kind, metadata: { ...given, ...(merged['metadata'] as JsonMap | undefined) } };
}

/** As deep as the YAML that is read may be. */
const MAX_DEPTH = 1_000;

function faultOf(object: unknown): string | undefined {
  if (isDeeperThan(object, MAX_DEPTH)) return `it is nested more than ${MAX_DEPTH} levels deep`;
  return objectFault(object as TypedYaml, 'named-or-generated');
}

/** The item with its patched object, a hook or not as that says; none if it says that it is a hook of an unknown event. */
function withObject(item: Item, object: KubeObject): Item[] {
  const { source } = item;
  const { kind } = object;
  const { name } = named(object);
  if (hookMarks(object) === hookMarks(item.object)) {
    // An item of a list is a hook by the annotations, and has the place, of the list.
    return [isHook(item) && item.list === undefined ? { ...item, object, kind, name } : { ...item, object }];
  }
  const hook = hookOf(new Map(Object.entries(object.metadata.annotations ?? {})));
  if (hook === 'unknown-event') return [];
  return [hook === 'none' ? { object, source } : { object, source, kind, name, ...hook }];
}

function hookMarks({ metadata: { annotations = {} } }: KubeObject): string {
  return JSON.stringify(HOOK_ANNOTATIONS.map((name) => annotations[name] ?? null));
}

const HOOK_ANNOTATIONS = ['helm.sh/hook', 'helm.sh/hook-weight', 'helm.sh/hook-delete-policy'];

function isHook(item: Item): item is HookObject {
  return 'events' in item;
}

const MAX_TITLES = 10;

function matchesNothing(items: readonly Item[], title: string): ChartError {
  const titles = items.map(({ object }) => titleOf(named(object)));
  const there = items.length === 0 ? 'nothing' : listed(titles, MAX_TITLES);
  const advice = 'correct its target, remove the patch, or set optional: true beside it';
  return new ChartError('Patch', `${title} matches no object: the chart renders ${there}: ${advice}`);
}

/** An object by its name, or by that which its name is made of. */
function named({ kind, metadata }: KubeObject): { kind: string; name: string } {
  return { kind, name: metadata.name || (metadata.generateName ?? '') };
}
