import { readFileSync } from 'node:fs';
import { load } from 'js-yaml';

/** An OpenAPI schema, as far as the tests read it. */
export interface Schema {
  type?: string;
  enum?: string[];
  description?: string;
  properties?: Record<string, Schema>;
  items?: Schema;
}

/** A CustomResourceDefinition of the project. */
export interface Definition {
  metadata: { name: string };
  spec: {
    group: string;
    names: { kind: string; plural: string };
    versions: { name: string; schema: { openAPIV3Schema: Schema } }[];
  };
}

/** Reads the definition of that plural. */
export function definitionOf(plural: string): Definition {
  return load(readFileSync(new URL(`../../../crds/${plural}.yaml`, import.meta.url), 'utf8')) as Definition;
}

/** The fields of a definition that are its own: not those that every Kubernetes object has. */
export function ownFieldsOf({ spec }: Definition): [path: string, schema: Schema][] {
  const { properties } = spec.versions[0]?.schema.openAPIV3Schema ?? {};
  const { apiVersion: _, kind: __, metadata: ___, ...own } = properties ?? {};
  return Object.entries(own).flatMap(([name, schema]) => fieldsOf(schema, name));
}

/** All fields of a schema by their paths, itself first; `[]` stands for the items of a list. */
function fieldsOf(schema: Schema, path: string): [path: string, schema: Schema][] {
  const below = Object.entries(schema.properties ?? {}).flatMap(([name, child]) => fieldsOf(child, `${path}.${name}`));
  return [[path, schema], ...(schema.items ? fieldsOf(schema.items, `${path}[]`) : []), ...below];
}
