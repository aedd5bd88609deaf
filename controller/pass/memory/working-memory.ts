import { WaitsForMemory } from '../failures/errors.ts';
import { namespaceOf } from '../key.ts';
import { WaitingLine, type Turn } from './waiting-line.ts';

/** A pass that takes no more than this never waits. */
const SMALL_BYTES = 2 * 1024 * 1024;
/** A pass that has had room for this long gives way to those of other namespaces that have waited. */
const TURN_MS = 180_000;
/** Room for a pass that does not begin within this time goes to others. */
const KEPT_MS = 10_000;

/** How working memory is limited. */
export interface WorkingMemoryOptions {
  /** What all passes at work may take, as they count it themselves. */
  limitBytes: number;
  /** What several passes of one namespace may take of that together. */
  namespaceBytes: number;
  /** Told that there is room for a pass that has waited: it is to be begun. */
  onRoom: (key: string) => void;
}

/** Room that a pass has until it ends, or is to begin with. */
interface Room {
  bytes: number;
  sinceMs: number;
  /** Takes the room back from a pass that does not begin. */
  timer?: NodeJS.Timeout;
}

/** What a pass at work holds, by what it is; `kept` would be in memory anyway. */
interface Pass {
  own: Map<string, number>;
  kept: Map<string, number>;
}

/**
 * What the passes at work hold in memory. One that takes much needs room: if there is none, it has to end and waits, holding nothing.
 * Passes that fit may overtake those that wait, until one of these has waited for long: then what is given back is for that one. A pass has
 * room whenever no other has. What is small, or in memory anyway, keeps others waiting for a short time only, and never waits itself.
 */
export class WorkingMemory {
  readonly #options: WorkingMemoryOptions;
  readonly #passes = new Map<string, Pass>();
  readonly #rooms = new Map<string, Room>();
  readonly #line = new WaitingLine(() => this.#letIn());

  constructor(options: WorkingMemoryOptions) {
    this.#options = options;
  }

  /** The passes that wait for room. */
  get waiting(): number {
    return this.#line.size;
  }

  /** How long the first of them has waited. */
  get longestWaitMs(): number {
    return this.#line.longestMs;
  }

  /** What all hold, or may. */
  get bytes(): number {
    return this.#inRooms() + this.#besideRooms();
  }

  /** Begins the pass of a key, with the room that there is for it, if any. */
  begin(key: string): void {
    this.#passes.set(key, nothing());
    const room = this.#rooms.get(key);
    if (room === undefined) return;
    clearTimeout(room.timer);
    room.sinceMs = performance.now();
  }

