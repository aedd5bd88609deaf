import type { CachePolicy } from '../../kube/index.ts';
import type { KubeObject } from '../../resources/index.ts';
import { budgetOf, shareOf, type Budget } from '../pass/budget.ts';
import { identityBytes, identityOf } from './outline.ts';

/**
 * What is kept of service accounts, to know which exist: the identity of each, while there is room for those of its namespace; beyond that,
 * only of those that are used. Whoever needs one that is not known asks the API server for it.
 */
export class AccountMemory implements CachePolicy<KubeObject> {
  readonly #budget: Budget;
  readonly #isUsed: (account: KubeObject) => boolean;

  constructor(isUsed: (account: KubeObject) => boolean, total = shareOf('accounts')) {
    this.#budget = budgetOf(total);
    this.#isUsed = isUsed;
  }

  keep(account: KubeObject, known?: KubeObject): KubeObject | undefined {
    const identity = identityOf(account);
    const more = identityBytes(identity) - (known === undefined ? 0 : identityBytes(known));
    const isKept = this.#budget.hasRoomFor(namespaceOf(account), more) || this.#isUsed(account);
    return isKept ? identity : undefined;
  }

  replaced(before: KubeObject | undefined, now: KubeObject | undefined): void {
    if (before) this.#budget.add(namespaceOf(before), -identityBytes(before));
    if (now) this.#budget.add(namespaceOf(now), identityBytes(now));
  }
}

function namespaceOf({ metadata }: KubeObject): string {
  return metadata.namespace ?? '';
}
