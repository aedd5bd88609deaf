import type { Keeper } from '../../kube/index.ts';
import type { KubeObject, Pack } from '../../resources/index.ts';
import { ReleaseError } from '../pass/failures/errors.ts';
import type { Budget } from '../pass/budget.ts';
import { IDENTITY_BYTES, identityOf } from './outline.ts';

const MIB = 1024 * 1024;

/** What a watch keeps of its objects, charged to a namespace: where there is no room for more, who each object is and no more. */
export class WatchMemory implements Keeper<KubeObject> {
  readonly #budget: Budget;
  readonly #namespace: string;
  readonly #packed: (object: KubeObject) => Pack<KubeObject> | undefined;
  /** Bytes of what is kept, and those that what is kept in part only would have taken: none where nobody named it. */
  readonly #bytes = new WeakMap<KubeObject, number>();
  readonly #lacking = new WeakMap<KubeObject, number>();
  #held = 0;

  /** `packed` tells what to keep of an object; undefined where its identity suffices. */
  constructor(budget: Budget, namespace: string, packed: (object: KubeObject) => Pack<KubeObject> | undefined) {
    this.#budget = budget;
    this.#namespace = namespace;
    this.#packed = packed;
  }

  keep(object: KubeObject): KubeObject {
    const packed = this.#packed(object);
    if (packed !== undefined && this.#budget.admits(this.#namespace, packed.bytes)) {
      this.#bytes.set(packed.value, packed.bytes);
      return packed.value;
    }
    const identity = identityOf(object);
    this.#bytes.set(identity, IDENTITY_BYTES);
    this.#lacking.set(identity, packed?.bytes ?? 0);
    return identity;
  }

  isPartial(kept: KubeObject): boolean {
    return this.#lacking.has(kept);
  }

  /** Whether there is room by now for what is kept in part. */
  hasRoomFor(kept: KubeObject): boolean {
    return this.#budget.admits(this.#namespace, this.#lacking.get(kept) ?? 0);
  }

  /** Throws ReleaseError LimitExceeded if there was only room for a part of it. */
  checkRoom(kept: KubeObject | undefined): void {
    const lacking = kept === undefined ? 0 : (this.#lacking.get(kept) ?? 0);
    if (lacking === 0) return;
    const { total, namespace } = this.#budget.limits;
    const held = this.#budget.held(this.#namespace);
    const limit = held + lacking > namespace ? `${mib(namespace)} MiB for each namespace` : `${mib(total)} MiB for all`;
    throw new ReleaseError(
      'LimitExceeded',
      `${kept?.kind}/${kept?.metadata.name} cannot be watched: the children of namespace ${this.#namespace} take ${mib(held)} MiB of the controller's memory, and the limit is ${limit}: delete or shrink some, or give the controller a larger heap`,
    );
  }

  replaced(before: KubeObject | undefined, now: KubeObject | undefined): void {
    this.#add((now === undefined ? 0 : this.#bytesOf(now)) - (before === undefined ? 0 : this.#bytesOf(before)));
  }

  /** Gives back all that the watch holds. */
  release(): void {
    this.#add(-this.#held);
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
