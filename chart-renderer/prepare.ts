import { toJson, type Json, type JsonObject } from '../golang/json/index.ts';
import { fromJson, type GoMap } from '../golang/reflect/index.ts';
import { isCompatibleRange } from '../golang/semver/index.ts';
import type { KubeObject } from '../resources/index.ts';
import type { Chart } from './chart/chart.ts';
import { ClusterQuestions } from './environment/asked.ts';
import type { Capabilities } from './environment/capabilities.ts';
import { kubeVersionOf } from './environment/capabilities.ts';
import type { TemplateSource } from './environment/environment.ts';
import { templatesOf } from './environment/environment.ts';
import type { ReleaseInfo } from './environment/release.ts';
import { ChartError } from './errors.ts';
import type { Remembered } from './functions/index.ts';
import type { RenderLimits } from './limits.ts';
import type { CommonMetadata } from './patches/common-metadata.ts';
import type { PatchRule } from './patches/read-patch.ts';
import { COALESCING, coalesceValues } from './values/coalesce.ts';
import { processDependencies } from './values/dependencies.ts';
import type { ChartNode } from './values/node.ts';
import { chartTreeOf } from './values/node.ts';
import { validateValues } from './values/schema.ts';

/**
 * Reads an object of the cluster for a template: the object, a list of objects where `name` is empty, null where there is none.
 * `namespace` is empty for all namespaces and for cluster-scoped kinds. What it throws fails the rendering.
 */
export type Lookup = (apiVersion: string, kind: string, namespace: string, name: string) => Json;

/** What a chart is rendered for. */
export interface RenderOptions {
  readonly release: ReleaseInfo;
  /** The user's values, which go over the chart's defaults. */
  readonly values: JsonObject;
  readonly capabilities: Capabilities;
  /** Whether the values have to meet the schemas of the chart; by default they have to. */
  readonly schemaValidation?: 'run' | 'skip' | undefined;
  /** Without it `lookup` finds nothing, as in `helm template`. */
  readonly lookup?: Lookup | undefined;
  /** Makes calls of random functions give what they gave first; without it they draw new values, as Helm's do. */
  readonly memory?: MemoryOptions | undefined;
  /** What is changed in the objects and hooks that were rendered, in this order. */
  readonly patches?: readonly PatchRule[] | undefined;
  /** What all objects and hooks have after that. */
  readonly commonMetadata?: CommonMetadata | undefined;
  readonly limits?: Partial<RenderLimits> | undefined;
}

/** What a rendering remembers. */
export interface MemoryOptions {
  /** What the rendering before gave as `remembered`; empty for the first. */
  readonly remembered: Remembered;
  /** Whether the time that a call read is remembered too. */
  readonly time: 'real' | 'kept';
  /** Objects that were rendered elsewhere: what was drawn for them is taken from them where it can be found there. */
  readonly live?: readonly KubeObject[] | undefined;
}

/** A chart with everything settled that comes before its first template runs. */
export interface PreparedRender {
  readonly root: ChartNode;
  readonly templates: readonly TemplateSource[];
  readonly warnings: readonly string[];
  /** What the templates ask of the cluster when they run. */
  readonly asked: ClusterQuestions;
}

/**
 * Settles dependencies and values and checks them, in Helm's order. Throws `not-installable`, `invalid-values`, `schema`,
 * `kube-version`.
 */
export function prepareRender(chart: Chart, options: RenderOptions): PreparedRender {
  const { release, values, capabilities } = options;
  if (chart.metadata.type === 'library') {
    throw new ChartError('NotInstallable', `${chart.metadata.name}: library charts are not installable`);
  }
  const warnings = new Set<string>();
  const warn = (message: string): void => void warnings.add(message);
  warnOfLoading(chart, warn);
  if (chart.metadata.deprecated) warn('this chart is deprecated');
  const { root, coalesced } = settle(chart, values, warn);
  if (options.schemaValidation !== 'skip') validateValues(root, coalesced, warn);
  checkKubeVersion(chart, capabilities);
  const asked = new ClusterQuestions();
  const templates = templatesOf(root, coalesced, { release, capabilities, asked });
  return { root, templates, warnings: [...warnings], asked };
}

/**
 * The user's values over the chart's own and those of the dependencies that take part, as `helm get values --all` shows them. Throws
 * `invalid-values`.
 */
export function allValues(chart: Chart, values: JsonObject): JsonObject {
  return toJson(settle(chart, values, () => undefined).coalesced) as JsonObject;
}

function settle(
  chart: Chart,
  values: JsonObject,
  warn: (message: string) => void,
): { root: ChartNode; coalesced: GoMap } {
  const root = chartTreeOf(chart);
  const given = fromJson(values) as GoMap;
  settleDependencies(root, given, warn);
  return { root, coalesced: coalesceValues(root, given, COALESCING[chart.helmVersion], warn) };
}

function warnOfLoading({ warnings, dependencies }: Chart, warn: (message: string) => void): void {
  for (const warning of warnings) warn(warning);
  for (const dependency of dependencies) warnOfLoading(dependency, warn);
}

function settleDependencies(root: ChartNode, values: GoMap, warn: (message: string) => void): void {
  try {
    processDependencies(root, values, warn);
  } catch (error) {
    if (!(error instanceof ChartError) || root.chart.helmVersion === 'v3') throw error;
    throw new ChartError(error.code, `chart dependencies processing failed: ${error.message}`, { cause: error });
  }
}

function checkKubeVersion({ metadata, helmVersion }: Chart, capabilities: Capabilities): void {
  const { normalizedVersion, version } = kubeVersionOf(capabilities, helmVersion);
  if (metadata.kubeVersion === '' || isCompatibleRange(metadata.kubeVersion, normalizedVersion)) return;
  throw new ChartError(
    'KubeVersion',
    `chart requires kubeVersion: ${metadata.kubeVersion} which is incompatible with Kubernetes ${version}`,
  );
}
