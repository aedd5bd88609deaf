import type { ValuesReference } from '../../../crds/index.ts';
import { digestOfJson, type KubeObject } from '../../../resources/index.ts';

/** The objects that references name, in their order. */
type Sources = readonly (KubeObject | undefined)[];

/**
 * The digests of the texts of valuesFrom as they were read last, by Release: each state of an object is another value, so that texts need
 * not be read again for every pass.
 */
export class KnownInputs {
  readonly #byRelease = new Map<string, { references: string; sources: Sources; digest: string }>();

  /** What was remembered of the same references, if each names the same state of an object as then. */
  recall(key: string, references: readonly ValuesReference[], sources: Sources): string | undefined {
    const known = this.#byRelease.get(key);
    if (known === undefined || known.sources.some((source, index) => source !== sources[index])) return undefined;
    return known.references === digestOfJson(references) ? known.digest : undefined;
  }

  /** Remembers what they came to. */
  remember(key: string, references: readonly ValuesReference[], sources: Sources, digest: string): void {
    this.#byRelease.set(key, { references: digestOfJson(references), sources, digest });
  }

  /** Forgets a Release. */
  forget(key: string): void {
    this.#byRelease.delete(key);
  }
}
