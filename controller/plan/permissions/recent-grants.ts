import { digestOfJson } from '../../../resources/index.ts';
import type { Need } from './needs.ts';

const REMEMBERED_MS = 10_000;

/**
 * What users were found to be allowed a moment ago, so that the Releases of a tenant that come together ask once. What is lacking is
 * asked for each time. An answer serves to refuse before the first write: a permission that is taken away meanwhile is missed by the write.
 */
export class RecentGrants {
  /** When each was found, by digest, oldest first. */
  readonly #found = new Map<string, number>();

  /** Calls `check`, which throws where something is lacking, unless it found nothing for the same user and needs within ten seconds. */
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
