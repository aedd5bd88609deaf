import { type GoMap, goTypeOf, type MapType, type Value, withGoType } from './values.ts';

/** The same map as a `map[string]interface {}`, which a map of a named type becomes where a parameter is of that type. */
export function plainMap(map: GoMap): GoMap {
  return goTypeOf(map) === 'map[string]interface {}' ? map : new MapAlias(map);
}

/** The same map under a named type, with that type's methods. */
export function namedMap(map: GoMap, type: MapType): GoMap {
  return withGoType(new MapAlias(map), type);
}

/** Another value for the same map: what is done to one is done to both, but they are of different Go types. */
class MapAlias extends Map<string, Value> {
  readonly #target: GoMap;

  constructor(target: GoMap) {
    super();
    this.#target = target;
  }

  override get size(): number {
    return this.#target.size;
  }

  override get(key: string): Value {
    return this.#target.get(key);
  }

  override has(key: string): boolean {
    return this.#target.has(key);
  }

  override set(key: string, value: Value): this {
    this.#target.set(key, value);
    return this;
  }

  override delete(key: string): boolean {
    return this.#target.delete(key);
  }

  override clear(): void {
    this.#target.clear();
  }

  override keys(): MapIterator<string> {
    return this.#target.keys();
  }

  override values(): MapIterator<Value> {
    return this.#target.values();
  }

  override entries(): MapIterator<[string, Value]> {
    return this.#target.entries();
  }

  override [Symbol.iterator](): MapIterator<[string, Value]> {
    return this.entries();
  }

  override forEach(visit: (value: Value, key: string, map: Map<string, Value>) => void): void {
    for (const [key, value] of this.#target) visit(value, key, this);
  }
}
