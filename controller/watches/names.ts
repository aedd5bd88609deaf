import type { KubeObject } from '../../resources/index.ts';
import type { Budget } from '../pass/budget.ts';
import { ReleaseError } from '../pass/failures/errors.ts';
import { namespaceOf } from '../pass/key.ts';

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
  readonly #byRelease = new Map<string, ReadonlySet<string>>();
  readonly #withoutRoom = new Set<string>();
  /** How many Releases name each object. */
  readonly #counts = new Map<string, number>();

  constructor(budget: Budget) {
    this.#budget = budget;
  }

  /** Replaces what a Release names; returns whether there was room. */
  set(key: string, objects: readonly NamedObject[]): boolean {
    const named = new Set(objects.map(textOf));
    const hasRoom = this.#charge(key, named);
    const now = hasRoom ? named : new Set<string>();
    const before = this.#byRelease.get(key) ?? new Set<string>();
    this.#byRelease.set(key, now);
    for (const name of now) if (!before.has(name)) this.#counts.set(name, (this.#counts.get(name) ?? 0) + 1);
    for (const name of before) if (!now.has(name)) this.#release(name);
    return hasRoom;
  }

  /** Forgets a Release. */
  forget(key: string): void {
    for (const name of this.#byRelease.get(key) ?? []) this.#release(name);
    this.#byRelease.delete(key);
    this.#charge(key, new Set());
    this.#bytes.delete(key);
  }

  /** Whether any Release names the object. */
  has({ kind, metadata: { namespace, name } }: KubeObject): boolean {
    return this.#counts.has(textOf({ kind, namespace, name }));
  }

  /** Throws ReleaseError LimitExceeded where there was no room to name an object that is to be kept as desired. */
  check(object: NamedObject, namespace: string): void {
    if (this.#withoutRoom.size === 0 || this.#counts.has(textOf(object))) return;
    throw new ReleaseError(
      'LimitExceeded',
      `the names of all objects of the Release take more of the controller's memory than namespace ${namespace} has left: delete or shrink Releases, or give the controller a larger heap`,
    );
  }

  /** Gives back what the names of a Release took, and takes what they take now if there is room. */
  #charge(key: string, names: ReadonlySet<string>): boolean {
    const before = this.#bytes.get(key) ?? 0;
    const bytes = [...names].reduce((sum, name) => sum + NAME_BYTES + name.length, 0);
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

function textOf({ kind, namespace = '', name }: NamedObject): string {
  return `${kind}/${namespace}/${name}`;
}
