import { listAt, mapAt, type JsonMap } from '../json/json.ts';
import { selects } from '../selector.ts';
import type { KubeObject } from '../types.ts';

/** Where a workload has the labels of its pods. */
export const POD_LABELS: readonly string[] = ['spec', 'template', 'metadata', 'labels'];
/** Where a workload has the spec of its pods. */
export const POD_SPEC: readonly string[] = ['spec', 'template', 'spec'];
/** Labels, expressions and values in one selector. */
const MAX_TERMS = 100;

/** What decides which objects of a chart exist once for each colour. */
export interface BlueGreen {
  /** A label for these objects and their pods, and its value: with a dash before it, also the end of their names. */
  label: string;
  colour: string;
  /** The name of the Service that leads to one colour at a time. */
  service: string;
  /** The name of a Service to be made, which leads to this colour alone. */
  preview?: string | undefined;
  /** The namespace of the Service; the objects of others are left as they are. */
  namespace: string;
}

/** An object of a chart, with what else is known of it. */
export interface Item {
  readonly object: KubeObject;
}

/** Those objects that are in the namespace of the Service, or in none. */
export function objectsHere(items: readonly Item[], { namespace: here }: BlueGreen): KubeObject[] {
  return items.map(({ object }) => object).filter(({ metadata: { namespace = here } }) => namespace === here);
}

/** Kinds that are about pods, and where they say which. */
export const SELECTORS: Readonly<Record<string, readonly string[] | undefined>> = {
  PodDisruptionBudget: ['spec', 'selector'],
  NetworkPolicy: ['spec', 'podSelector'],
};

/** The labels of the pods that an object makes; those of Jobs serve nobody. */
export function podLabelsOf(object: KubeObject): JsonMap {
  if (object.kind === 'Job') return {};
  return object.kind === 'Pod' ? mapAt(object, 'metadata', 'labels') : mapAt(object, ...POD_LABELS);
}

/** Whether it makes pods, as far as its labels show. */
export function hasPods(object: KubeObject): boolean {
  return Object.keys(podLabelsOf(object)).length > 0;
}

/** The selector of a Service, which is a map of labels, as one like all others. */
export function selectorOf(service: KubeObject): JsonMap {
  return { matchLabels: mapAt(service, 'spec', 'selector') };
}

/** Whether a selector can be compared with all the pods of a chart. */
export function isComparable(selector: JsonMap): boolean {
  const expressions = listAt(selector, 'matchExpressions');
  const values = expressions.flatMap((one) => listAt(one, 'values'));
  return Object.keys(mapAt(selector, 'matchLabels')).length + expressions.length + values.length <= MAX_TERMS;
}

/** Whether a selector selects pods with these labels. */
export function isSelected(selector: JsonMap, labels: JsonMap): boolean {
  const pod = { apiVersion: 'v1', kind: 'Pod', metadata: { name: '', labels: labels as Record<string, string> } };
  const matchExpressions = listAt(selector, 'matchExpressions');
  return selects({ namespace: undefined, matchLabels: mapAt(selector, 'matchLabels'), matchExpressions }, pod);
}

/** Whether an object is the Service of this name. */
export function isService({ kind, metadata }: KubeObject, name: string): boolean {
  return kind === 'Service' && metadata.name === name;
}
