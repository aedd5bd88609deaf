import { jsonOf, selects, type KubeObject, type Selector } from '../../resources/index.ts';
import type { Budget } from '../pass/budget.ts';
import { ReleaseError } from '../pass/failures/errors.ts';
import { namespaceOf } from '../pass/key.ts';

/** Characters of JSON that the selectors of one Release may have: an event about a pod may have to be checked against all of them. */
const MAX_CHARS = 256 * 1024;
/** About how many bytes each of these characters takes, with the values that they are made of. */
const BYTES_PER_CHAR = 4;

/** The selectors of the workloads of each Release, charged to its namespace. */
export class Selectors {
  readonly #budget: Budget;
  readonly #byRelease = new Map<string, { index: SelectorIndex; bytes: number }>();

  constructor(budget: Budget) {
    this.#budget = budget;
  }

  /** Replaces those of a Release. Throws ReleaseError LimitExceeded where they are too long, or there is no room for them. */
  set(key: string, selectors: readonly Selector[]): void {
    const namespace = namespaceOf(key);
    let chars = 0;
    const distinct = new Map<string, Selector>();
    for (const selector of selectors) {
      const text = jsonOf(selector);
      distinct.set(text, selector);
      chars += text.length;
      if (chars > MAX_CHARS) throw tooLong(`may have ${MAX_CHARS / 1024} Ki characters together`);
    }
    const bytes = chars * BYTES_PER_CHAR;
    if (!this.#budget.hasRoomFor(namespace, bytes - this.#bytesOf(key))) {
      throw tooLong(`take more of the controller's memory than namespace ${namespace} has left`);
    }
    this.forget(key);
    this.#byRelease.set(key, { index: indexOf(distinct.values()), bytes });
    this.#budget.add(namespace, bytes);
  }

  /** Whether a pod is one that a workload of the Release selects. */
  select(key: string, pod: KubeObject): boolean {
    const index = this.#byRelease.get(key)?.index;
    return index !== undefined && candidates(index, pod).some((selector) => selects(selector, pod));
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

/** Selectors by the name and the value of one of the labels that each asks for, and those that ask for none. */
interface SelectorIndex {
  byName: ReadonlyMap<string, ReadonlyMap<unknown, readonly Selector[]>>;
  others: readonly Selector[];
}

/** Each stands under the label with the fewest so far: a label that all ask for distinguishes none. */
function indexOf(selectors: Iterable<Selector>): SelectorIndex {
  const byName = new Map<string, Map<unknown, Selector[]>>();
  const others: Selector[] = [];
  for (const selector of selectors) {
    let fewest = others;
    for (const [name, value] of Object.entries(selector.matchLabels)) {
      const found = listOf(byName, name, value);
      if (fewest === others || found.length < fewest.length) fewest = found;
    }
    fewest.push(selector);
  }
  return { byName, others };
}

function listOf(byName: Map<string, Map<unknown, Selector[]>>, name: string, value: unknown): Selector[] {
  const byValue = byName.get(name) ?? new Map<unknown, Selector[]>();
  const found = byValue.get(value) ?? [];
  byName.set(name, byValue.set(value, found));
  return found;
}

/** Looks for what the selectors ask for: a pod may have thousands of labels, and a thousand Releases look at it. */
function candidates({ byName, others }: SelectorIndex, { metadata: { labels = {} } }: KubeObject): Selector[] {
  return [...[...byName].flatMap(([name, byValue]) => byValue.get(labels[name]) ?? []), ...others];
}

function tooLong(why: string): ReleaseError {
  return new ReleaseError('LimitExceeded', `the pod selectors of the chart's workloads ${why}: shorten them`);
}
