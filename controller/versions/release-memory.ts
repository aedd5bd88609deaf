import type { Release } from '../../crds/index.ts';
import type { CachePolicy } from '../../kube/index.ts';
import { jsonOf, pack, packInSteps } from '../../resources/index.ts';
import { OWNERSHIP } from '../pass/ownership.ts';
import { budgetOf, shareOf, type Budget } from '../pass/budget.ts';

/** About the size of an outline. */
const OUTLINE_BYTES = 2_000;

/** Releases of which only an outline is kept. */
const outlines = new WeakSet<Release>();

/** Whether there was no room to keep all of a Release: only its identity, its chart reference, what it depends on and its conditions are kept. */
export function isOutline(kept: Release): boolean {
  return outlines.has(kept);
}

/** What is kept of Releases, whose size is up to their users: all of one, packed, while its namespace has room for it, else an outline. */
export class ReleaseMemory implements CachePolicy<Release> {
  readonly #budget: Budget;
  readonly #bytes = new WeakMap<Release, number>();

  constructor(total = shareOf('releases')) {
    this.#budget = budgetOf(total);
  }

  *prepare(release: Release): Generator<undefined, Release> {
    return (yield* packInSteps(release)).value;
  }

  keep(release: Release, known?: Release): Release {
    const { value, bytes } = pack(release);
    const freed = known === undefined ? 0 : this.#bytesOf(known);
    const isAdmitted = this.#budget.hasRoomFor(release.metadata.namespace, bytes - freed);
    const kept = isAdmitted ? value : outlineOf(release);
    this.#bytes.set(kept, isAdmitted ? bytes : OUTLINE_BYTES + jsonOf(release.spec.dependsOn ?? []).length);
    if (!isAdmitted) outlines.add(kept);
    return kept;
  }

  replaced(before: Release | undefined, now: Release | undefined): void {
    for (const [kept, sign] of [[before, -1] as const, [now, 1] as const]) {
      if (kept) this.#budget.add(kept.metadata.namespace, sign * this.#bytesOf(kept));
    }
  }

  #bytesOf(kept: Release): number {
    return this.#bytes.get(kept) ?? OUTLINE_BYTES;
  }
}

function outlineOf({ apiVersion, kind, metadata, spec, status }: Release): Release {
  const { name, namespace, uid, resourceVersion, generation, labels = {} } = metadata;
  const owner = [OWNERSHIP.releaseLabel, OWNERSHIP.namespaceLabel].filter((label) => label in labels);
  const ownerLabels = Object.fromEntries(owner.map((label) => [label, labels[label]]));
  const { inline: _, ...chart } = spec.chart;
  const { serviceAccountName, interval, dependsOn } = spec;
  const conditions = (status?.conditions ?? []).map((condition) => ({ ...condition, message: '' }));
  return {
    apiVersion,
    kind,
    metadata: { name, namespace, uid, resourceVersion, generation, labels: ownerLabels },
    spec: { chart, serviceAccountName, interval, ...(dependsOn && { dependsOn }) },
    status: { conditions },
  } as unknown as Release;
}
