import type { ValuesReference } from '../../../crds/index.ts';
import { digestOfJson, type KubeObject } from '../../../resources/index.ts';
import { dataState } from '../../pass/value-data.ts';

/** The objects that references name, in the order of the references. */
type Sources = readonly (KubeObject | undefined)[];
type States = readonly ReturnType<typeof dataState>[];

/**
 * The digests of the texts of valuesFrom as they were last read, by Release, so that the texts need not be read again for every pass, nor
 * for every edit of something other than data.
 */
export class KnownInputs {
  readonly #byRelease = new Map<string, { references: string; states: States; digest: string }>();

  /** The digest remembered for the same references, if the objects that they name have the same data as then. */
  recall(key: string, references: readonly ValuesReference[], sources: Sources): string | undefined {
    const known = this.#byRelease.get(key);
    if (known === undefined || known.states.some((state, index) => state !== dataState(sources[index])))
      return undefined;
    return known.references === digestOfJson(references) ? known.digest : undefined;
  }

  /** Remembers the digest for these references and sources. */
  remember(key: string, references: readonly ValuesReference[], sources: Sources, digest: string): void {
    this.#byRelease.set(key, { references: digestOfJson(references), states: sources.map(dataState), digest });
  }

  /** Forgets a Release. */
  forget(key: string): void {
    this.#byRelease.delete(key);
  }
}
