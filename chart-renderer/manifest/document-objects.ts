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

/** Why a value is not an object as Kubernetes' clients send it; undefined if it is one. */
export function objectFault(value: TypedYaml, naming: Naming): string | undefined {
  if (!isJsonObject(value)) return NO_OBJECT;
  return fieldsFault(value) ?? nameFault(value, naming);
}

const NO_OBJECT = 'the document is not an object with apiVersion, kind and metadata';

/** Fields with a kind and an apiVersion, and metadata of the right types. */
function checkedFields(value: TypedYaml, place: Place): Fields {
  if (!isJsonObject(value)) throw refused(place, NO_OBJECT);
  const fault = fieldsFault(value);
  if (fault !== undefined) throw refused(place, fault);
  return value;
}

function fieldsFault(fields: Fields): string | undefined {
  const kind = textOf(fields['kind']);
  if (kind === undefined) return "Object 'Kind' is missing";
  if (textOf(fields['apiVersion']) === undefined) return `${kind}: 'apiVersion' is missing`;
  const fault = metadataFault(fields['metadata']);
  return fault === undefined ? undefined : `${titleOf(fields)}: ${fault}`;
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
  const fault = nameFault(fields, naming);
  if (fault !== undefined) throw refused(place, fault);
  return fields as unknown as KubeObject;
}

function nameFault(fields: Fields, naming: Naming): string | undefined {
  const { metadata } = fields;
  const [name, prefix] = isJsonObject(metadata) ? [textOf(metadata['name']), textOf(metadata['generateName'])] : [];
  if (name === undefined && (prefix === undefined || naming === 'named')) {
    const remark = prefix === undefined ? '' : ' (generateName is for hooks only)';
    return `${titleOf(fields)}: 'metadata.name' is missing${remark}`;
  }
  if (name === undefined || !NO_PART_OF_A_PATH.test(name)) return undefined;
  return `${titleOf(fields)}: no name may have '/' or '%', or be '.' or '..'`;
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
