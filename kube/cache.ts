import type { KubeObject } from '../resources/index.ts';

/** One change of a cached object; `echo` marks the watch's event of a write whose answer `store` has taken already. */
export interface Change<T extends KubeObject> {
  type: 'added' | 'modified' | 'deleted';
  object: T;
  previous?: T;
  echo?: true;
  /** Marks the deletion of an object of which a later state may have been missed. */
  finalStateUnknown?: true;
}

/**
 * Decides what is kept of each object, in place of what was kept so far (`known`); must keep name, namespace, uid and resourceVersion of
 * its metadata. Where it returns undefined, nothing is kept, and `onChange` is told of the object as it came.
 */
export interface CachePolicy<T extends KubeObject> {
  /** What is received in place of an object, made before in steps, since it may take long. */
  prepare?(object: T): Generator<undefined, T>;
  keep(object: T, known?: T): T | undefined;
  /** Whether more of an object would now be kept than is. */
  isPartial?(kept: T): boolean;
  /** Told that `now` is kept in place of `before`; `before` is undefined for a new object, `now` for one that is gone. */
  replaced?(before: T | undefined, now: T | undefined): void;
}

/**
 * Whether `left` is from an earlier moment than `right`. Kubernetes' resourceVersions are numbers of a common clock; of
 * versions that are no numbers, none counts as older.
 */
export function isOlder(left: string | undefined, right: string | undefined): boolean {
  if (left === undefined || right === undefined || !/^\d+$/.test(left) || !/^\d+$/.test(right)) return false;
  return BigInt(left) < BigInt(right);
}

/**
 * An informer's copy of a collection: takes watch events and the client's own writes in any order, keeps the newest of each object, and
 * tells `onChange` what changed.
 */
export class ObjectCache<T extends KubeObject> {
  readonly #byNamespace = new Map<string, Map<string, T>>();
  readonly #onChange: (change: Change<T>) => void;
  readonly #policy: CachePolicy<T>;
  /** Keys of the client's own writes that the watch has not shown yet. */
  readonly #unechoed = new Set<string>();
  /** The uids of objects that the client deleted, whose late events must not bring them back. */
  readonly #forgotten = new Map<string, string | undefined>();
  /** While a whole collection is being received: the keys seen so far. */
  #seen: Set<string> | undefined;

  constructor(onChange: (change: Change<T>) => void, policy: CachePolicy<T> = { keep: (object) => object }) {
    this.#onChange = onChange;
    this.#policy = policy;
  }

  get(namespace: string | undefined, name: string): T | undefined {
    return this.#byNamespace.get(namespace ?? '')?.get(name);
  }

