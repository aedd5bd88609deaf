import { posix } from 'node:path';
import { attached } from '../../golang/memo/index.ts';
import { compareStrings, type GoMap, plainMap, type Value, withGoType } from '../../golang/reflect/index.ts';
import { textOfBytes } from '../../golang/strings/index.ts';
import { TemplateFile } from '../../golang/template/index.ts';
import type { ChartFile } from '../archive/file.ts';
import type { Chart } from '../chart/chart.ts';
import type { HelmVersion } from '../helm-version.ts';
import type { ChartNode } from '../values/node.ts';
import { fullPathOf } from '../values/node.ts';
import { tableAt } from '../values/tables.ts';
import type { ClusterQuestions } from './asked.ts';
import type { Capabilities } from './capabilities.ts';
import { capabilitiesValue } from './capabilities.ts';
import { chartValue } from './chart-value.ts';
import { filesValue } from './files.ts';
import type { ReleaseInfo } from './release.ts';
import { releaseValue } from './release.ts';
import { VALUES } from './values-type.ts';

/** Which language a chart's templates are written in. */
export type TemplateEngine = 'go' | 'handlebars';

/** A template of the chart or of one of its dependencies, with what it sees as its dot. */
export interface TemplateSource extends PlacedTemplate {
  readonly engine: TemplateEngine;
  readonly helmVersion: HelmVersion;
  /** Shared by the templates of a chart, which can change it for those rendered after them. */
  readonly dot: GoMap;
  /** The folder of the chart's templates, such as `app/charts/database/templates`. */
  readonly basePath: string;
}

/** A chart's template at its place in a tree of charts. */
interface PlacedTemplate {
  /** Such as `app/charts/database/templates/secret.yaml`. */
  readonly name: string;
  /** The number of folders in the name, plus one. */
  readonly depth: number;
  readonly file: TemplateFile;
}

/**
 * All templates of the tree in the order in which Helm reads and renders them: deep paths before shallow ones, and by name from
 * the last to the first. Library charts contribute only their partials.
 */
export function templatesOf(
  root: ChartNode,
  values: GoMap,
  given: { readonly release: ReleaseInfo; readonly capabilities: Capabilities; readonly asked: ClusterQuestions },
): TemplateSource[] {
  const { helmVersion } = root.chart;
  const shared = {
    Release: releaseValue(given.release),
    Capabilities: capabilitiesValue(given.capabilities, helmVersion, given.asked),
  };
  const templates = new Map<string, TemplateSource>();
  collect(root, values, shared, templates);
  return [...templates.values()].sort(byDepthThenName);
}

type Shared = Readonly<Record<'Release' | 'Capabilities', Value>>;

/** Adds the templates of a chart and its dependencies; returns the chart's dot, which `.Subcharts` of its parent shows. */
function collect(node: ChartNode, values: GoMap, shared: Shared, templates: Map<string, TemplateSource>): GoMap {
  const subcharts: GoMap = new Map();
  const path = fullPathOf(node);
  const type = VALUES[node.chart.helmVersion];
  const fields: GoMap = new Map<string, Value>([
    ['Chart', chartValue(node)],
    ['Files', filesValue(node.chart.files)],
    ['Release', shared.Release],
    ['Capabilities', shared.Capabilities],
    ['Values', withGoType(values, type)],
    ['Subcharts', subcharts],
  ]);
  const dot = withGoType(fields, type);
  for (const dependency of node.dependencies) {
    const table = tableAt(values, dependency.name);
    // A chart sees its dot and its values as Helm's type of values; its parent sees the same as plain maps.
    subcharts.set(dependency.name, plainMap(collect(dependency, table ?? new Map(), shared, templates)));
    if (table !== undefined) values.set(dependency.name, plainMap(table));
  }
  const basePath = `${path}/templates`;
  const { helmVersion, metadata } = node.chart;
  const engine = metadata.engine === 'handlebars' ? 'handlebars' : 'go';
  for (const { name, depth, file } of placedTemplates(node.chart, path)) {
    templates.set(name, { name, depth, file, engine, helmVersion, dot, basePath });
  }
  return dot;
}

/** What stands under the dot's `Template` while a template is rendered. */
export function templateValue({ name, basePath, helmVersion }: TemplateSource): GoMap {
  const value: GoMap = new Map([
    ['Name', name],
    ['BasePath', basePath],
  ]);
  return withGoType(value, VALUES[helmVersion]);
}

/** Whether a template is only there to be included by others. */
export function isPartial(name: string): boolean {
  return posix.basename(name).startsWith('_');
}

function byDepthThenName(a: PlacedTemplate, b: PlacedTemplate): number {
  return b.depth - a.depth || compareStrings(b.name, a.name);
}

const placesOf = attached((_chart: Chart) => new Map<string, readonly PlacedTemplate[]>());

/** A chart's own templates at a place, sorted; remembered for when the chart is rendered again. */
function placedTemplates(chart: Chart, path: string): readonly PlacedTemplate[] {
  const places = placesOf(chart);
  const known = places.get(path);
  if (known !== undefined) return known;
  const files = chart.templates.filter(({ name }) => chart.metadata.type !== 'library' || isPartial(name));
  const templates = files.map((file) => placedTemplate(file, path)).sort(byDepthThenName);
  places.set(path, templates);
  return templates;
}

function placedTemplate({ name: file, data }: ChartFile, path: string): PlacedTemplate {
  const name = posix.join(path, file);
  return { name, depth: name.split('/').length, file: new TemplateFile(name, textOfBytes(data)) };
}
