import { getKey, isJsonObject, type Json, type JsonObject } from '../json/index.ts';
import { partsOf, schemasIn } from './keywords.ts';
import type { Draft, Resource } from './schema.ts';

/** A schema that cannot be compiled. */
export class SchemaError extends Error {}

/** The dialect that `$schema` declares; throws `SchemaError` for one that would have to be fetched. */
export function draftOf(declared: Json | undefined, fallback: Draft): Draft {
  if (typeof declared !== 'string') return fallback;
  const draft = draftAt(declared);
  if (draft === undefined) {
    const why = 'schemas are not fetched: declare a draft of json-schema.org, or none';
    throw new SchemaError(`failing loading ${JSON.stringify(declared)}: ${why}`);
  }
  return draft;
}

/** Whether schemas that declare this `$schema` can be checked. */
export function isKnownDialect(declared: Json | undefined): boolean {
  return declared === undefined || (typeof declared === 'string' && draftAt(declared) !== undefined);
}

function draftAt(declared: string): Draft | undefined {
  const path = /^https?:\/\/json-schema\.org\/(.*?)#?$/.exec(declared)?.[1] ?? '';
  if (path === 'schema') return 2020;
  const name = /^(?:draft\/)?(draft-0[467]|2019-09|2020-12)\/schema$/.exec(path)?.[1];
  return name === undefined ? undefined : (Number(name.replace('draft-0', '').slice(0, 4)) as Draft);
}

interface OpenResource extends Resource {
  readonly anchors: Map<string, Json>;
  readonly dynamicAnchors: Set<string>;
}

/** The resources of a document: itself and each schema in it that has an address of its own. */
export function resourcesOf(document: Json, url: string, draft: Draft): Resource[] {
  const found: OpenResource[] = [];
  const visit = (schema: Json, outer: OpenResource | undefined): void => {
    if (!isJsonObject(schema) && outer !== undefined) return;
    const resource = ownResource(schema, outer, url, draft);
    if (resource !== outer) found.push(resource);
    if (!isJsonObject(schema)) return;
    addAnchors(schema, resource);
    for (const [name, shape] of schemasIn(schema, resource.draft)) {
      for (const [, part] of partsOf(schema[name] ?? null, shape)) visit(part, resource);
    }
  };
  visit(document, undefined);
  return found;
}

function ownResource(schema: Json, outer: OpenResource | undefined, url: string, draft: Draft): OpenResource {
  if (!isJsonObject(schema)) return outer ?? openResource(url, schema, draft);
  const around = outer?.draft ?? draft;
  const id = idOf(schema, around);
  if (outer === undefined) return openResource(id === '' ? url : new URL(id, url).href, schema, draft);
  if (id === '') return outer;
  return openResource(new URL(id, outer.id).href, schema, draftOf(getKey(schema, '$schema'), around));
}

function openResource(id: string, root: Json, draft: Draft): OpenResource {
  const assertsFormats = draft < 2019 || isMetaschema(id);
  return { id, root, draft, assertsFormats, anchors: new Map(), dynamicAnchors: new Set() };
}

/** The address that a schema gives itself, without a fragment; empty where it gives none. */
function idOf(schema: JsonObject, draft: Draft): string {
  // Before 2019-09 nothing counts beside a reference.
  if (draft < 2019 && typeof getKey(schema, '$ref') === 'string') return '';
  const id = getKey(schema, draft === 4 ? 'id' : '$id');
  return typeof id === 'string' ? (id.split('#', 1)[0] ?? '') : '';
}

function addAnchors(schema: JsonObject, resource: OpenResource): void {
  const name =
    resource.draft < 2019 ? fragmentOf(getKey(schema, resource.draft === 4 ? 'id' : '$id')) : getKey(schema, '$anchor');
  if (typeof name === 'string' && name !== '') resource.anchors.set(name, schema);
  const dynamic = resource.draft < 2020 ? undefined : getKey(schema, '$dynamicAnchor');
  if (typeof dynamic !== 'string') return;
  resource.anchors.set(dynamic, schema);
  resource.dynamicAnchors.add(dynamic);
}

function fragmentOf(id: Json | undefined): string | undefined {
  return typeof id === 'string' ? id.split('#')[1] : undefined;
}

function isMetaschema(address: string): boolean {
  return /^https?:\/\/json-schema\.org\//.test(address);
}
