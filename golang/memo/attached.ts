/** Lets a subclass give private fields to objects that exist already. */
export class Existing {
  // oxlint-disable-next-line no-constructor-return
  constructor(object: object) {
    return object;
  }
}

/**
 * The function with its result kept in the object that it made it of, as a private field, for when it is asked again. What a `WeakMap`
 * holds outlives the collector's frequent rounds, and has to be moved by them, even where its keys do not.
 */
export function attached<O extends object, V>(make: (object: O) => V): (object: O) => V {
  class Holder extends Existing {
    readonly #value: V;

    constructor(object: O, value: V) {
      super(object);
      this.#value = value;
    }

    static of(object: O): V {
      if (#value in object) return object.#value;
      const value = make(object);
      new Holder(object, value);
      return value;
    }
  }
  return (object) => Holder.of(object);
}
