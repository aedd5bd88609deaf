import { getKey, type Json, type JsonObject } from '../json/index.ts';
import type { LinearPattern } from '../regexp/index.ts';

/** The number of a draft: up to 7, then by years. */
export type Draft = 4 | 6 | 7 | 2019 | 2020;

/** A schema with an address of its own, which references inside of it are relative to. */
export interface Resource {
  readonly id: string;
  readonly root: Json;
  readonly draft: Draft;
  /** Whether `format` counts: from 2019-09 on it does in the metaschemas only. */
  readonly assertsFormats: boolean;
  readonly anchors: ReadonlyMap<string, Json>;
  /** The names among the anchors that are dynamic. */
  readonly dynamicAnchors: ReadonlySet<string>;
}

/** A compiled schema: its keywords, with those resolved that hold schemas, references or patterns. */
export class Schema {
  readonly json: Json;
  readonly resource: Resource;
  /** Where it stands, such as `file:///values.schema.json#/properties/a`. */
  readonly location: string;
  readonly patterns = new Map<string, LinearPattern>();
  readonly dynamicAnchors = new Map<string, Schema>();
  resourceRoot: Schema = this;
  readonly #subschemas = new Map<string, Schema>();
  readonly #lists = new Map<string, readonly Schema[]>();
  readonly #maps = new Map<string, ReadonlyMap<string, Schema>>();

  constructor(json: Json, resource: Resource, location: string) {
    this.json = json;
    this.resource = resource;
    this.location = location;
  }

  get draft(): Draft {
    return this.resource.draft;
  }

  /** A keyword's own value. */
  keyword(name: string): Json | undefined {
    return getKey(this.json as JsonObject, name);
  }

  /** A keyword's value where it is a number. */
  number(name: string): number | undefined {
    const value = this.keyword(name);
    return typeof value === 'number' ? value : undefined;
  }

  /** A keyword's value where it is a string. */
  text(name: string): string | undefined {
    const value = this.keyword(name);
    return typeof value === 'string' ? value : undefined;
  }

  /** The strings of a keyword that is a list. */
  strings(name: string): readonly string[] {
    const value = this.keyword(name);
    return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
  }

  one(name: string): Schema | undefined {
    return this.#subschemas.get(name);
  }

  list(name: string): readonly Schema[] {
    return this.#lists.get(name) ?? [];
  }

  map(name: string): ReadonlyMap<string, Schema> {
    return this.#maps.get(name) ?? NOTHING;
  }

  setOne(name: string, schema: Schema): void {
    this.#subschemas.set(name, schema);
  }

  setList(name: string, schemas: readonly Schema[]): void {
    this.#lists.set(name, schemas);
  }

  setMap(name: string, schemas: ReadonlyMap<string, Schema>): void {
    this.#maps.set(name, schemas);
  }
}

const NOTHING: ReadonlyMap<string, Schema> = new Map();
