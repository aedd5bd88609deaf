import { asNil } from '../../golang/json/index.ts';
import { fromJson, GoObject, type GoType, type Value, withGoType } from '../../golang/reflect/index.ts';
import type { ChartMetadata, Maintainer } from '../chart/chart.ts';
import type { ChartNode, ImportedPair, Requirement } from '../values/node.ts';
import { omittedWhenEmpty, Struct } from './struct.ts';

const METADATA: GoType = { name: 'chart.Metadata', kind: 'struct' };
const CHART: GoType = {
  name: 'struct { chart.Metadata; IsRoot bool }',
  kind: 'struct',
  printed: ['Metadata', 'IsRoot'],
};
// prettier-ignore
const METADATA_JSON = omittedWhenEmpty(
  'Name name', 'Home home', 'Sources sources', 'Version version', 'Description description', 'Keywords keywords',
  'Maintainers maintainers', 'Icon icon', 'APIVersion apiVersion', 'Condition condition', 'Tags tags', 'AppVersion appVersion',
  'Deprecated deprecated', 'Annotations annotations', 'KubeVersion kubeVersion', 'Dependencies dependencies', 'Type type',
);

const CHART_JSON = { ...METADATA_JSON, Metadata: { name: '', rule: 'embedded' as const } };

const MAINTAINER: GoType = { name: '*chart.Maintainer', kind: 'struct' };
const MAINTAINER_JSON = omittedWhenEmpty('Name name', 'Email email', 'URL url');

const DEPENDENCY: GoType = { name: '*chart.Dependency', kind: 'struct' };
// prettier-ignore
const DEPENDENCY_JSON = {
  ...omittedWhenEmpty(
    'Version version', 'Condition condition', 'Tags tags', 'Enabled enabled', 'ImportValues import-values', 'Alias alias',
  ),
  Name: { name: 'name', rule: 'always' as const },
  Repository: { name: 'repository', rule: 'always' as const },
};

/**
 * What templates see as `.Chart`: the chart's metadata under its alias, with the dependencies that take part. Helm 4 makes plain maps and
 * lists of the structs, under the names of their fields.
 */
export function chartValue(node: ChartNode): Value {
  const { metadata, helmVersion } = node.chart;
  const fields: Record<string, Value> = {
    Name: node.name,
    Home: metadata.home,
    Sources: texts(metadata.sources),
    Version: metadata.version,
    Description: metadata.description,
    Keywords: texts(metadata.keywords),
    Maintainers: typed(metadata.maintainers.map(maintainerValue), '[]*chart.Maintainer'),
    Icon: metadata.icon,
    APIVersion: metadata.apiVersion,
    Condition: metadata.condition,
    Tags: metadata.tags,
    AppVersion: metadata.appVersion,
    Deprecated: metadata.deprecated,
    Annotations: annotationsValue(metadata.annotations),
    KubeVersion: metadata.kubeVersion,
    Dependencies: dependenciesValue(node.required.list),
    Type: metadata.type,
  };
  const isRoot = { IsRoot: node.parent === undefined };
  if (helmVersion === 'v4') return new Map(Object.entries({ ...fields, ...isRoot }).map(unpacked));
  return new Struct(CHART, { ...fields, Metadata: new Struct(METADATA, fields, METADATA_JSON), ...isRoot }, CHART_JSON);
}

/** A field with its structs as maps and its lists as lists of anything, which are not nil; a map is left as it is. */
function unpacked([name, value]: [string, Value]): [string, Value] {
  return [name, Array.isArray(value) ? value.map(mapOfStruct) : value];
}

function mapOfStruct(item: Value): Value {
  if (!(item instanceof GoObject) || !(item.fields instanceof Map)) return item;
  return new Map([...item.fields].map(unpacked));
}

function texts(list: readonly string[]): Value[] {
  return typed([...list], '[]string');
}

/** A list of the type; what Chart.yaml does not have is nil. */
function typed(list: Value[], type: string): Value[] {
  return withGoType(list.length === 0 ? asNil(list) : list, type);
}

function annotationsValue(annotations: ChartMetadata['annotations']): Value {
  const map = new Map<string, Value>(Object.entries(annotations));
  return withGoType(map.size === 0 ? asNil(map) : map, 'map[string]string');
}

function maintainerValue({ name, email, url }: Maintainer): GoObject {
  return new Struct(MAINTAINER, { Name: name, Email: email, URL: url }, MAINTAINER_JSON);
}

function dependenciesValue(requirements: readonly Requirement[] | undefined): Value {
  const list: Value[] = requirements?.map(dependencyValue) ?? asNil([]);
  return withGoType(list, '[]*chart.Dependency');
}

function importsValue(items: Value[]): Value[] {
  return items.length === 0 ? asNil(items) : items;
}

/** An import that was done, which Helm keeps in place of what Chart.yaml says. */
function pairValue({ child, parent }: ImportedPair): Value {
  return withGoType(
    new Map([
      ['child', child],
      ['parent', parent],
    ]),
    'map[string]string',
  );
}

function dependencyValue({ declared, name, enabled, imported }: Requirement): GoObject {
  const fields: Record<string, Value> = {
    Name: name,
    Version: declared.version,
    Repository: declared.repository,
    Condition: declared.condition,
    Tags: texts(declared.tags),
    Enabled: enabled,
    ImportValues: importsValue(imported?.map(pairValue) ?? declared['import-values'].map(fromJson)),
    Alias: declared.alias,
  };
  return new Struct(DEPENDENCY, fields, DEPENDENCY_JSON);
}
