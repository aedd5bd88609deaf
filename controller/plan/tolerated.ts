import { APPLIED_ANNOTATION } from '../../crds/index.ts';
import type { KubeObject } from '../../resources/index.ts';

const MOST_OBJECTS = 20_000;

/**
 * The fields that the API server did not let us own right after an apply, by object and applied state: applying the same
 * again would not help. Losing this costs one needless apply.
 */
export class Tolerated {
  readonly #paths = new Map<string, readonly string[]>();

  /** Notes what is not owned right after an apply. */
  note(live: KubeObject, paths: readonly string[]): void {
    const key = keyOf(live);
    this.#paths.delete(key);
    if (paths.length === 0) return;
    this.#paths.set(key, paths);
    const [oldest] = this.#paths.keys();
    if (this.#paths.size > MOST_OBJECTS && oldest !== undefined) this.#paths.delete(oldest);
  }

  /** The fields of a live object that are not worth another apply. */
  pathsOf(live: KubeObject | undefined): readonly string[] {
    return live === undefined ? [] : (this.#paths.get(keyOf(live)) ?? []);
  }
}

function keyOf({ metadata }: KubeObject): string {
  return `${metadata.uid} ${metadata.annotations?.[APPLIED_ANNOTATION]}`;
}
