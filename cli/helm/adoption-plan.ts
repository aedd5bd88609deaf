import { DEFAULT_HELM_VERSION, type HelmVersion } from '../../chart-renderer/index.ts';
import { FIELD_MANAGER, type ReleaseSpec } from '../../crds/index.ts';
import type { FieldChange, KubeObject } from '../../resources/index.ts';
import { titleOfObject } from '../../resources/index.ts';
import { reasonOf } from '../errors.ts';
import type { AdoptedChart } from './adopted-chart.ts';
import { changesFrom, liveObjects, renderAgain, storedObjects, type ServedCluster } from './rendering.ts';
import { refusalsIn } from './refusals.ts';
import type { StoredRelease } from './stored-release.ts';

/** What adopting a release would do. */
export interface AdoptionPlan {
  readonly release: StoredRelease;
  readonly chartSource: string;
  readonly spec: Partial<ReleaseSpec>;
  /** How many objects are taken over. */
  readonly objects: number;
  /** `Kind/name` of objects that do not exist, or are not this Helm release's. */
  readonly missing: readonly string[];
  readonly foreign: readonly string[];
  /** Why objects may not be a Release's. */
  readonly refusals: readonly string[];
  /** From what Helm applied to what the chart gives here. */
  readonly rendered: readonly FieldChange[];
  /** From what is live to what it would be. */
  readonly applied: readonly FieldChange[];
  /** Objects whose change the API server would not show, and why. */
  readonly unknown: readonly string[];
  /** How many values are kept that the chart draws at random. */
  readonly kept: number;
}

/** Finds out what adopting a release would do, and writes nothing. Throws ChartError, TemplateError, KubeError. */
export async function adoptionPlan(
  cluster: ServedCluster,
  release: StoredRelease,
  chart: AdoptedChart,
  control: Partial<ReleaseSpec>,
): Promise<AdoptionPlan> {
  const stored = storedObjects(release);
  const before = (await liveObjects(cluster, stored)).flatMap((object) => object ?? []);
  const { helmVersion, objects, rendered, kept } = await renderedClosest(cluster, release, chart, { stored, before });
  const live = await liveObjects(cluster, objects);
  const titles = objects.map((object) => titleOfObject(object));
  const isForeign = (object: KubeObject | undefined): boolean => object !== undefined && !isOf(object, release);
  const outcomes = await dryRuns(cluster, objects, live);
  const { config, version } = release;
  const spec: Partial<ReleaseSpec> = {
    chart: chart.spec,
    ...(helmVersion === DEFAULT_HELM_VERSION ? {} : { helmVersion }),
    ...(Object.keys(config ?? {}).length === 0 ? {} : { values: config ?? {} }),
    version,
    adopt: 'HelmRelease',
    ...control,
  };
  return {
    release,
    chartSource: chart.source,
    spec,
    objects: live.filter((object) => object && !isForeign(object)).length,
    missing: titles.filter((_, index) => live[index] === undefined),
    foreign: titles.filter((_, index) => isForeign(live[index])),
    refusals: await refusalsIn(cluster, objects),
    rendered,
    ...outcomes,
    kept,
  };
}

/** Whether the Release would take over what the Helm release has. */
export function isPossible({ foreign, refusals }: AdoptionPlan): boolean {
  return foreign.length + refusals.length === 0;
}

/** Whether anything would change beside owners. */
export function hasDifferences({ rendered, applied, missing, unknown }: AdoptionPlan): boolean {
  return rendered.length + applied.length + missing.length + unknown.length > 0;
}

interface Rendered {
  readonly helmVersion: HelmVersion;
  readonly objects: readonly KubeObject[];
  readonly rendered: readonly FieldChange[];
  readonly kept: number;
}

/** As the version of Helm renders it that gives what was applied; where none does, the one that comes closest. */
async function renderedClosest(
  cluster: ServedCluster,
  release: StoredRelease,
  { bytes }: AdoptedChart,
  { stored, before }: { stored: readonly KubeObject[]; before: readonly KubeObject[] },
): Promise<Rendered> {
  let closest: Rendered | undefined;
  for (const helmVersion of ['v4', 'v3'] as const) {
    const { objects: sourced, remembered = {} } = await renderAgain(cluster, release, { bytes, helmVersion }, before);
    const objects = sourced.map(({ object }) => object);
    const rendered = changesFrom(stored, objects);
    const found = { helmVersion, objects, rendered, kept: Object.keys(remembered).length };
    if (closest === undefined || rendered.length < closest.rendered.length) closest = found;
    if (closest.rendered.length === 0) break;
  }
  return closest ?? { helmVersion: DEFAULT_HELM_VERSION, objects: [], rendered: [], kept: 0 };
}

function isOf({ metadata: { annotations = {} } }: KubeObject, { name, namespace }: StoredRelease): boolean {
  const owner = [annotations['meta.helm.sh/release-name'], annotations['meta.helm.sh/release-namespace']];
  return owner[0] === name && owner[1] === namespace;
}

/** What the API server would make of each object that exists, defaults and admission included. */
async function dryRuns(
  { client, discovery, namespace }: ServedCluster,
  objects: readonly KubeObject[],
  live: readonly (KubeObject | undefined)[],
): Promise<{ applied: FieldChange[]; unknown: string[] }> {
  const applied: FieldChange[] = [];
  const unknown: string[] = [];
  for (const [index, object] of objects.entries()) {
    const now = live[index];
    const resource = await discovery.resourceFor(object.apiVersion, object.kind);
    if (!now || !resource) continue;
    const metadata = { ...object.metadata, ...(resource.namespaced ? { namespace } : {}) };
    const sent = withoutScaled({ ...object, metadata }, now);
    try {
      const options = { fieldManager: FIELD_MANAGER, force: true, dryRun: true };
      const then = await client.apply(resource, sent, options);
      applied.push(...changesFrom([asWritten(now)], [asWritten(then)]));
    } catch (error) {
      unknown.push(`${titleOfObject(object)}: ${reasonOf(error)}`);
    }
  }
  return { applied, unknown };
}

/** A number of replicas that an autoscaler has set stays. */
function withoutScaled(object: KubeObject, { metadata }: KubeObject): KubeObject {
  const isScaled = metadata.managedFields?.some(({ subresource }) => subresource === 'scale') ?? false;
  if (!isScaled) return object;
  const { replicas: _, ...spec } = (object['spec'] ?? {}) as Record<string, unknown>;
  return { ...object, spec };
}

/** Without what the API server counts and keeps. */
function asWritten(object: KubeObject): KubeObject {
  const { managedFields: _, resourceVersion: __, generation: ___, uid: ____, ...metadata } = object.metadata;
  const written: KubeObject = { ...object, metadata };
  delete written['status'];
  return written;
}
