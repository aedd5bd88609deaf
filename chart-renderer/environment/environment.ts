import { posix } from 'node:path';
import type { ChartFile } from '../archive/file.ts';
import type { GoMap, Value } from '../go-template/index.ts';
import { compareStrings, plainMap, textOfBytes, withGoType } from '../go-template/index.ts';
import type { ChartNode } from '../values/node.ts';
import { fullPathOf } from '../values/node.ts';
import { tableAt } from '../values/tables.ts';
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
export interface TemplateSource {
  /** Such as `app/charts/database/templates/secret.yaml`. */
  readonly name: string;
  readonly text: string;
  readonly engine: TemplateEngine;
  /** Shared by the templates of a chart, which can change it for those rendered after them. */
  readonly dot: GoMap;
  /** What stands under the dot's `Template` while this one is rendered. */
  readonly self: GoMap;
}

/**
 * All templates of the tree in the order in which Helm reads and renders them: deep paths before shallow ones, and by name from
 * the last to the first. Library charts bring only their partials.
 */
export function templatesOf(
  root: ChartNode,
  values: GoMap,
  given: { readonly release: ReleaseInfo; readonly capabilities: Capabilities },
): TemplateSource[] {
  const shared = { Release: releaseValue(given.release), Capabilities: capabilitiesValue(given.capabilities) };
  const templates = new Map<string, TemplateSource>();
  collect(root, values, shared, templates);
  return [...templates.values()].sort((a, b) => -byDepthThenName(a.name, b.name));
}

type Shared = Readonly<Record<'Release' | 'Capabilities', Value>>;

/** Adds the templates of a chart and its dependencies; returns the chart's dot, which `.Subcharts` of its parent shows. */
function collect(node: ChartNode, values: GoMap, shared: Shared, templates: Map<string, TemplateSource>): GoMap {
  const subcharts: GoMap = new Map();
  const path = fullPathOf(node);
  const fields: GoMap = new Map<string, Value>([
    ['Chart', chartValue(node)],
    ['Files', filesValue(node.chart.files)],
    ['Release', shared.Release],
    ['Capabilities', shared.Capabilities],
    ['Values', withGoType(values, VALUES)],
    ['Subcharts', subcharts],
  ]);
  const dot = withGoType(fields, VALUES);
  for (const dependency of node.dependencies) {
    const table = tableAt(values, dependency.name);
    // A chart sees its dot and its values as chartutil.Values; its parent sees the same as plain maps.
    subcharts.set(dependency.name, plainMap(collect(dependency, table ?? new Map(), shared, templates)));
    if (table !== undefined) values.set(dependency.name, plainMap(table));
  }
  const basePath = `${path}/templates`;
  const engine = node.chart.metadata.engine === 'handlebars' ? 'handlebars' : 'go';
  for (const file of node.chart.templates) {
    if (node.chart.metadata.type === 'library' && !isPartial(file.name)) continue;
    const name = posix.join(path, file.name);
    templates.set(name, { name, text: textOf(file), engine, dot, self: selfValue(name, basePath) });
  }
  return dot;
}

function selfValue(name: string, basePath: string): GoMap {
  const self: GoMap = new Map([
    ['Name', name],
    ['BasePath', basePath],
  ]);
  return withGoType(self, VALUES);
}

/** Whether a template is only there to be included by others. */
export function isPartial(name: string): boolean {
  return posix.basename(name).startsWith('_');
}

function byDepthThenName(a: string, b: string): number {
  const depth = a.split('/').length - b.split('/').length;
  return depth === 0 ? compareStrings(a, b) : depth;
}

const texts = new WeakMap<Uint8Array, string>();

/** The template's text; charts that are rendered again bring the same bytes. */
function textOf({ data }: ChartFile): string {
  let text = texts.get(data);
  if (text === undefined) {
    text = textOfBytes(data);
    texts.set(data, text);
  }
  return text;
}
