import type { KubeObject } from '../../resources/index.ts';

/** An object as a Release names it; a group is not always known, and two kinds of one name may be taken for one here. */
export interface NamedObject {
  kind: string;
  namespace?: string | undefined;
  name: string;
}

/** Which objects the Releases are about: of all others nobody needs to know more than that they exist. */
export class Names {
  readonly #byRelease = new Map<string, ReadonlySet<string>>();
  /** How many Releases name each object. */
  readonly #counts = new Map<string, number>();

  /** Replaces what a Release names. */
  set(key: string, objects: readonly NamedObject[]): void {
    const now = new Set(objects.map(textOf));
    const before = this.#byRelease.get(key) ?? new Set<string>();
    this.#byRelease.set(key, now);
    for (const name of now) if (!before.has(name)) this.#counts.set(name, (this.#counts.get(name) ?? 0) + 1);
    for (const name of before) if (!now.has(name)) this.#release(name);
  }

  /** Forgets a Release. */
  forget(key: string): void {
    for (const name of this.#byRelease.get(key) ?? []) this.#release(name);
    this.#byRelease.delete(key);
  }

  /** Whether any Release names the object. */
  has({ kind, metadata: { namespace, name } }: KubeObject): boolean {
    return this.#counts.has(textOf({ kind, namespace, name }));
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
