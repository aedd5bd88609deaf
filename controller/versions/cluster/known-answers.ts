import type { ClusterAnswers } from '../../../crds/index.ts';
import type { Offer } from '../../../kube/index.ts';
import { digestOfOthers } from './answers.ts';

/**
 * The answers of the cluster that the versions in force were rendered with, by Release, for those that asked: after a change only the
 * Releases whose answers differ need a pass.
 */
export class KnownAnswers {
  readonly #byRelease = new Map<string, ClusterAnswers>();

  /** Whether any Release asked anything. */
  get hasAny(): boolean {
    return this.#byRelease.size > 0;
  }

  /** Takes note of the answers of a Release; undefined if it does not depend on any. */
  set(key: string, answers: ClusterAnswers | undefined): void {
    if (answers) this.#byRelease.set(key, answers);
    else this.#byRelease.delete(key);
  }

  /** The Releases for which the cluster has other answers now. */
  differing(offer: Offer): string[] {
    return [...this.#byRelease].flatMap(([key, answers]) => (digestOfOthers(answers, offer) === undefined ? [] : key));
  }
}
