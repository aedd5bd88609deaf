import type { Release } from '../../../crds/index.ts';
import type { Change } from '../../../kube/index.ts';
import { keyOfRelease } from '../../pass/key.ts';
import { releaseNamesIn } from './dependency.ts';

/**
 * Which Releases name which others in `spec.dependsOn`, and which of them wait for that. Only those that name any are kept. Forgetting
 * which ones wait costs nothing: after a restart every Release has a pass.
 */
export class ReleaseOrder {
  readonly #needs = new Map<string, readonly string[]>();
  readonly #neededBy = new Map<string, Set<string>>();
  readonly #waiting = new Set<string>();

  /** Takes note of a change of a Release; returns the keys of the waiting ones that it may concern. */
  take({ type, object: { metadata, spec } }: Change<Release>): string[] {
    const key = keyOfRelease(metadata.namespace, metadata.name);
    const before = this.#needs.get(key) ?? [];
    const names = type === 'deleted' ? [] : releaseNamesIn(spec);
    const needs = names.map((name) => keyOfRelease(metadata.namespace, name));
    for (const needed of before) this.#forget(needed, key);
    for (const needed of needs) this.#neededBy.set(needed, (this.#neededBy.get(needed) ?? new Set()).add(key));
    if (needs.length > 0) this.#needs.set(key, needs);
    else this.#needs.delete(key);
    if (this.#waiting.size === 0) return [];
    return [...this.dependantsOf(key), ...before, ...needs].filter((other) => this.#waiting.has(other));
  }

  /** The keys of the Releases that name this one. */
  dependantsOf(key: string): readonly string[] {
    return [...(this.#neededBy.get(key) ?? [])];
  }

  /** From now on the Release waits for others, or no longer does. */
  setWaiting(key: string, isWaiting: boolean): void {
    if (isWaiting) this.#waiting.add(key);
    else this.#waiting.delete(key);
  }

  /** The keys of all that a Release depends on, directly or through others: its own among them only in a cycle. */
  neededBy(key: string): ReadonlySet<string> {
    return new Set(this.#cameFrom(key).keys());
  }

  /** The shortest way from a Release back to itself, by what each depends on, both ends included; undefined if there is none. */
  cycleOf(key: string): string[] | undefined {
    const cameFrom = this.#cameFrom(key);
    return cameFrom.has(key) ? wayBack(key, cameFrom) : undefined;
  }

  /** For each Release that one depends on, directly or through others, the one that is before it on the shortest way there. */
  #cameFrom(from: string): ReadonlyMap<string, string> {
    const cameFrom = new Map<string, string>();
    const reached = [from];
    for (const next of reached) {
      for (const needed of this.#needs.get(next) ?? []) {
        if (cameFrom.has(needed)) continue;
        cameFrom.set(needed, next);
        if (needed !== from) reached.push(needed);
      }
    }
    return cameFrom;
  }

  #forget(needed: string, key: string): void {
    const dependants = this.#neededBy.get(needed);
    dependants?.delete(key);
    if (dependants?.size === 0) this.#neededBy.delete(needed);
  }
}

function wayBack(key: string, cameFrom: ReadonlyMap<string, string>): string[] {
  const way = [key];
  for (let here = cameFrom.get(key); here !== undefined; here = cameFrom.get(here)) {
    way.push(here);
    if (here === key) break;
  }
  return way.reverse();
}
