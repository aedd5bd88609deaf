import { getKey, isJsonObject, type Json, type JsonObject } from '../json/index.ts';
import { linearPattern } from '../regexp/index.ts';
import { partsOf, schemasIn, type Shape, pointerStep } from './keywords.ts';
import { metaschemaAt, metaschemaOf } from './metaschemas.ts';
import { describeProblems, type Problem } from './problem.ts';
import { draftOf, resourcesOf, SchemaError } from './resources.ts';
import { type Draft, type Resource, Schema } from './schema.ts';
import { validate } from './validate.ts';

/** What is wrong with a value, one line each; undefined where it meets the schema. */
export type Validate = (value: Json) => string | undefined;

const URL_OF_SCHEMA = 'file:///values.schema.json';
const LATEST = 2020;

/**
 * The test of a schema; `ignore` hears of each URN that it refers to, which is taken to allow all. Throws an `Error` with the library's
 * message where the schema itself is at fault.
 */
export function compileSchema(document: Json, ignore: (urn: string) => void = () => undefined): Validate {
  const draft = draftOf(isJsonObject(document) ? getKey(document, '$schema') : undefined, LATEST);
  checkDocument(document, draft);
  const schema = new Compiler(ignore).compile(document, URL_OF_SCHEMA, draft);
  return (value) => {
    const problems = validate(schema, value);
    return problems.length === 0 ? undefined : describeProblems(problems).slice(1);
  };
}

function checkDocument(document: Json, draft: Draft): void {
  const problems: readonly Problem[] = validate(compiledMetaschema(draft), document);
  if (problems.length === 0) return;
  const list = `jsonschema validation failed with '${metaschemaOf(draft).url}#'${describeProblems(problems)}`;
  throw new SchemaError(`"${URL_OF_SCHEMA}#" is not valid against metaschema: ${list}`);
}

const metaschemas = new Map<Draft, Schema>();

function compiledMetaschema(draft: Draft): Schema {
  const known = metaschemas.get(draft);
  if (known !== undefined) return known;
  const { url, json } = metaschemaOf(draft);
  const schema = new Compiler(() => undefined).compile(json, url, draft);
  metaschemas.set(draft, schema);
  return schema;
}

const REFERENCES: readonly (readonly [string, Draft])[] = [
  ['$ref', 4],
  ['$recursiveRef', 2019],
  ['$dynamicRef', 2020],
];

class Compiler {
  readonly #resources = new Map<string, Resource>();
  readonly #roots = new Map<Json, Resource>();
  readonly #schemas = new Map<object, Schema>();
  readonly #queue: Schema[] = [];
  readonly #ignore: (urn: string) => void;

  constructor(ignore: (urn: string) => void) {
    this.#ignore = ignore;
  }

