import type { ReleaseName, ReleaseRow } from '../../api/index.ts';

/** What changed since it was last told: of each Release only its last state, so that it takes no more room than the list itself. */
export class PendingRows {
  readonly #changed = new Map<string, ReleaseRow>();
  readonly #gone = new Map<string, ReleaseName>();

  /** Notes the present state of a Release. */
  put(row: ReleaseRow): void {
    this.#gone.delete(keyOf(row));
    this.#changed.set(keyOf(row), row);
  }

  /** Notes that there is no such Release any more. */
  drop({ namespace, name }: ReleaseName): void {
    const key = keyOf({ namespace, name });
    this.#changed.delete(key);
    this.#gone.set(key, { namespace, name });
  }

  /** What there is to tell, which is forgotten by that. */
  take(): { changed: ReleaseRow[]; gone: ReleaseName[] } {
    const taken = { changed: [...this.#changed.values()], gone: [...this.#gone.values()] };
    this.#changed.clear();
    this.#gone.clear();
    return taken;
  }
}

function keyOf({ namespace, name }: ReleaseName): string {
  return `${namespace}/${name}`;
}
