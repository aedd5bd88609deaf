import { changedAt, isMap, listAt, mapAt, textAt, type JsonMap } from '../json/json.ts';
import { selects } from '../selector.ts';
import type { KubeObject } from '../types.ts';
import { referencesIn, withReferences, type Rename } from './pod-references.ts';

/** What decides which objects of a chart are there once for each colour. */
export interface BlueGreen {
  /** A label for these objects and their pods, and its value: with a dash before it, also the end of their names. */
  label: string;
  colour: string;
  /** The name of the Service that leads to one colour at a time. */
  service: string;
  /** The name of a Service to be made, which leads to this colour alone. */
  preview?: string | undefined;
}

interface Item {
  readonly object: KubeObject;
}

const POD_LABELS = ['spec', 'template', 'metadata', 'labels'];
const POD_SPEC = ['spec', 'template', 'spec'];
/** What more than one node may mount at once. */
const SHARED_MODES = ['ReadWriteMany', 'ReadOnlyMany'];
/** Made by Kubernetes for one ServiceAccount. */
const TOKEN_SECRET = 'kubernetes.io/service-account-token';
const KEEP = 'helm.sh/resource-policy';

/** Each is compared with all others. */
const MAX = { services: 200, deployments: 50 };

/** Why the objects of a chart cannot be there in two colours; undefined if they can. */
export function blueGreenProblem(items: readonly Item[], { service: name, preview }: BlueGreen): string | undefined {
  const objects = items.map(({ object }) => object);
  const service = objects.find((object) => isService(object, name));
  if (!service) return `the chart has no Service/${name}`;
  if (preview !== undefined && objects.some((object) => isService(object, preview)))
    return `the chart has a Service/${preview} itself: give preview another name`;
  const behind = objects.filter((object) => isSelected(selectorOf(service), podLabelsOf(object)));
  if (behind.length === 0) return `Service/${name} selects no Deployment of the chart`;
  const services = objects.filter(({ kind }) => ['Service', 'PodDisruptionBudget'].includes(kind));
  if (behind.length > MAX.deployments || services.length > MAX.services)
    return `the chart has more than ${MAX.deployments} Deployments behind Service/${name}, or more than ${MAX.services} Services and PodDisruptionBudgets`;
  return behind.flatMap((object) => problemOf(object, objects) ?? [])[0];
}

function problemOf(object: KubeObject, objects: readonly KubeObject[]): string | undefined {
  const title = titleOf(object);
  if (object.kind !== 'Deployment') return `${title} cannot be there twice: only Deployments can`;
  if (textAt(object, 'spec', 'strategy', 'type') === 'Recreate')
    return `${title} cannot be there twice: by its strategy, Recreate, its old and new pods must not run at once`;
  const volumes = listAt(object, ...POD_SPEC, 'volumes');
  const claims = volumes.map((volume) => textAt(volume, 'persistentVolumeClaim', 'claimName'));
  const claim = objects.find(
    (one) => one.kind === 'PersistentVolumeClaim' && claims.includes(one.metadata.name) && !isForMany(one),
  );
  if (!claim) return undefined;
  return `${title} cannot be there twice: ${titleOf(claim)} is for one node only, as ReadWriteMany is not among its access modes`;
}

function isForMany(claim: KubeObject): boolean {
  return listAt(claim, 'spec', 'accessModes').some((mode) => SHARED_MODES.includes(String(mode)));
}

/**
 * The objects of a chart in one colour: the Deployments behind the Service, what scales and protects them, and copies of the ConfigMaps and
 * Secrets that their pods read, named and labelled with the colour; the Services that lead to them, which then lead to this colour; and all
 * others as they are. There must be no `blueGreenProblem`.
 */
