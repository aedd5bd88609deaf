import { isJsonObject, type Json } from '../../json/index.ts';
import type { Schema } from '../schema.ts';

/** The parts of a value that no keyword has said anything about yet; undefined where nobody asks. */
export class Unevaluated {
  readonly properties: Set<string> | undefined;
  readonly items: Set<number> | undefined;

  private constructor(properties: Set<string> | undefined, items: Set<number> | undefined) {
    this.properties = properties;
    this.items = items;
  }

  /** `isAsked` says whether the schema around this one wants to know. */
  static of(schema: Schema, value: Json, isAsked: boolean): Unevaluated {
    if (Array.isArray(value)) return new Unevaluated(undefined, unevaluatedItems(schema, value, isAsked));
    const isOpen = isAsked || schema.one('unevaluatedProperties') !== undefined;
    const isWatched = isJsonObject(value) && isOpen && schema.one('additionalProperties') === undefined;
    return new Unevaluated(isWatched ? new Set(Object.keys(value)) : undefined, undefined);
  }

  get isEmpty(): boolean {
    return (this.properties?.size ?? 0) + (this.items?.size ?? 0) === 0;
  }

  /** Keeps what the other did not see either. */
  merge(other: Unevaluated): void {
    keepCommon(this.properties, other.properties);
    keepCommon(this.items, other.items);
  }
}

function unevaluatedItems(schema: Schema, value: readonly Json[], isAsked: boolean): Set<number> | undefined {
  const all = schema.draft < 2020 ? (schema.one('items') ?? schema.one('additionalItems')) : schema.one('items');
  if (all !== undefined || !(isAsked || schema.one('unevaluatedItems') !== undefined)) return undefined;
  const seen = schema.list(schema.draft < 2020 ? 'items' : 'prefixItems').length;
  return seen < value.length ? new Set(Array.from(value.keys()).slice(seen)) : undefined;
}

function keepCommon<T>(own: Set<T> | undefined, others: ReadonlySet<T> | undefined): void {
  for (const part of own ?? []) if (others?.has(part) !== true) own?.delete(part);
}