  /**
   * Records that the pass of a key now holds this many bytes as `part`, instead of what it held as that part. Throws WaitsForMemory where
   * there is no room for that: the pass has to end, and is begun again when there is. Its room does not shrink: it may need that again.
   */
  hold(key: string, part: string, bytes: number): void {
    const need = sumOf(this.#passOf(key).own.set(part, bytes).values());
    const room = this.#rooms.get(key);
    if (need <= Math.max(SMALL_BYTES, room?.bytes ?? 0)) return;
    if (room && this.#isFree(key, need)) room.bytes = need;
    else this.#wait(key, need);
  }

  /** The same for what would be in memory anyway: it never waits. */
  holdKept(key: string, part: string, bytes: number): void {
    const { own, kept } = this.#passOf(key);
    if (!own.has(part)) kept.set(part, bytes);
  }

  /** Records that the pass of a key holds nothing but this from now on; the rest of its room is for others. Throws WaitsForMemory. */
  holdOnly(key: string, part: string, bytes: number): void {
    this.#passes.set(key, nothing());
    const room = this.#rooms.get(key);
    if (bytes <= SMALL_BYTES) this.#rooms.delete(key);
    else if (room) room.bytes = Math.min(room.bytes, bytes);
    this.hold(key, part, bytes);
    this.#letIn();
  }

  /**
   * Where the pass of a key has had room for long, and one of another namespace has waited for long, throws WaitsForMemory: what the pass has
   * done is done, and it is begun again when it is its turn.
   */
  giveWay(key: string): void {
    const room = this.#rooms.get(key);
    if (room === undefined || performance.now() - room.sinceMs < TURN_MS) return;
    if (this.#line.yieldToOthers(namespaceOf(key))) this.#wait(key, room.bytes);
  }

  /** Records that the pass of a key is over, and whether it waits for room. */
  end(key: string, how: 'over' | 'waits'): void {
    this.#passes.delete(key);
    if (how === 'over') {
      this.#rooms.delete(key);
      this.#line.remove(key);
    }
    this.#callFor(key);
    this.#letIn();
  }

  #passOf(key: string): Pass {
    const pass = this.#passes.get(key) ?? nothing();
    this.#passes.set(key, pass);
    return pass;
  }

  /** Makes a pass at work wait for room, holding none: waiting for more while it holds some could last for ever. */
  #wait(key: string, need: number): void {
    const pass = this.#passOf(key);
    this.#passes.set(key, nothing());
    this.#rooms.delete(key);
    this.#line.add(key, need);
    this.#letIn();
    if (!this.#rooms.has(key)) throw new WaitsForMemory(`there is no room for ${need} bytes`);
    this.#passes.set(key, pass);
  }

  /** Gives room to those whose turn it is. */
  #letIn(): void {
    for (let turn = this.#next(); turn; turn = this.#next()) {
      this.#rooms.set(turn.key, { bytes: turn.need, sinceMs: performance.now() });
      if (!this.#passes.has(turn.key)) this.#callFor(turn.key);
    }
  }

  /** Those that have waited for long come first; where there is no room yet for one of them, nothing else gets any. */
  #next(): Turn | undefined {
    if (this.#line.size === 0) return undefined;
    let isReserved = false;
    const due = this.#line.take('due', (key, need) => {
      if (isReserved || this.#isTaken(key, need)) return false;
      isReserved = !this.#isFree(key, need);
      return !isReserved;
    });
    if (due || isReserved) return due;
    const beside = this.#besideRooms();
    return this.#line.take('others', (key, need) => this.#isFree(key, need, beside));
  }

  /** Begins a pass that was given room. */
  #callFor(key: string): void {
    const room = this.#rooms.get(key);
    if (!room) return;
    room.timer = setTimeout(() => this.end(key, 'over'), KEPT_MS).unref();
    this.#options.onRoom(key);
  }

  /** Whether there is room for a pass, without what it has. */
  #isFree(key: string, need: number, beside = 0): boolean {
    if (this.#isTaken(key, need)) return false;
    const others = this.#inRooms() - (this.#rooms.get(key)?.bytes ?? 0);
    return others === 0 || others + beside + need <= this.#options.limitBytes;
  }

  /** Whether other passes of its namespace leave a pass no part of what the namespace may have. */
  #isTaken(key: string, need: number): boolean {
    const namespace = namespaceOf(key);
    const others = this.#inRooms((other) => other !== key && namespaceOf(other) === namespace);
    return others > 0 && others + need > this.#options.namespaceBytes;
  }

  #inRooms(isCounted: (key: string) => boolean = () => true): number {
    return sumOf([...this.#rooms].filter(([key]) => isCounted(key)).map(([, { bytes }]) => bytes));
  }

  #besideRooms(): number {
    const held = (key: string, { own, kept }: Pass): number =>
      sumOf(kept.values()) + (this.#rooms.has(key) ? 0 : sumOf(own.values()));
    return sumOf([...this.#passes].map(([key, pass]) => held(key, pass)));
  }
}

function nothing(): Pass {
  return { own: new Map(), kept: new Map() };
}

function sumOf(numbers: Iterable<number>): number {
  return [...numbers].reduce((sum, each) => sum + each, 0);
}
