import { readFile } from 'node:fs/promises';
import { isMap, valueAt } from '../../resources/index.ts';

/** The fields that the bundle was made with; the name exists only there. */
declare const COXSWAIN_FIELDS: readonly string[] | undefined;

/** The fields of a Release's spec that this command knows. */
export async function knownFields(): Promise<readonly string[]> {
  if (typeof COXSWAIN_FIELDS === 'object') return COXSWAIN_FIELDS;
  const { readYaml } = await import('../../golang/yaml/index.ts');
  const definition = await readFile(new URL('../../crds/releases.yaml', import.meta.url), 'utf8');
  return specFieldsOf(readYaml(definition));
}

/** The fields of the spec, as the definition of a kind has them in the version that is stored. */
export function specFieldsOf(definition: unknown): string[] {
  const versions = valueAt(definition, 'spec', 'versions');
  const stored: unknown = Array.isArray(versions)
    ? versions.find((version) => valueAt(version, 'storage') === true)
    : undefined;
  const properties = valueAt(stored, 'schema', 'openAPIV3Schema', 'properties', 'spec', 'properties');
  return Object.keys(isMap(properties) ? properties : {}).toSorted();
}
