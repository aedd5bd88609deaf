import type { AliasNode } from './nodes.ts';
import { tooManyNodes, YamlError } from './yaml-error.ts';

const RATIO_STARTS_AT = 400_000;
const RATIO_ENDS_AT = 4_000_000;

/** go-yaml's bounds on how much the aliases of a document may repeat, and the caller's on how much there may be in all. */
export class Aliases {
  readonly #max: number;
  readonly #open = new Set<AliasNode>();
  #values = 0;
  #repeated = 0;

  constructor(max: number) {
    this.#max = max;
  }

  /** What the alias stands for, to be read until `leave`; throws where that is within itself. */
  enter(alias: AliasNode): void {
    if (this.#open.has(alias)) throw new YamlError('Syntax', `yaml: anchor '${alias.name}' value contains itself`);
    this.#open.add(alias);
  }

  leave(alias: AliasNode): void {
    this.#open.delete(alias);
  }

  /** Counts one value read; throws where too many of them come from aliases. */
  count(): void {
    if (++this.#values > this.#max) throw tooManyNodes(this.#max);
    if (this.#open.size === 0) return;
    this.#repeated++;
    if (this.#repeated > 100 && this.#values > 1000 && this.#repeated / this.#values > allowedRatio(this.#values)) {
      throw new YamlError('Limit', 'yaml: document contains excessive aliasing');
    }
  }
}

/** Small documents may be nearly all aliases, large ones a tenth. */
function allowedRatio(values: number): number {
  const share = (values - RATIO_STARTS_AT) / (RATIO_ENDS_AT - RATIO_STARTS_AT);
  return 0.99 - 0.89 * Math.min(Math.max(share, 0), 1);
}
