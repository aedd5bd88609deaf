import {
  type GoMap,
  type MapType,
  namedMap,
  plainMap,
  type TemplateMethod,
  type Value,
} from '../../golang/reflect/index.ts';
import { quote } from '../../golang/strconv/index.ts';
import { writeYaml } from '../../golang/yaml/index.ts';
import type { HelmVersion } from '../helm-version.ts';
import { tableAt } from '../values/tables.ts';

/** The type of `.Values`, `.Template` and of the dot itself, with what charts can call of its methods. */
export const VALUES: Readonly<Record<HelmVersion, MapType>> = {
  v3: valuesType('chartutil.Values'),
  v4: valuesType('common.Values'),
};

function valuesType(name: string): MapType {
  const type: MapType = {
    name,
    methods: new Map<string, TemplateMethod>([
      ['AsMap', { params: [], run: plainMap }],
      ['YAML', { params: [], run: (values: GoMap) => writeYaml(values) }],
      ['Table', { params: ['string'], run: (values: GoMap, path: string) => namedMap(tableOf(values, path), type) }],
      ['PathValue', { params: ['string'], run: valueOf }],
    ]),
  };
  return type;
}

function tableOf(values: GoMap, path: string): GoMap {
  let table = values;
  for (const key of path.split('.')) {
    const inner = table.get(key);
    if (!(inner instanceof Map)) throw new Error(`${quote(key)} is not a table`);
    table = inner;
  }
  return table;
}

function valueOf(values: GoMap, path: string): Value {
  if (path === '') throw new Error('YAML path cannot be empty');
  const end = path.lastIndexOf('.');
  const key = path.slice(end + 1);
  const table = end < 0 ? values : tableAt(values, path.slice(0, end));
  const value = table?.get(key);
  if (value === undefined || value instanceof Map) throw new Error(`${quote(key)} is not a value`);
  return value;
}
