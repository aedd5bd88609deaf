import { jsonOf, selects, type KubeObject, type Selector } from '../../resources/index.ts';
import type { Budget } from '../pass/budget.ts';
import { ReleaseError } from '../pass/failures/errors.ts';
import { namespaceOf } from '../pass/key.ts';

/** Characters of JSON that the selectors of one Release may have: each event about a pod is held against all of them. */
const MAX_CHARS = 256 * 1024;
/** About what a character of theirs takes, with the values that they are made of. */
const BYTES_PER_CHAR = 4;

/** The selectors of the workloads of each Release, charged to its namespace. */
export class Selectors {
  readonly #budget: Budget;
  readonly #byRelease = new Map<string, { selectors: readonly Selector[]; bytes: number }>();

  constructor(budget: Budget) {
    this.#budget = budget;
  }

  /** Replaces those of a Release. Throws ReleaseError LimitExceeded where they are too long, or there is no room for them. */
  set(key: string, selectors: readonly Selector[]): void {
    const namespace = namespaceOf(key);
    let chars = 0;
    for (const selector of selectors) {
      chars += jsonOf(selector).length;
      if (chars > MAX_CHARS) throw tooLong(`may have ${MAX_CHARS / 1024} Ki characters together`);
    }
    const bytes = chars * BYTES_PER_CHAR;
    if (!this.#budget.admits(namespace, bytes - this.#bytesOf(key))) {
      throw tooLong(`take more of the controller's memory than namespace ${namespace} has left`);
    }
    this.forget(key);
    this.#byRelease.set(key, { selectors, bytes });
    this.#budget.add(namespace, bytes);
  }

  /** Whether a pod is one that a workload of the Release selects. */
  select(key: string, pod: KubeObject): boolean {
    return this.#byRelease.get(key)?.selectors.some((selector) => selects(selector, pod)) ?? false;
  }

  /** Forgets a Release. */
  forget(key: string): void {
    this.#budget.add(namespaceOf(key), -this.#bytesOf(key));
    this.#byRelease.delete(key);
  }

  #bytesOf(key: string): number {
    return this.#byRelease.get(key)?.bytes ?? 0;
  }
}

function tooLong(why: string): ReleaseError {
  return new ReleaseError('LimitExceeded', `the pod selectors of the chart's workloads ${why}: shorten them`);
}
