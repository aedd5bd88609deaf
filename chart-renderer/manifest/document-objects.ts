import type { KubeObject } from '../../resources/index.ts';
import { ChartError } from '../errors.ts';
import { isJsonObject } from '../../golang/json/index.ts';
import type { TypedYaml } from '../../golang/yaml/index.ts';
import { metadataFault } from './metadata.ts';

/** Where a document stands: its template, and the line of the rendered file. */
export interface Place {
  readonly source: string;
  readonly line: number;
}

/** Whether an object must have a name, or may leave it to be made of `generateName`. */
export type Naming = 'named' | 'named-or-generated';

/** What Kubernetes' clients refuse as a name, since it is a part of the request's path. */
const NO_PART_OF_A_PATH = /^\.\.?$|[/%]/;

interface Fields {
  [key: string]: TypedYaml;
}

/**
 * The objects that a document holds, as kubectl's resource builder takes them: none where it is empty, the items where it has `items`. An
 * item that says neither kind nor apiVersion is what the list is a list of. Throws ChartError `manifest` for what is not a Kubernetes object,
 * and for lists within lists.
 */
export function objectsIn(document: TypedYaml, place: Place, naming: Naming = 'named'): KubeObject[] {
  if (document === null) return [];
  const fields = checkedFields(document, place);
  if (!Object.hasOwn(fields, 'items')) return [checkedObject(fields, place, naming)];
  return itemsOf(fields, place).map((item) => {
    const itemFields = checkedFields(item, place);
    if (Array.isArray(itemFields['items'])) throw refused(place, `${titleOf(fields)}: a list may not hold lists`);
    return checkedObject(itemFields, place, naming);
  });
}

/** Fields with a kind and an apiVersion, and metadata of the right types. */
function checkedFields(value: TypedYaml, place: Place): Fields {
  if (!isJsonObject(value)) throw refused(place, 'the document is not an object with apiVersion, kind and metadata');
  const kind = textOf(value['kind']);
  if (kind === undefined) throw refused(place, "Object 'Kind' is missing");
  if (textOf(value['apiVersion']) === undefined) throw refused(place, `${kind}: 'apiVersion' is missing`);
  const fault = metadataFault(value['metadata']);
  if (fault !== undefined) throw refused(place, `${titleOf(value)}: ${fault}`);
  return value;
}

function itemsOf(list: Fields, place: Place): TypedYaml[] {
  const items = list['items'] ?? [];
  if (!Array.isArray(items)) throw refused(place, `${titleOf(list)}: 'items' is not a list`);
  const type = { apiVersion: list['apiVersion'] ?? null, kind: textOf(list['kind'])?.replace(/List$/, '') ?? '' };
  const hasType = (item: Fields): boolean =>
    textOf(item['kind']) !== undefined || textOf(item['apiVersion']) !== undefined;
  return items.map((item) => (isJsonObject(item) && !hasType(item) ? { ...item, ...type } : item));
}

function checkedObject(fields: Fields, place: Place, naming: Naming): KubeObject {
  const { metadata } = fields;
  const [name, prefix] = isJsonObject(metadata) ? [textOf(metadata['name']), textOf(metadata['generateName'])] : [];
  if (name === undefined && (prefix === undefined || naming === 'named')) {
    const remark = prefix === undefined ? '' : ' (generateName is for hooks only)';
    throw refused(place, `${titleOf(fields)}: 'metadata.name' is missing${remark}`);
  }
  if (name !== undefined && NO_PART_OF_A_PATH.test(name)) {
    throw refused(place, `${titleOf(fields)}: no name may have '/' or '%', or be '.' or '..'`);
  }
  return fields as unknown as KubeObject;
}

function titleOf({ kind, metadata }: Fields): string {
  const name = isJsonObject(metadata) ? textOf(metadata['name']) : undefined;
  return [textOf(kind), name === undefined ? undefined : JSON.stringify(name)]
    .filter((part) => part !== undefined)
    .join(' ');
}

function textOf(value: TypedYaml | undefined): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function refused({ source, line }: Place, why: string): ChartError {
  return new ChartError('Manifest', `${source}, line ${line}: ${why}`, { file: source, line });
}
