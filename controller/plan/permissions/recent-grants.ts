import { digestOfJson } from '../../../resources/index.ts';
import type { Need } from './needs.ts';

const REMEMBERED_MS = 10_000;

/**
 * What users were found to be allowed a moment ago, so that a tenant's Releases that are reconciled together ask once. Missing permissions
 * are not remembered. The answers only serve to refuse before the first write: if a permission is taken away after that, the write itself
 * fails.
 */
export class RecentGrants {
  /** When each grant was found, by digest of the question, oldest first. */
  readonly #found = new Map<string, number>();

  /** Calls `check`, which throws if something is lacking, unless it passed for the same user and needs in the last ten seconds. */
  async check(user: string, needs: readonly Need[], check: () => Promise<void>): Promise<void> {
    this.#forgetOld();
    const question = digestOfJson([user, needs]);
    if (this.#found.has(question)) return;
    await check();
    this.#found.delete(question);
    this.#found.set(question, performance.now());
  }

  #forgetOld(): void {
    const oldest = performance.now() - REMEMBERED_MS;
    for (const [question, at] of this.#found) {
      if (at >= oldest) break;
      this.#found.delete(question);
    }
  }
}
