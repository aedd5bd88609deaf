import type { Json, JsonObject } from '../../golang/json/index.ts';
import type { ChartDependency, ChartMetadata } from './chart.ts';

/** The metadata of a chart as registries keep it: its fields in Helm's order, empty ones left out. */
export type PublishedMetadata = Pick<ChartMetadata, 'name' | 'version'> & Partial<ChartMetadata>;

/** What `helm push` writes of a chart beside its archive (the `omitempty` of its Go structs). */
export function publishedMetadata({ declaresDependencies: _notAField, ...metadata }: ChartMetadata): PublishedMetadata {
  return withoutEmpty(metadata as unknown as JsonObject) as unknown as PublishedMetadata;
}

/** A dependency as Helm writes it; null stays. */
export function publishedDependency(dependency: ChartDependency | null): JsonObject | null {
  return dependency && withoutEmpty(dependency as unknown as JsonObject);
}

function withoutEmpty(fields: JsonObject): JsonObject {
  const filled = Object.entries(fields).filter(([name, value]) => !isEmpty(value) || name === 'repository');
  return Object.fromEntries(filled.map(([name, value]) => [name, published(name, value)]));
}

function published(name: string, value: Json): Json {
  const isStructs = name === 'maintainers' || name === 'dependencies';
  return isStructs ? (value as JsonObject[]).map(withoutEmpty) : value;
}

function isEmpty(value: Json): boolean {
  return value === '' || value === false || (typeof value === 'object' && Object.keys(value ?? {}).length === 0);
}