  compile(document: Json, url: string, draft: Draft): Schema {
    const root = this.#load(document, url, draft);
    const schema = this.#schemaOf(root.root, root, `${url}#`);
    for (let next = this.#queue.shift(); next !== undefined; next = this.#queue.shift()) this.#resolve(next);
    return schema;
  }

  /** Adds the resources of a document; returns that of its root, which goes by the document's address too. */
  #load(document: Json, url: string, draft: Draft): Resource {
    const [root, ...others] = resourcesOf(document, url, draft) as [Resource, ...Resource[]];
    this.#resources.set(url, root);
    for (const resource of [root, ...others]) {
      this.#resources.set(resource.id, resource);
      if (!this.#roots.has(resource.root)) this.#roots.set(resource.root, resource);
    }
    return root;
  }

  #schemaOf(json: Json, resource: Resource, location: string): Schema {
    if (!isJsonObject(json)) return new Schema(json, resource, location);
    const known = this.#schemas.get(json);
    if (known !== undefined) return known;
    const schema = new Schema(json, this.#roots.get(json) ?? resource, location);
    this.#schemas.set(json, schema);
    this.#queue.push(schema);
    return schema;
  }

  /** Finds what a schema refers to, and has those schemas resolved too. */
  #resolve(schema: Schema): void {
    const { resource, draft } = schema;
    const json = schema.json as JsonObject;
    if (resource.root !== json) schema.resourceRoot = this.#schemaOf(resource.root, resource, resource.id);
    else for (const name of resource.dynamicAnchors) this.#addDynamicAnchor(schema, name);
    for (const [name, since] of REFERENCES) {
      const reference = schema.text(name);
      if (draft >= since && reference !== undefined) schema.setOne(name, this.#refer(reference, resource));
    }
    if (draft < 2019 && schema.one('$ref') !== undefined) return;
    for (const [name, shape] of schemasIn(json, draft)) this.#addParts(schema, name, shape);
    this.#addPatterns(schema);
  }

  #addParts(schema: Schema, name: string, shape: Shape): void {
    const parts = partsOf(schema.keyword(name) ?? null, shape).map(([key, part]): [string, Schema] => {
      const location = schema.location + pointerStep(name) + (shape === 'one' ? '' : pointerStep(key));
      return [key, this.#schemaOf(part, schema.resource, location)];
    });
    const schemas = parts.map(([, part]) => part);
    if (shape === 'map') schema.setMap(name, new Map(parts));
    else if (shape === 'list') schema.setList(name, schemas);
    else for (const part of schemas) schema.setOne(name, part);
  }

  #addDynamicAnchor(schema: Schema, name: string): void {
    const anchored = schema.resource.anchors.get(name) ?? null;
    schema.dynamicAnchors.set(name, this.#schemaOf(anchored, schema.resource, `${schema.resource.id}#${name}`));
  }

  #addPatterns(schema: Schema): void {
    const pattern = schema.text('pattern');
    if (pattern !== undefined) addPattern(schema, pattern, 'pattern');
    for (const name of schema.map('patternProperties').keys()) addPattern(schema, name, 'patternProperties');
  }

  #refer(reference: string, from: Resource): Schema {
    const target = new URL(reference, from.id);
    const fragment = decodeURIComponent(target.hash.slice(1));
    target.hash = '';
    const resource = this.#resourceAt(target.href);
    const location = `${target.href}#${fragment}`;
    if (fragment === '') return this.#schemaOf(resource.root, resource, location);
    if (fragment.startsWith('/')) return this.#schemaOf(pointedAt(resource, fragment, location), resource, location);
    const anchored = resource.anchors.get(fragment);
    if (anchored === undefined) {
      throw new SchemaError(`anchor in ${JSON.stringify(location)} not found in schema ${JSON.stringify(resource.id)}`);
    }
    return this.#schemaOf(anchored, resource, location);
  }

  #resourceAt(url: string): Resource {
    const known = this.#resources.get(url);
    if (known !== undefined) return known;
    const metaschema = metaschemaAt(url);
    if (metaschema !== undefined) return this.#load(metaschema.json, url, metaschema.draft);
    // Helm takes what it cannot resolve by a URN for a schema that accepts all.
    if (url.startsWith('urn:')) {
      this.#ignore(url);
      return this.#load(true, url, LATEST);
    }
    throw new SchemaError(`failing loading ${JSON.stringify(url)}: ${whyNotAt(url)}`);
  }
}

/** Nothing is read or fetched, so that there are no files beside a schema. */
function whyNotAt(url: string): string {
  return url.startsWith('file:')
    ? `open ${new URL(url).pathname}: no such file or directory`
    : 'schemas are not fetched: put it into this one, below "$defs"';
}

function pointedAt(resource: Resource, pointer: string, location: string): Json {
  let value: Json | undefined = resource.root;
  for (const part of pointer.slice(1).split('/')) {
    const key = part.replaceAll('~1', '/').replaceAll('~0', '~');
    value = Array.isArray(value) ? value[Number(key)] : isJsonObject(value) ? getKey(value, key) : undefined;
  }
  if (value === undefined) throw new SchemaError(`json-pointer in ${JSON.stringify(location)} not found`);
  return value;
}

function addPattern(schema: Schema, source: string, keyword: string): void {
  try {
    schema.patterns.set(source, linearPattern(source));
  } catch (error) {
    const place = JSON.stringify(schema.location + pointerStep(keyword));
    const why = error instanceof Error ? error.message : String(error);
    throw new SchemaError(`invalid regex ${JSON.stringify(source)} at ${place}: ${why}`, { cause: error });
  }
}
