import { WaitsForMemory } from '../failures/errors.ts';
import { namespaceOf } from '../key.ts';
import { FairKeys } from './fair-keys.ts';

/** A pass that holds no more than this neither counts nor waits: there are no more at work than the queue begins. */
const SMALL_BYTES = 2 * 1024 * 1024;
/** What one namespace may hold by more than one pass. */
const NAMESPACE_SHARE = 0.5;
/** A pass that has had room for so long gives way to those of other namespaces that wait. */
const TURN_MS = 180_000;
/** Room that is kept for a pass which does not begin for so long goes to others. */
const KEPT_MS = 10_000;

/** How working memory is limited. */
export interface WorkingMemoryOptions {
  /** What all passes at work may hold, as they count it themselves. */
  limitBytes: number;
  /** Told that there is room for a pass that has waited: it is to be begun. */
  onRoom: (key: string) => void;
}

/** Room for a pass: in use by one that is at work, or kept for one that is to begin. */
interface Room {
  bytes: number;
  sinceMs: number;
  kept: NodeJS.Timeout | undefined;
}

/**
 * What the passes at work hold in memory. One that would hold much when others do already has to end and waits, holding nothing, until it is
 * its turn: namespaces take turns, and none has more than half of the room unless by a single pass. A pass that is alone always has room, and
 * small ones never need any.
 */
export class WorkingMemory {
  readonly #options: WorkingMemoryOptions;
  readonly #rooms = new Map<string, Room>();
  /** What each pass at work holds, by what it is. */
  readonly #parts = new Map<string, Map<string, number>>();
  /** What those that wait need. */
  readonly #needs = new Map<string, number>();
  readonly #waiting = new FairKeys();

  constructor(options: WorkingMemoryOptions) {
    this.#options = options;
  }

  /** The passes that wait for room. */
  get waiting(): number {
    return this.#waiting.size;
  }

