import { digestOfJson } from '../json/digest.ts';
import { isMap, listAt, mapAt, numberAt, textAt, valueAt, type JsonMap } from '../json/json.ts';
import { quantityOf } from './quantity.ts';
import type { KubeObject } from '../types.ts';
import { setOf, entriesOf } from '../fields/managed-fields.ts';

/** A template of volume claims that asks for more storage than before. */
export interface ClaimGrowth {
  /** The name of the template, with which the names of its claims begin. */
  template: string;
  /** The storage that it asks for now, as the chart writes it. */
  storage: string;
}

/** What changes in the immutable fields of an object. */
export interface FieldChanges {
  fields: readonly string[];
  /** What would be lost, each in words that follow a colon. */
  losses: readonly string[];
  growth?: readonly ClaimGrowth[];
}

const CLAIMS = 'spec.volumeClaimTemplates';

/**
 * What changes in the fields of a StatefulSet that the API server does not change; it names none of them itself. The set is deleted without
 * its pods and claims, and its successor takes over the pods whose labels it selects, so that most changes lose nothing.
 */
export function statefulSetChanges(desired: KubeObject, live: KubeObject, manager: string): FieldChanges {
  const parts = [nameChanges, selectorChanges, claimChanges].map((changesIn) => changesIn(desired, live));
  const fields = parts.flatMap((part) => part.fields);
  const losses = [...parts.flatMap((part) => part.losses), ...scaledLosses(desired, live, manager)];
  const growth = parts.flatMap((part) => part.growth ?? []);
  if (fields.length > 0) return { fields, losses, growth };
  return { fields: ['spec'], losses: ['what this change means is not known'] };
}

const NAMES: readonly (readonly [field: string, byDefault: string])[] = [
  ['serviceName', ''],
  ['podManagementPolicy', 'OrderedReady'],
];

function nameChanges(desired: KubeObject, live: KubeObject): FieldChanges {
  const textOf = (object: KubeObject, field: string, byDefault: string): string =>
    textAt(object, 'spec', field) || byDefault;
  const changed = NAMES.filter((name) => textOf(desired, ...name) !== textOf(live, ...name));
  return { fields: changed.map(([field]) => `spec.${field}`), losses: [] };
}

function selectorChanges(desired: KubeObject, live: KubeObject): FieldChanges {
  if (isSame(mapAt(desired, 'spec', 'selector'), mapAt(live, 'spec', 'selector'))) return NONE;
  const losses = ['its pods run on beside the new ones until somebody deletes them'];
  return { fields: ['spec.selector'], losses };
}

const NONE: FieldChanges = { fields: [], losses: [] };

function claimChanges(desired: KubeObject, live: KubeObject): FieldChanges {
  const [wanted, present] = [templatesOf(desired), templatesOf(live)];
  if (isSame(wanted, present)) return NONE;
  const before = new Map(present.map((template) => [nameOf(template), template]));
  const names = new Set(wanted.map(nameOf));
  if (before.size !== names.size || [...names].some((name) => !before.has(name))) {
    return { fields: [CLAIMS], losses: ['pods get new, empty volumes for templates with new names'] };
  }
  const growth: ClaimGrowth[] = [];
  const losses = new Set<string>();
  for (const template of wanted) {
    const change = claimChange(template, before.get(nameOf(template)));
    if (change === 'other') losses.add('claims that exist stay as they are, and differ from their templates');
    else if (change !== 'none') growth.push(change);
  }
  return { fields: [CLAIMS], losses: [...losses], growth };
}

/** Labels and annotations of a template mean something for new claims only. */
function claimChange(wanted: unknown, present: unknown): ClaimGrowth | 'none' | 'other' {
  if (!isSame(otherThanStorage(wanted), otherThanStorage(present))) return 'other';
  const [storage, before] = [storageOf(wanted), storageOf(present)];
  const [next, last] = [quantityOf(storage), quantityOf(before)];
  if (next === last) return storage === before || next !== undefined ? 'none' : 'other';
  if (next === undefined || last === undefined || next < last) return 'other';
  return { template: nameOf(wanted), storage: String(storage) };
}

function templatesOf(object: KubeObject): unknown[] {
  return listAt(object, 'spec', 'volumeClaimTemplates').map((template) => ({
    metadata: withoutEmpty(mapAt(template, 'metadata')),
    spec: withoutEmpty({ volumeMode: 'Filesystem', ...withoutEmpty(mapAt(template, 'spec')) }),
  }));
}

function nameOf(template: unknown): string {
  return textAt(template, 'metadata', 'name') ?? '';
}

function storageOf(template: unknown): unknown {
  return valueAt(template, 'spec', 'resources', 'requests', 'storage');
}

function otherThanStorage(template: unknown): JsonMap {
  const spec = mapAt(template, 'spec');
  const resources = mapAt(spec, 'resources');
  const { storage: _, ...requests } = mapAt(resources, 'requests');
  return withoutEmpty({ ...spec, resources: withoutEmpty({ ...resources, requests }) });
}

/** Nulls and empty maps say nothing; an empty string does: no storage class. */
function withoutEmpty(map: JsonMap): JsonMap {
  const isSaid = (value: unknown): boolean =>
    value !== null && value !== undefined && !(isMap(value) && Object.keys(value).length === 0);
  return Object.fromEntries(Object.entries(map).filter(([, value]) => isSaid(value)));
}

function isSame(a: unknown, b: unknown): boolean {
  return digestOfJson(a) === digestOfJson(b);
}

/** Whoever made it larger or smaller than the chart does would see pods go. */
function scaledLosses(desired: KubeObject, live: KubeObject, manager: string): string[] {
  const replicas = numberAt(live, 'spec', 'replicas') ?? 1;
  if (replicas === (numberAt(desired, 'spec', 'replicas') ?? 1)) return [];
  const { ours } = entriesOf(live, manager);
  if (setOf(ours)['f:spec']?.['f:replicas'] !== undefined) return [];
  return [`its number of replicas, ${replicas}, which somebody else has set`];
}

/** How many claims a StatefulSet has, or may have, of each of its templates. */
export function claimCount(set: KubeObject): number {
  return Math.max(numberAt(set, 'spec', 'replicas') ?? 1, numberAt(set, 'status', 'replicas') ?? 0);
}

/** The names of the claims of a StatefulSet that are made of a template: one for each of its replicas. */
export function claimNames(set: KubeObject, template: string): string[] {
  const replicas = claimCount(set);
  const start = numberAt(set, 'spec', 'ordinals', 'start') ?? 0;
  return Array.from({ length: replicas }, (_, index) => `${template}-${set.metadata.name}-${start + index}`);
}

/** Whether a claim is one of a StatefulSet, going by the labels that its controller gives to each. */
export function isClaimOf(set: KubeObject, claim: KubeObject): boolean {
  const labels = claim.metadata.labels ?? {};
  return Object.entries(mapAt(set, 'spec', 'selector', 'matchLabels')).every(([key, value]) => labels[key] === value);
}

/** The storage that a claim asks for, if it is less than `storage`, so that it has to grow. */
export function mustGrow(claim: KubeObject, storage: string): boolean {
  const [wanted, present] = [quantityOf(storage), quantityOf(storageOf(claim))];
  return wanted !== undefined && present !== undefined && present < wanted;
}
