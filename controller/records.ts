import type { ReleaseHistory } from '../crds/index.ts';
import type { KubeClient } from '../kube/index.ts';
import { readRecord } from './history.ts';
import type { VersionRecord } from './record.ts';

const MOST_RECORDS = 512;

/** Records read or written lately, by digest: holding a version costs no request after the first pass. */
export class Records {
  readonly #client: KubeClient;
  readonly #kept = new Map<string, VersionRecord>();

  constructor(client: KubeClient) {
    this.#client = client;
  }

  /** The record of a version. Throws ReleaseError HistoryCorrupted, KubeError. */
  async read(history: ReleaseHistory): Promise<VersionRecord> {
    const { record: digest } = history.spec.digests;
    const record = this.#kept.get(digest) ?? (await readRecord(this.#client, history));
    this.keep(digest, record);
    return record;
  }

  /** Keeps a record that is known to be stored; the one used longest ago makes room. */
  keep(digest: string, record: VersionRecord): void {
    this.#kept.delete(digest);
    this.#kept.set(digest, record);
    const [oldest] = this.#kept.keys();
    if (this.#kept.size > MOST_RECORDS && oldest !== undefined) this.#kept.delete(oldest);
  }
}