export function inColour<T extends Item>(items: readonly T[], strategy: BlueGreen): T[] {
  const objects = items.map(({ object }) => object);
  const service = objects.find((object) => isService(object, strategy.service));
  const selector = service ? selectorOf(service) : {};
  const behind = new Set(objects.filter((object) => isSelected(selector, podLabelsOf(object))));
  const read = new Set([...behind].flatMap((object) => [...referencesIn(mapAt(object, ...POD_SPEC))]));
  const copied = objects.filter((object) => read.has(titleOf(object)) && object['type'] !== TOKEN_SECRET).map(titleOf);
  const colours: Colours = {
    ...strategy,
    behind,
    labels: [...behind].map(podLabelsOf),
    otherLabels: objects.filter((object) => !behind.has(object)).map(podLabelsOf),
    copied: new Set(copied),
  };
  return items.flatMap((item) => {
    const made = objectsFor(item.object, colours);
    return made.map((object) => (object === item.object ? item : { ...item, object }));
  });
}

/** The objects of a chart, by what becomes of them. */
interface Colours extends BlueGreen {
  /** The Deployments behind the Service, and the labels of their pods. */
  behind: ReadonlySet<KubeObject>;
  labels: readonly JsonMap[];
  /** The labels of the pods of all others. */
  otherLabels: readonly JsonMap[];
  /** `Kind/name` of what is copied. */
  copied: ReadonlySet<string>;
}

function objectsFor(object: KubeObject, colours: Colours): KubeObject[] {
  if (colours.behind.has(object)) return [named(doubled(object, colours), colours)];
  if (colours.copied.has(titleOf(object))) return [object, named(object, colours)];
  if (object.kind === 'Service') return servicesFor(object, colours);
  const target = targetIn(object, colours);
  if (target)
    return [
      named(
        changed(object, target, (name) => withColour(name, colours)),
        colours,
      ),
    ];
  return isBudgetOf(object, colours) ? [named(withLabel(object, ['spec', 'selector'], colours), colours)] : [object];
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
    return isMap(term) && isSelected(selector, labels)
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

/** Where an object has the name of the Deployment that it scales or watches over, if that is there in this colour. */
function targetIn(object: KubeObject, { behind }: Colours): string[] | undefined {
  for (const field of ['scaleTargetRef', 'targetRef']) {
    const { kind = 'Deployment', name } = mapAt(object, 'spec', field);
    const isDoubled = [...behind].some(({ metadata }) => metadata.name === name);
    if (kind === 'Deployment' && isDoubled) return ['spec', field, 'name'];
  }
  return undefined;
}

function isBudgetOf(object: KubeObject, colours: Colours): boolean {
  return object.kind === 'PodDisruptionBudget' && isOnlyFor(mapAt(object, 'spec', 'selector'), colours);
}

/** Whether a selector selects pods of this colour, and no others. */
function isOnlyFor(selector: JsonMap, { labels, otherLabels }: Colours): boolean {
  const isFor = (one: JsonMap): boolean => isSelected(selector, one);
  return labels.some(isFor) && !otherLabels.some(isFor);
}

/** The labels of the pods that an object makes; those of Jobs serve nobody. */
function podLabelsOf(object: KubeObject): JsonMap {
  if (object.kind === 'Job') return {};
  return object.kind === 'Pod' ? mapAt(object, 'metadata', 'labels') : mapAt(object, ...POD_LABELS);
}

/** The selector of a Service, which is a map of labels, as one like all others. */
function selectorOf(service: KubeObject): JsonMap {
  return { matchLabels: mapAt(service, 'spec', 'selector') };
}

function isSelected(selector: JsonMap, labels: JsonMap): boolean {
  const pod = { apiVersion: 'v1', kind: 'Pod', metadata: { name: '', labels: labels as Record<string, string> } };
  const matchExpressions = listAt(selector, 'matchExpressions');
  return selects({ namespace: undefined, matchLabels: mapAt(selector, 'matchLabels'), matchExpressions }, pod);
}

function isService({ kind, metadata }: KubeObject, name: string): boolean {
  return kind === 'Service' && metadata.name === name;
}

function titleOf({ kind, metadata }: KubeObject): string {
  return `${kind}/${metadata.name}`;
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
