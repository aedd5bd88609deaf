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

/**
 * Records read or written lately: holding a version costs no request after the first pass. By the uid of their ReleaseHistory,
 * since another one of equal content may not own its chunks yet.
 */
export class Records {
  readonly #client: KubeClient;
  readonly #kept = new Map<string, Kept>();
  #characters = 0;

  constructor(client: KubeClient) {
    this.#client = client;
  }

  /** The record of a version. Throws ReleaseError HistoryCorrupted, KubeError. */
  async read(history: ReleaseHistory): Promise<VersionRecord> {
    const { uid } = history.metadata;
    const kept = this.#kept.get(uid);
    if (!kept) return this.keep(history, await readRecord(this.#client, history));
    this.#kept.delete(uid);
    this.#kept.set(uid, kept);
    return kept.record;
  }

  /** Keeps a record that is known to be stored, and returns it; those used longest ago make room. */
  keep({ metadata: { uid } }: ReleaseHistory, record: VersionRecord): VersionRecord {
    this.#drop(uid);
    const characters = jsonOf(record).length;
    this.#kept.set(uid, { record, characters });
    this.#characters += characters;
    for (const oldest of this.#kept.keys()) {
      if (this.#characters <= MOST_CHARACTERS || oldest === uid) break;
      this.#drop(oldest);
    }
    return record;
  }

  #drop(uid: string): void {
    this.#characters -= this.#kept.get(uid)?.characters ?? 0;
    this.#kept.delete(uid);
  }
}