  /** What is in use, or kept for passes that are to begin. */
  get bytes(): number {
    return sumOf([...this.#rooms.values()].map(({ bytes }) => bytes));
  }

  /** Has the pass of a key begin with the room that was kept for it, if any. */
  begin(key: string): void {
    const room = this.#rooms.get(key);
    if (room === undefined) return;
    clearTimeout(room.kept);
    room.kept = undefined;
    room.sinceMs = performance.now();
  }

  /**
   * Records that the pass of a key now holds so many bytes as `part`, instead of what it held as such. Throws WaitsForMemory where there is no
   * room for that: the pass has to end, and is begun again when there is.
   */
  hold(key: string, part: string, bytes: number): void {
    const need = this.#count(key, part, bytes);
    if (need !== undefined) this.#need(key, need);
  }

  /** The same for what would be in memory anyway: it counts, so that others wait, but does not wait itself. */
  holdKept(key: string, part: string, bytes: number): void {
    const need = this.#count(key, part, bytes) ?? 0;
    const room = this.#rooms.get(key);
    if (need <= Math.max(SMALL_BYTES, room?.bytes ?? 0)) return;
    if (room) room.bytes = need;
    else this.#rooms.set(key, { bytes: need, sinceMs: performance.now(), kept: undefined });
  }

  /** Records that the pass of a key holds no more than this from now on. */
  holdOnly(key: string, part: string, bytes: number): void {
    const before = sumOf(this.#parts.get(key)?.values() ?? []);
    this.#parts.set(key, new Map([[part, bytes]]));
    if (before > bytes) this.#giveBack(key, before - bytes);
    else this.#need(key, bytes);
  }

  /**
   * Where the pass of a key has had room for long and others wait for it, throws WaitsForMemory: what the pass has done is done, and it is begun
   * again when it is its turn.
   */
  giveWay(key: string): void {
    const room = this.#rooms.get(key);
    if (room === undefined || performance.now() - room.sinceMs < TURN_MS) return;
    if (!this.#waiting.hasOthersThan(namespaceOf(key))) return;
    this.#rooms.delete(key);
    this.#wait(key, room.bytes);
    throw new WaitsForMemory('others wait for what this pass holds');
  }

  /** Records that the pass of a key is over, and whether it waits for room. */
  end(key: string, how: 'over' | 'waits'): void {
    this.#parts.delete(key);
    const room = this.#rooms.get(key);
    // What was kept for it while it was ending is for the next pass.
    if (room !== undefined && room.kept === undefined) this.#rooms.delete(key);
    if (how === 'over') this.#forget(key);
    this.#letIn();
  }

  /** What a pass holds in all, if that is more than before. */
  #count(key: string, part: string, bytes: number): number | undefined {
    const parts = this.#parts.get(key) ?? new Map<string, number>();
    const spared = (parts.get(part) ?? 0) - bytes;
    this.#parts.set(key, parts.set(part, bytes));
    if (spared <= 0) return sumOf(parts.values());
    this.#giveBack(key, spared);
    return undefined;
  }

  #giveBack(key: string, bytes: number): void {
    const room = this.#rooms.get(key);
    if (room) room.bytes = Math.max(0, room.bytes - bytes);
    this.#letIn();
  }

  #need(key: string, bytes: number): void {
    const room = this.#rooms.get(key);
    if (bytes <= Math.max(SMALL_BYTES, room?.bytes ?? 0)) return;
    if (room !== undefined && this.#hasRoom(key, bytes) && !this.#holdsAllItMay(key, bytes)) {
      room.bytes = bytes;
      return;
    }
    // To wait for more while it holds some could be for ever.
    this.#rooms.delete(key);
    this.#wait(key, bytes, 'at work');
    if (!this.#rooms.has(key)) throw new WaitsForMemory(`there is no room for ${bytes} bytes`);
  }

  #wait(key: string, bytes: number, how?: 'at work'): void {
    this.#needs.set(key, Math.max(bytes, this.#needs.get(key) ?? 0));
    this.#waiting.add(key);
    this.#letIn(how && key);
  }

  #forget(key: string): void {
    this.#waiting.remove(key);
    this.#needs.delete(key);
  }

  /** Gives room to those whose turn it is; `present` is at work already. */
  #letIn(present?: string): void {
    for (;;) {
      let isFull = false;
      const key = this.#waiting.take((_, next) => {
        const need = this.#needs.get(next) ?? 0;
        if (isFull || this.#holdsAllItMay(next, need)) return false;
        // The first in turn is waited with: smaller ones that pass it by would keep it waiting for ever.
        isFull = !this.#hasRoom(next, need);
        return !isFull;
      });
      if (key === undefined) return;
      this.#give(key, key === present);
    }
  }

  #give(key: string, isAtWork: boolean): void {
    const bytes = this.#needs.get(key) ?? 0;
    this.#needs.delete(key);
    const giveUp = (): void => {
      this.#rooms.delete(key);
      this.#letIn();
    };
    const kept = isAtWork ? undefined : setTimeout(giveUp, KEPT_MS).unref();
    this.#rooms.set(key, { bytes, sinceMs: performance.now(), kept });
    if (!isAtWork) this.#options.onRoom(key);
  }

  /** Whether other passes of its namespace leave a pass no part of what the namespace may have. */
  #holdsAllItMay(key: string, bytes: number): boolean {
    const namespace = namespaceOf(key);
    const others = [...this.#rooms].filter(([other]) => other !== key && namespaceOf(other) === namespace);
    const held = sumOf(others.map(([, room]) => room.bytes));
    return held > 0 && held + bytes > this.#options.limitBytes * NAMESPACE_SHARE;
  }

  #hasRoom(key: string, bytes: number): boolean {
    const held = this.bytes - (this.#rooms.get(key)?.bytes ?? 0);
    return held === 0 || held + bytes <= this.#options.limitBytes;
  }
}

function sumOf(numbers: Iterable<number>): number {
  let sum = 0;
  for (const each of numbers) sum += each;
  return sum;
}
