import { changedAt, isMap, listAt, mapAt, type JsonMap } from '../json/json.ts';
import { titleOfObject } from '../reference.ts';
import type { KubeObject } from '../types.ts';
import {
  hasPods,
  isSelected,
  isService,
  isComparable,
  objectsHere,
  POD_LABELS,
  POD_SPEC,
  podLabelsOf,
  selectorOf,
  SELECTORS,
  type BlueGreen,
  type Item,
} from './chart-pods.ts';
import { referencesIn, withReferences, type Rename } from './pod-references.ts';

/** Made by Kubernetes for one ServiceAccount. */
const TOKEN_SECRET = 'kubernetes.io/service-account-token';
const KEEP = 'helm.sh/resource-policy';

/**
 * The objects of a chart in one colour: the Deployments behind the Service, what scales and protects them, and copies of the ConfigMaps and
 * Secrets that their pods read, named and labelled with the colour; the Services that lead to them, which then lead to this colour; and all
 * others as they are. Only what is of the colour has its label. There must be no `blueGreenProblem`.
 * Yields after each object.
 */
export function* inColour<T extends Item>(given: readonly T[], strategy: BlueGreen): Generator<undefined, T[]> {
  const items = given.map((item) => unmarked(item, strategy));
  const objects = objectsHere(items, strategy);
  const here = new Set(objects);
  const service = objects.find((object) => isService(object, strategy.service));
  const selector = service ? selectorOf(service) : {};
  const behind = new Set(objects.filter((object) => isSelected(selector, podLabelsOf(object))));
  const read = new Set([...behind].flatMap((object) => [...referencesIn(mapAt(object, ...POD_SPEC))]));
  const copied = objects
    .filter((object) => read.has(titleOfObject(object)) && object['type'] !== TOKEN_SECRET)
    .map((object) => titleOfObject(object));
  const colours: Colours = {
    ...strategy,
    behind,
    names: new Set([...behind].map(({ metadata }) => metadata.name)),
    labels: [...behind].map(podLabelsOf),
    otherLabels: objects.filter((object) => !behind.has(object) && hasPods(object)).map(podLabelsOf),
    copied: new Set(copied),
  };
  const result: T[] = [];
  for (const item of items) {
    const made = here.has(item.object) ? objectsFor(item.object, colours) : [item.object];
    result.push(...made.map((object) => (object === item.object ? item : { ...item, object })));
    yield;
  }
  return result;
}

/** Without the label of a colour, which says nothing where a chart wrote it. */
function unmarked<T extends Item>(item: T, { label }: BlueGreen): T {
  const { metadata } = item.object;
  if (metadata.labels?.[label] === undefined) return item;
  const { [label]: _, ...labels } = metadata.labels;
  return { ...item, object: { ...item.object, metadata: { ...metadata, labels } } };
}

/** The objects of a chart, by what becomes of them. */
interface Colours extends BlueGreen {
  /** The Deployments behind the Service, their names, and the labels of their pods. */
  behind: ReadonlySet<KubeObject>;
  names: ReadonlySet<unknown>;
  labels: readonly JsonMap[];
  /** The labels of the pods of all others. */
  otherLabels: readonly JsonMap[];
  /** `Kind/name` of what is copied. */
  copied: ReadonlySet<string>;
}

function objectsFor(object: KubeObject, colours: Colours): KubeObject[] {
  if (colours.behind.has(object)) return [named(doubled(object, colours), colours)];
  if (colours.copied.has(titleOfObject(object))) return [object, named(object, colours)];
  if (object.kind === 'Service') return servicesFor(object, colours);
  const target = targetIn(object, colours);
  if (target)
    return [
      named(
        changed(object, target, (name) => withColour(name, colours)),
        colours,
      ),
    ];
  const selector = ownSelectorIn(object, colours);
  return selector ? [named(withLabel(object, selector, colours), colours)] : [object];
}

function doubled(object: KubeObject, colours: Colours): KubeObject {
  const { label, colour, copied } = colours;
  const rename: Rename = (kind, name) => (copied.has(`${kind}/${name}`) ? withColour(name, colours) : name);
  const labels = podLabelsOf(object);
  const selected = withLabel(object, ['spec', 'selector'], colours);
  const labelled = changed(selected, POD_LABELS, () => ({ ...labels, [label]: colour }));
  return changed(labelled, POD_SPEC, (spec) =>
    isMap(spec) ? withOwnSelectors(withReferences(spec, rename), labels, colours) : spec,
  );
}

