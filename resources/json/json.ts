/** A JSON object. */
export interface JsonMap {
  [key: string]: unknown;
}

/** Whether `value` is a JSON object: not null, not a list. */
export function isMap(value: unknown): value is JsonMap {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The value below `value` at `path`, through own keys only; undefined where something on the way is missing. */
export function valueAt(value: unknown, ...path: string[]): unknown {
  let here = value;
  for (const key of path) {
    if (!isMap(here) || !Object.hasOwn(here, key)) return undefined;
    here = here[key];
  }
  return here;
}

/** The map at `path`, or an empty one. */
export function mapAt(value: unknown, ...path: string[]): JsonMap {
  const found = valueAt(value, ...path);
  return isMap(found) ? found : {};
}

/** The list at `path`, or an empty one. */
export function listAt(value: unknown, ...path: string[]): unknown[] {
  const found = valueAt(value, ...path);
  return Array.isArray(found) ? found : [];
}

/** The string at `path`, if there is one. */
export function textAt(value: unknown, ...path: string[]): string | undefined {
  const found = valueAt(value, ...path);
  return typeof found === 'string' ? found : undefined;
}

/** The number at `path`, if there is one. */
export function numberAt(value: unknown, ...path: string[]): number | undefined {
  const found = valueAt(value, ...path);
  return typeof found === 'number' ? found : undefined;
}

/** A copy of `map` with each value replaced; safe for keys such as `__proto__`. */
export function mapValues(map: JsonMap, change: (value: unknown, key: string) => unknown): JsonMap {
  return Object.fromEntries(Object.entries(map).map(([key, value]) => [key, change(value, key)]));
}

/**
 * A copy of `value` with what is at a path changed, where `[]` stands for each item of a list; the value itself where the path leads
 * nowhere.
 */
export function changedAt(value: unknown, path: readonly string[], change: (value: unknown) => unknown): unknown {
  const [key, ...rest] = path;
  if (key === undefined) return change(value);
  if (key === '[]') return Array.isArray(value) ? value.map((item) => changedAt(item, rest, change)) : value;
  return isMap(value) && Object.hasOwn(value, key) ? { ...value, [key]: changedAt(value[key], rest, change) } : value;
}

/** Whether maps and lists are nested more than `max` deep; takes no stack, however deep they are. */
export function isDeeperThan(value: unknown, max: number): boolean {
  let level: unknown[] = [value];
  for (let depth = 0; depth <= max; depth += 1) {
    level = level.flatMap((each) => (typeof each === 'object' && each !== null ? Object.values(each) : []));
    if (level.length === 0) return false;
  }
  return true;
}

/** The number of keys and values in a value; counting stops soon after `max`. */
export function nodesIn(value: unknown, max: number): number {
  const waiting = [value];
  let nodes = 1;
  while (waiting.length > 0 && nodes <= max) {
    const here = waiting.pop();
    if (typeof here !== 'object' || here === null) continue;
    const parts: readonly unknown[] = Object.values(here);
    nodes += parts.length * (Array.isArray(here) ? 1 : 2);
    for (const part of parts) waiting.push(part);
  }
  return nodes;
}

/** All texts and numbers in a value in its order, however deep, numbers as texts. */
export function* textsAndNumbersIn(value: unknown): Iterable<string> {
  const waiting = [value];
  while (waiting.length > 0) {
    const here = waiting.pop();
    if (typeof here === 'string') yield here;
    else if (typeof here === 'number' || typeof here === 'bigint') yield String(here);
    if (typeof here !== 'object' || here === null) continue;
    for (const part of Object.values(here).toReversed()) waiting.push(part);
  }
}

/** Whether there are more keys and values in a value than `max`. */
export function holdsMoreThan(value: unknown, max: number): boolean {
  return nodesIn(value, max) > max;
}

/** The JSON pointer (RFC 6901) of `path`. */
export function pointerTo(path: readonly (string | number)[]): string {
  return path.map((key) => `/${escapedKey(String(key))}`).join('');
}

/** A key as it stands in a JSON pointer. */
export function escapedKey(key: string): string {
  return /[~/]/.test(key) ? key.replaceAll('~', '~0').replaceAll('/', '~1') : key;
}

/** The keys of a JSON pointer, as `pointerTo` writes it. */
export function keysOf(pointer: string): string[] {
  return pointer
    .split('/')
    .slice(1)
    .map((key) => key.replaceAll('~1', '/').replaceAll('~0', '~'));
}

/** A copy of `value` without what the JSON pointers name; the later items of a list move up. */
export function withoutPointers<T>(value: T, pointers: readonly string[]): T {
  return pointers.length === 0 ? value : (without(value, pointers.map(keysOf)) as T);
}

/** Each part of `value` is visited once, however many paths lead through it. */
function without(value: unknown, paths: readonly (readonly string[])[]): unknown {
  if (typeof value !== 'object' || value === null) return value;
  const below = new Map<string, (readonly string[])[]>();
  for (const [key = '', ...rest] of paths) {
    const others = below.get(key);
    if (others === undefined) below.set(key, [rest]);
    else others.push(rest);
  }
  const isLeft = (key: string): boolean => !below.get(key)?.some((rest) => rest.length === 0);
  const change = (item: unknown, key: string): unknown => {
    const deeper = below.get(key);
    return deeper === undefined ? item : without(item, deeper);
  };
  if (Array.isArray(value)) {
    return value.flatMap((item: unknown, index) => (isLeft(String(index)) ? [change(item, String(index))] : []));
  }
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => isLeft(key))
      .map(([key, item]) => [key, change(item, key)]),
  );
}