  list(namespace?: string): T[] {
    if (namespace !== undefined) return [...(this.#byNamespace.get(namespace)?.values() ?? [])];
    return [...this.#byNamespace.values()].flatMap((objects) => [...objects.values()]);
  }

  /**
   * Takes the answer to the client's own write, unless what is kept is newer; tells nobody. An object that is being deleted and is not
   * known was seen to go before the answer came.
   */
  store(object: T): void {
    const { namespace, name, resourceVersion, deletionTimestamp } = object.metadata;
    const known = this.get(namespace, name);
    if (known === undefined && deletionTimestamp !== undefined) return;
    if (known?.metadata.resourceVersion === resourceVersion && known !== undefined) return;
    if (isOlder(resourceVersion, known?.metadata.resourceVersion)) return;
    this.#forgotten.delete(keyOf(object));
    this.#unechoed.add(keyOf(object));
    this.#put(object);
  }

  /** Drops an object that the client deleted; tells nobody until the watch shows it. */
  forget(namespace: string | undefined, name: string): void {
    const known = this.get(namespace, name);
    if (known === undefined) return;
    this.#forgotten.set(keyOf(known), known.metadata.uid);
    this.#remove(known);
  }

  /** What is received from now until `endCollection` is the whole collection. */
  beginCollection(): void {
    this.#seen = new Set();
  }

  /** Drops whatever the collection, as of `resourceVersion`, did not have. */
  endCollection(resourceVersion: string | undefined): void {
    const seen = this.#seen;
    this.#seen = undefined;
    if (seen === undefined) return;
    this.#forgotten.clear();
    for (const object of this.list()) {
      const writtenSince = isOlder(resourceVersion, object.metadata.resourceVersion);
      if (!seen.has(keyOf(object)) && !writtenSince) this.#drop(object, { finalStateUnknown: true });
    }
  }

  /** What to receive in place of an object, made in steps. */
  *prepared(object: T): Generator<undefined, T> {
    return this.#policy.prepare === undefined ? object : yield* this.#policy.prepare(object);
  }

  /** Takes an object that exists, as of an event or a list. */
  receive(object: T): void {
    const key = keyOf(object);
    this.#seen?.add(key);
    if (this.#forgotten.has(key) && this.#forgotten.get(key) === object.metadata.uid) return;
    const known = this.get(object.metadata.namespace, object.metadata.name);
    if (known === undefined) return this.#change('added', object);
    const { uid, resourceVersion } = known.metadata;
    if (isOlder(object.metadata.resourceVersion, resourceVersion)) return;
    const isEcho = this.#unechoed.delete(key) && resourceVersion === object.metadata.resourceVersion;
    if (isEcho) return this.#confirm(known, object);
    if (resourceVersion === object.metadata.resourceVersion) return this.#complete(known, object);
    if (uid === object.metadata.uid) return this.#change('modified', object, { previous: known });
    this.#drop(known, { finalStateUnknown: true });
    this.#change('added', object);
  }

  /** Takes the last state of an object that is gone. */
  receiveDeleted(object: T): void {
    const { namespace, name, uid, resourceVersion } = object.metadata;
    const known = this.get(namespace, name);
    const isSuccessor = known?.metadata.uid !== uid && isOlder(resourceVersion, known?.metadata.resourceVersion);
    if (isSuccessor) return;
    this.#forgotten.delete(keyOf(object));
    this.#seen?.delete(keyOf(object));
    this.#drop(this.#policy.keep(object, known) ?? object);
  }

  /** What is kept of the client's own write stays the very same value, so that readers may still recognise it by identity. */
  #confirm(known: T, object: T): void {
    this.#complete(known, object);
    const { namespace, name } = object.metadata;
    this.#onChange({ type: 'modified', object: this.get(namespace, name) ?? object, previous: known, echo: true });
  }

  #complete(known: T, object: T): void {
    if (this.#policy.isPartial?.(known) === true) this.#put(object);
  }

  #change(type: 'added' | 'modified', object: T, about: { previous?: T; echo?: true } = {}): void {
    this.#onChange({ type, object: this.#put(object), ...about });
  }

  #put(object: T): T {
    const { namespace = '', name } = object.metadata;
    const known = this.get(namespace, name);
    const kept = this.#policy.keep(object, known);
    if (kept === undefined) {
      if (known !== undefined) this.#remove(known);
      return object;
    }
    let objects = this.#byNamespace.get(namespace);
    if (objects === undefined) this.#byNamespace.set(namespace, (objects = new Map<string, T>()));
    this.#policy.replaced?.(known, kept);
    objects.set(name, kept);
    return kept;
  }

  #drop(object: T, about: { finalStateUnknown?: true } = {}): void {
    this.#remove(object);
    this.#onChange({ type: 'deleted', object, ...about });
  }

  #remove(object: T): void {
    const { namespace = '', name } = object.metadata;
    const objects = this.#byNamespace.get(namespace);
    this.#policy.replaced?.(objects?.get(name), undefined);
    objects?.delete(name);
    if (objects?.size === 0) this.#byNamespace.delete(namespace);
    this.#unechoed.delete(keyOf(object));
  }
}

function keyOf(object: KubeObject): string {
  return `${object.metadata.namespace ?? ''}/${object.metadata.name}`;
}
