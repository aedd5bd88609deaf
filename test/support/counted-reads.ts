/** A value whose parts, at any depth, count each read of a key, a value or a length. */
export type CountedReads<T> = { readonly value: T; readonly reads: () => number };

/** Wraps JSON so that a test can tell how much of it a function looked at, whatever the machine's speed. */
export function countedReads<T extends object>(value: T): CountedReads<T> {
  let reads = 0;
  const wrapped = new WeakMap<object, object>();
  const handler: ProxyHandler<object> = {
    get: (target, key, receiver) => {
      reads += 1;
      return wrap(Reflect.get(target, key, receiver));
    },
    has: (target, key) => {
      reads += 1;
      return Reflect.has(target, key);
    },
    ownKeys: (target) => {
      const keys = Reflect.ownKeys(target);
      reads += keys.length;
      return keys;
    },
    getOwnPropertyDescriptor: (target, key) => {
      reads += 1;
      return Reflect.getOwnPropertyDescriptor(target, key);
    },
  };
  function wrap(part: unknown): unknown {
    if (typeof part !== 'object' || part === null) return part;
    const known = wrapped.get(part) ?? new Proxy(part, handler);
    wrapped.set(part, known);
    return known;
  }
  return { value: wrap(value) as T, reads: () => reads };
}
