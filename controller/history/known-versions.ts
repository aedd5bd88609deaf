import { RELEASE_LABEL, type Release, type ReleaseHistory } from '../../crds/index.ts';
import type { CachePolicy, KubeClient } from '../../kube/index.ts';
import { jsonOf, pack } from '../../resources/index.ts';
import { budgetOf, shareOf, type Budget } from '../pass/budget.ts';
import { keyOfRelease } from '../pass/key.ts';
import { HISTORIES } from '../pass/resources.ts';

/** How much of one Release's versions is read if there was no room to keep them. */
const MAX_READ_BYTES = 16 * 1024 * 1024;

/**
 * The versions of all Releases, found by the Release that they are named after. What only readers need is not kept. Where a namespace's
 * share of memory has no room for all of its versions, those of the Releases there are read from the API server.
 */
export class KnownVersions implements CachePolicy<ReleaseHistory> {
  readonly #byRelease = new Map<string, Map<string, ReleaseHistory>>();
  readonly #budget: Budget;
  readonly #bytes = new WeakMap<ReleaseHistory, number>();
  /** The namespaces of which some versions were left out. */
  readonly #incomplete = new Set<string>();

  constructor(total = shareOf('versions')) {
    this.#budget = budgetOf(total);
  }

  keep(history: ReleaseHistory, known?: ReleaseHistory): ReleaseHistory | undefined {
    const { namespace } = history.metadata;
    const kept = outlineOf(history);
    const bytes = jsonOf(kept).length;
    if (!this.#budget.hasRoomFor(namespace, bytes - this.#bytesOf(known))) {
      this.#incomplete.add(namespace);
      return undefined;
    }
    this.#bytes.set(kept, bytes);
    return kept;
  }

  replaced(before: ReleaseHistory | undefined, now: ReleaseHistory | undefined): void {
    const { namespace, name } = (now ?? before)?.metadata ?? {};
    if (namespace === undefined || name === undefined) return;
    this.#budget.add(namespace, this.#bytesOf(now) - this.#bytesOf(before));
    const key = keyOfRelease(namespace, name.replace(/-v\d+$/, ''));
    const versions = this.#byRelease.get(key) ?? new Map<string, ReleaseHistory>();
    if (now) this.#byRelease.set(key, versions.set(name, now));
    else if (versions.delete(name) && versions.size === 0) this.#byRelease.delete(key);
  }

  /** The versions that are named after this Release, its own or not. Throws KubeError, TooLarge if there are far too many to read. */
  async of(client: KubeClient, { metadata: { namespace, name } }: Release): Promise<ReleaseHistory[]> {
    if (!this.#incomplete.has(namespace))
      return [...(this.#byRelease.get(keyOfRelease(namespace, name))?.values() ?? [])];
    const selection = { labelSelector: `${RELEASE_LABEL}=${name}` };
    const limit = { maxBytes: MAX_READ_BYTES };
    return (await client.listAt<ReleaseHistory>(HISTORIES, namespace, selection, limit)).items.map(outlineOf);
  }

  #bytesOf(kept: ReleaseHistory | undefined): number {
    return kept === undefined ? 0 : (this.#bytes.get(kept) ?? 0);
  }
}

/** A version without what only readers need: its changes, and the sources of its values (only whether there are any). */
function outlineOf(history: ReleaseHistory): ReleaseHistory {
  const { managedFields: _, ...metadata } = history.metadata;
  const { valuesFrom, ...spec } = history.spec;
  return pack({
    ...history,
    metadata,
    spec: { ...spec, ...(valuesFrom && { valuesFrom: [] }), changes: [] },
  } as ReleaseHistory).value;
}