/** Where pods keep away from their like, those of the other colour do not count. */
function withOwnSelectors(spec: JsonMap, labels: JsonMap, colours: BlueGreen): JsonMap {
  const own = (term: unknown): unknown => {
    const selector = mapAt(term, 'labelSelector');
    return isMap(term) && isComparable(selector) && isSelected(selector, labels)
      ? { ...term, labelSelector: selectorWith(selector, colours) }
      : term;
  };
  const required = 'requiredDuringSchedulingIgnoredDuringExecution';
  const preferred = 'preferredDuringSchedulingIgnoredDuringExecution';
  const paths = ['podAntiAffinity', 'podAffinity'].flatMap((kind) => [
    ['affinity', kind, required, '[]'],
    ['affinity', kind, preferred, '[]', 'podAffinityTerm'],
  ]);
  const spread = changedAt(spec, ['topologySpreadConstraints', '[]'], own);
  const result = paths.reduce((value, path) => changedAt(value, path, own), spread);
  return isMap(result) ? result : spec;
}

function servicesFor(object: KubeObject, colours: Colours): KubeObject[] {
  const isMain = object.metadata.name === colours.service;
  // One that leads to other pods as well would lose these.
  if (!isMain && !isOnlyFor(selectorOf(object), colours)) return [object];
  const selector = { ...mapAt(object, 'spec', 'selector'), [colours.label]: colours.colour };
  const leading = changed(object, ['spec', 'selector'], () => selector);
  return isMain && colours.preview !== undefined ? [leading, previewOf(object, selector, colours)] : [leading];
}

/** For the cluster only, and with none of the marks that make others find the chart's Service: they would act on it twice. */
function previewOf(
  { apiVersion, kind, metadata, spec }: KubeObject,
  selector: JsonMap,
  { label, colour, preview = '' }: BlueGreen,
): KubeObject {
  const { namespace } = metadata;
  const ports = listAt(spec, 'ports').map((port) =>
    isMap(port) ? Object.fromEntries(Object.entries(port).filter(([key]) => key !== 'nodePort')) : port,
  );
  return {
    apiVersion,
    kind,
    metadata: { name: preview, ...(namespace === undefined ? {} : { namespace }), labels: { [label]: colour } },
    spec: { selector, ports },
  };
}

/** Where an object has the name of the Deployment that it scales or watches over, if that exists in this colour. */
function targetIn(object: KubeObject, { names }: Colours): string[] | undefined {
  for (const field of ['scaleTargetRef', 'targetRef']) {
    const { kind = 'Deployment', name } = mapAt(object, 'spec', field);
    if (kind === 'Deployment' && names.has(name)) return ['spec', field, 'name'];
  }
  return undefined;
}

/** Where an object says that it is about the pods of this colour, if it is about no others. */
function ownSelectorIn(object: KubeObject, colours: Colours): readonly string[] | undefined {
  const path = Object.hasOwn(SELECTORS, object.kind) ? SELECTORS[object.kind] : undefined;
  return path && isOnlyFor(mapAt(object, ...path), colours) ? path : undefined;
}

/** Whether a selector selects pods of this colour, and no others; false if it is too long to find out. */
function isOnlyFor(selector: JsonMap, { labels, otherLabels }: Colours): boolean {
  const isFor = (one: JsonMap): boolean => isSelected(selector, one);
  return isComparable(selector) && labels.some(isFor) && !otherLabels.some(isFor);
}

function withColour(name: unknown, { colour }: BlueGreen): string {
  return `${String(name)}-${colour}`;
}

function withLabel(object: KubeObject, path: readonly string[], strategy: BlueGreen): KubeObject {
  return changed(object, path, (selector) => selectorWith(isMap(selector) ? selector : {}, strategy));
}

function selectorWith(selector: JsonMap, { label, colour }: BlueGreen): JsonMap {
  return { ...selector, matchLabels: { ...mapAt(selector, 'matchLabels'), [label]: colour } };
}

/** Named and labelled with the colour; an annotation by which Helm would never delete it goes. */
function named(object: KubeObject, { label, colour }: BlueGreen): KubeObject {
  const { annotations, ...metadata } = object.metadata;
  const left = Object.entries(annotations ?? {}).filter(([key]) => key !== KEEP);
  return {
    ...object,
    metadata: {
      ...metadata,
      name: `${metadata.name}-${colour}`,
      labels: { ...metadata.labels, [label]: colour },
      ...(left.length === 0 ? {} : { annotations: Object.fromEntries(left) }),
    },
  };
}

function changed(object: KubeObject, path: readonly string[], change: (value: unknown) => unknown): KubeObject {
  return changedAt(object, path, change) as KubeObject;
}
