import type { KubeObject } from '../../resources/index.ts';
import type { Budget } from '../pass/budget.ts';
import { ReleaseError } from '../pass/failures/errors.ts';
import { namespaceOf } from '../pass/key.ts';
import { namespaceOfUser } from '../pass/ownership.ts';

/** An object as a Release names it. Its group is not always known: two kinds of one name may be taken for one here. */
export interface NamedObject {
  kind: string;
  namespace?: string | undefined;
  name: string;
}

/** About how many bytes a name takes besides its text. */
const NAME_BYTES = 150;

/**
 * Which objects the Releases are about: of all others nobody needs to know more than that they exist. Charged to the namespaces of the
 * Releases: where there is no room for the names of a Release, it names none.
 */
export class Names {
  readonly #budget: Budget;
  readonly #bytes = new Map<string, number>();
  readonly #byRelease = new Map<string, readonly NamedObject[]>();
  readonly #withoutRoom = new Set<string>();
  /** How often Releases name each object. */
  readonly #counts = new Map<string, number>();

  constructor(budget: Budget) {
    this.#budget = budget;
  }

  /** Replaces what a Release names; returns whether there was room. `objects` are kept: they must be small, and not change any more. */
  set(key: string, objects: readonly NamedObject[]): boolean {
    const before = this.#byRelease.get(key) ?? [];
    // In most passes both are the same. Kept are those given last, which a record may share.
    if (!this.#withoutRoom.has(key) && areSame(before, objects)) {
      this.#byRelease.set(key, objects);
      return true;
    }
    const hasRoom = this.#charge(key, objects);
    const now = hasRoom ? objects : [];
    this.#byRelease.set(key, now);
    for (const name of now.map(textOf)) this.#counts.set(name, (this.#counts.get(name) ?? 0) + 1);
    for (const name of before.map(textOf)) this.#release(name);
    return hasRoom;
  }

  /** Forgets a Release. */
  forget(key: string): void {
    for (const object of this.#byRelease.get(key) ?? []) this.#release(textOf(object));
    this.#byRelease.delete(key);
    this.#charge(key, []);
    this.#bytes.delete(key);
  }

  /** Whether any Release names the object. */
  has({ kind, metadata: { namespace, name } }: KubeObject): boolean {
    return this.#counts.has(textOf({ kind, namespace, name }));
  }

  /** Throws ReleaseError LimitExceeded where there was no room to name an object that is to be kept as desired, for this service account. */
  check(object: NamedObject, user: string): void {
    if (this.#withoutRoom.size === 0 || this.#counts.has(textOf(object))) return;
    throw new ReleaseError(
      'LimitExceeded',
      `the names of all objects of the Release take more of the controller's memory than namespace ${namespaceOfUser(user)} has left: delete or shrink Releases, or give the controller a larger heap`,
    );
  }

  /** Gives back what the names of a Release took, and takes what they take now if there is room. */
  #charge(key: string, objects: readonly NamedObject[]): boolean {
    const before = this.#bytes.get(key) ?? 0;
    const bytes = objects.reduce((sum, object) => sum + NAME_BYTES + textOf(object).length, 0);
    const isAdmitted = this.#budget.hasRoomFor(namespaceOf(key), bytes - before);
    const now = isAdmitted ? bytes : 0;
    if (isAdmitted) this.#withoutRoom.delete(key);
    else this.#withoutRoom.add(key);
    this.#bytes.set(key, now);
    this.#budget.add(namespaceOf(key), now - before);
    return isAdmitted;
  }

  #release(name: string): void {
    const left = (this.#counts.get(name) ?? 0) - 1;
    if (left > 0) this.#counts.set(name, left);
    else this.#counts.delete(name);
  }
}

function areSame(before: readonly NamedObject[], now: readonly NamedObject[]): boolean {
  const isSame = (a: NamedObject, b: NamedObject | undefined): boolean =>
    a === b || (a.name === b?.name && a.namespace === b.namespace && a.kind === b.kind);
  return before.length === now.length && before.every((object, index) => isSame(object, now[index]));
}

function textOf({ kind, namespace = '', name }: NamedObject): string {
  return `${kind}/${namespace}/${name}`;
}
