/** Lets a subclass give private fields to objects that exist already. */
export class Existing {
  // oxlint-disable-next-line no-constructor-return
  constructor(object: object) {
    return object;
  }
}

/** Values that belong to objects and go with them. */
export interface Attachment<O extends object, V> {
  get(object: O): V | undefined;
  set(object: O, value: V): void;
}

/**
 * Makes room for one value in each object, as a private field of it. What a `WeakMap` holds outlives the collector's frequent rounds, and
 * has to be moved by them, even where its keys do not.
 */
export function attachment<O extends object, V>(): Attachment<O, V> {
  class Holder extends Existing {
    #value: V;

    constructor(object: O, value: V) {
      super(object);
      this.#value = value;
    }

    static get(object: O): V | undefined {
      return #value in object ? object.#value : undefined;
    }

    static set(object: O, value: V): void {
      if (#value in object) object.#value = value;
      else new Holder(object, value);
    }
  }
  return { get: (object) => Holder.get(object), set: (object, value) => Holder.set(object, value) };
}
