import type { ReleaseHistory } from '../../crds/index.ts';
import type { KubeClient } from '../../kube/index.ts';
import { jsonOf } from '../../resources/index.ts';
import { readRecord } from './history.ts';
import type { VersionRecord } from './record.ts';

const MOST_CHARACTERS = 128 * 1024 * 1024;

interface Kept {
  record: VersionRecord;
  characters: number;
}

/** Records read or written lately, by digest: holding a version costs no request after the first pass. */
export class Records {
  readonly #client: KubeClient;
  readonly #kept = new Map<string, Kept>();
  #characters = 0;

  constructor(client: KubeClient) {
    this.#client = client;
  }

  /** The record of a version. Throws ReleaseError HistoryCorrupted, KubeError. */
  async read(history: ReleaseHistory): Promise<VersionRecord> {
    const { record: digest } = history.spec.digests;
    const kept = this.#kept.get(digest);
    if (!kept) return this.keep(digest, await readRecord(this.#client, history));
    this.#kept.delete(digest);
    this.#kept.set(digest, kept);
    return kept.record;
  }

  /** Keeps a record that is known to be stored, and returns it; those used longest ago make room. */
  keep(digest: string, record: VersionRecord): VersionRecord {
    this.#drop(digest);
    const characters = jsonOf(record).length;
    this.#kept.set(digest, { record, characters });
    this.#characters += characters;
    for (const oldest of this.#kept.keys()) {
      if (this.#characters <= MOST_CHARACTERS || oldest === digest) break;
      this.#drop(oldest);
    }
    return record;
  }

  #drop(digest: string): void {
    this.#characters -= this.#kept.get(digest)?.characters ?? 0;
    this.#kept.delete(digest);
  }
}
