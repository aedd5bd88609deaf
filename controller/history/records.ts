import type { Release, ReleaseHistory } from '../../crds/index.ts';
import type { KubeClient } from '../../kube/index.ts';
import { shareOf } from '../pass/budget.ts';
import type { WorkingMemory } from '../pass/memory/working-memory.ts';
import { readRecord, storedBytes } from './history.ts';
import { bytesOfRecord, type VersionRecord } from '../../records/index.ts';

/** What is made from records for the cluster takes as much again. */
const COPIES = 2;

interface Kept {
  record: VersionRecord;
  namespace: string;
  version: number;
  /** The uid of the Release. */
  owner: string | undefined;
  bytes: number;
}

/**
 * Records read or written lately, packed: holding a version costs no request after the first pass. Found by the uid of their
 * ReleaseHistory, since another one of equal content may not own its chunks yet.
 */
export class Records {
  readonly #client: KubeClient;
  readonly #memory: Pick<WorkingMemory, 'hold' | 'holdKept' | 'holdOnly'>;
  readonly #kept = new Map<string, Kept>();
  readonly #limitBytes: number;
  readonly #held = new Map<string, number>();
  #bytes = 0;

  constructor(
    client: KubeClient,
    memory: Pick<WorkingMemory, 'hold' | 'holdKept' | 'holdOnly'>,
    limitBytes = shareOf('records'),
  ) {
    this.#client = client;
    this.#memory = memory;
    this.#limitBytes = limitBytes;
  }

  /** The record of a version, for the pass of a key. Throws ReleaseError HistoryCorrupted, KubeError, WaitsForMemory. */
  async read(key: string, history: ReleaseHistory): Promise<VersionRecord> {
    const { uid } = history.metadata;
    const kept = this.#kept.get(uid);
    if (!kept) {
      this.#memory.hold(key, uid, COPIES * storedBytes(history));
      const record = this.keep(history, await this.#stored(key, history));
      this.#memory.hold(key, uid, COPIES * bytesOfRecord(record));
      return record;
    }
    this.#memory.holdKept(key, uid, kept.bytes);
    this.#kept.delete(uid);
    this.#kept.set(uid, kept);
    return kept.record;
  }

  /** Keeps a record that is known to be stored, and that is all that the pass of a key goes on holding. Throws WaitsForMemory. */
  keepOnly(key: string, history: ReleaseHistory, record: VersionRecord): void {
    this.keep(history, record);
    this.#memory.holdOnly(key, history.metadata.uid, COPIES * bytesOfRecord(record));
  }

  /**
   * Keeps a record that is known to be stored, and returns it. To make room, the namespace that holds most loses its least recently used
   * ones.
   */
  keep({ metadata, spec: { version } }: ReleaseHistory, record: VersionRecord): VersionRecord {
    const { uid, namespace, ownerReferences } = metadata;
    this.#drop(uid);
    const bytes = COPIES * bytesOfRecord(record);
    this.#kept.set(uid, { record, namespace, version, owner: ownerReferences?.[0]?.uid, bytes });
    this.#count(namespace, bytes);
    while (this.#bytes > this.#limitBytes) {
      const oldest = this.#oldestOf(this.#largest(), uid);
      if (oldest === undefined) break;
      this.#drop(oldest);
    }
    return record;
  }

  /** A record that is kept though its ReleaseHistory is gone already. */
  recall({ metadata }: Release, version: number): VersionRecord | undefined {
    const kept = [...this.#kept.values()].find(({ owner, version: own }) => owner === metadata.uid && own === version);
    return kept?.record;
  }

  /** Drops all records of a Release. */
  forgetOf({ metadata }: Release): void {
    for (const [uid, { owner }] of this.#kept) if (owner === metadata.uid) this.#drop(uid);
  }

  async #stored(key: string, history: ReleaseHistory): Promise<VersionRecord> {
    try {
      return await readRecord(this.#client, history);
    } catch (error) {
      this.#memory.hold(key, history.metadata.uid, 0);
      throw error;
    }
  }

  #largest(): string | undefined {
    const [first] = [...this.#held].toSorted(([, a], [, b]) => b - a);
    return first?.[0];
  }

  #oldestOf(namespace: string | undefined, but: string): string | undefined {
    for (const [uid, kept] of this.#kept) if (kept.namespace === namespace && uid !== but) return uid;
    return undefined;
  }

  #drop(uid: string): void {
    const kept = this.#kept.get(uid);
    if (kept === undefined) return;
    this.#kept.delete(uid);
    this.#count(kept.namespace, -kept.bytes);
  }

  #count(namespace: string, bytes: number): void {
    this.#bytes += bytes;
    const held = (this.#held.get(namespace) ?? 0) + bytes;
    if (held > 0) this.#held.set(namespace, held);
    else this.#held.delete(namespace);
  }
}
