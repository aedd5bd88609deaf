import type { CachePolicy } from '../../kube/index.ts';
import { titleOf, type KubeObject, type Pack } from '../../resources/index.ts';
import { ReleaseError } from '../pass/failures/errors.ts';
import type { Budget } from '../pass/budget.ts';
import { IDENTITY_BYTES, identityBytes, identityOf } from './outline.ts';

const MIB = 1024 * 1024;
/** About how many bytes a watch takes that keeps nothing: its stream, and its share of a connection. */
const WATCH_BYTES = 32 * 1024;
/** Objects that were left out are read again once this much of what a namespace may hold is free. */
const ROOM_TO_READ_AGAIN = 0.1;

/** An object by which it is called in messages. */
type Titled = Parameters<typeof titleOf>[0];

/**
 * What a watch keeps of its objects, charged to a namespace with the watch itself. Where there is no room for more, it keeps only the
 * identity of an object, and where there is none for that, nothing.
 */
export class WatchMemory implements CachePolicy<KubeObject> {
  readonly #budget: Budget;
  readonly #namespace: string;
  readonly #packed: (object: KubeObject) => Pack<KubeObject> | undefined;
  /** Bytes of what is kept, and those that what is kept only in part would have taken: 0 where nobody named it. */
  readonly #bytes = new WeakMap<KubeObject, number>();
  readonly #lacking = new WeakMap<KubeObject, number>();
  #held = 0;
  /** Whether objects were left out, so that one which is not known may exist. */
  #isIncomplete = false;

  /**
   * `packed` says what to keep of an object; undefined where its identity suffices. Throws ReleaseError LimitExceeded where there is no
   * room for a watch of `title`.
   */
  constructor(
    budget: Budget,
    namespace: string,
    title: string,
    packed: (object: KubeObject) => Pack<KubeObject> | undefined,
  ) {
    this.#budget = budget;
    this.#namespace = namespace;
    this.#packed = packed;
    if (!budget.hasRoomFor(namespace, WATCH_BYTES)) throw this.#noRoom(title, WATCH_BYTES);
    this.#add(WATCH_BYTES);
  }

  keep(object: KubeObject, known?: KubeObject): KubeObject | undefined {
    const freed = known === undefined ? 0 : this.#bytesOf(known);
    const packed = this.#packed(object);
    if (packed !== undefined && this.#budget.hasRoomFor(this.#namespace, packed.bytes - freed)) {
      this.#bytes.set(packed.value, packed.bytes);
      return packed.value;
    }
    const identity = identityOf(object);
    const bytes = identityBytes(identity);
    if (!this.#budget.hasRoomFor(this.#namespace, bytes - freed)) {
      this.#isIncomplete = true;
      return undefined;
    }
    this.#bytes.set(identity, bytes);
    this.#lacking.set(identity, packed?.bytes ?? 0);
    return identity;
  }

  isPartial(kept: KubeObject): boolean {
    return this.#lacking.has(kept);
  }

  /** Whether there is room by now for what was kept only in part, or left out. */
  hasRoomFor(kept: KubeObject | undefined): boolean {
    if (kept !== undefined) return this.#budget.hasRoomFor(this.#namespace, this.#lacking.get(kept) ?? 0);
    const room = this.#budget.limits.namespace * ROOM_TO_READ_AGAIN;
    return this.#isIncomplete && this.#budget.hasRoomFor(this.#namespace, room);
  }

  /** All objects are about to be read again. */
  readAgain(): void {
    this.#isIncomplete = false;
  }

  /** Throws ReleaseError LimitExceeded if there was no room to know whether the object of this kind and name exists. */
  requireExistenceKnown(kept: KubeObject | undefined, named: Titled): void {
    if (kept === undefined && this.#isIncomplete) throw this.#noRoom(titleOf(named), IDENTITY_BYTES);
  }

  /** Throws ReleaseError LimitExceeded if there was only room for a part of it, or not even that. */
  requireKeptInFull(kept: KubeObject | undefined, named: Titled): void {
    this.requireExistenceKnown(kept, named);
    const lacking = kept === undefined ? 0 : (this.#lacking.get(kept) ?? 0);
    if (lacking > 0) throw this.#noRoom(titleOf(named), lacking);
  }

  replaced(before: KubeObject | undefined, now: KubeObject | undefined): void {
    this.#add((now === undefined ? 0 : this.#bytesOf(now)) - (before === undefined ? 0 : this.#bytesOf(before)));
  }

  /** Gives back all that the watch holds. */
  release(): void {
    this.#add(-this.#held);
  }

  #noRoom(title: string, bytes: number): ReleaseError {
    const { total, namespace } = this.#budget.limits;
    const held = this.#budget.held(this.#namespace);
    const limit = held + bytes > namespace ? `${mib(namespace)} MiB for each namespace` : `${mib(total)} MiB for all`;
    return new ReleaseError(
      'LimitExceeded',
      `${title} cannot be watched: what namespace ${this.#namespace} has watched takes ${mib(held)} MiB of the controller's memory, and the limit is ${limit}: delete or shrink objects, name fewer of them in valuesFrom, or give the controller a larger heap`,
    );
  }

  #bytesOf(kept: KubeObject): number {
    return this.#bytes.get(kept) ?? IDENTITY_BYTES;
  }

  #add(bytes: number): void {
    this.#held += bytes;
    this.#budget.add(this.#namespace, bytes);
  }
}

function mib(bytes: number): number {
  return Math.round(bytes / MIB);
}
