import { isJsonObject } from '../../golang/json/index.ts';
import type { TypedYaml } from '../../golang/yaml/index.ts';

const TEXTS = ['name', 'generateName', 'namespace'];
const TEXT_MAPS = ['labels', 'annotations'];

/**
 * What makes kubectl's resource builder refuse the metadata, which it decodes into Kubernetes' own type before anything is sent: such as
 * labels that are numbers. Undefined where nothing does.
 */
export function metadataFault(metadata: TypedYaml | undefined): string | undefined {
  if (metadata === undefined || metadata === null) return undefined;
  if (!isJsonObject(metadata)) return `metadata is ${kindOf(metadata)}, not a map`;
  return (
    TEXTS.map((key) => textFault(metadata[key], `metadata.${key}`)).find(isFault) ??
    TEXT_MAPS.map((key) => textMapFault(metadata[key], `metadata.${key}`)).find(isFault) ??
    listFault(metadata['finalizers'], 'metadata.finalizers')
  );
}

function textMapFault(map: TypedYaml | undefined, path: string): string | undefined {
  if (map === undefined || map === null) return undefined;
  if (!isJsonObject(map)) return `${path} is ${kindOf(map)}, not a map`;
  return Object.entries(map)
    .map(([key, value]) => textFault(value, `${path}[${JSON.stringify(key)}]`))
    .find(isFault);
}

function listFault(list: TypedYaml | undefined, path: string): string | undefined {
  if (list === undefined || list === null) return undefined;
  if (!Array.isArray(list)) return `${path} is ${kindOf(list)}, not a list`;
  return list.map((item, index) => textFault(item, `${path}[${index}]`)).find(isFault);
}

function textFault(value: TypedYaml | undefined, path: string): string | undefined {
  if (value === undefined || value === null || typeof value === 'string') return undefined;
  return `${path} is ${kindOf(value)}, not a text: it may need quotes`;
}

function kindOf(value: TypedYaml): string {
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'string') return 'a text';
  return typeof value === 'object' ? 'a map' : typeof value === 'boolean' ? 'a boolean' : 'a number';
}

function isFault(fault: string | undefined): boolean {
  return fault !== undefined;
}
