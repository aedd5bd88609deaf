/** A part of a text, its end excluded. */
export interface Span {
  start: number;
  end: number;
}

/** How many of its first characters identify a value: what follows them is masked as far as it is the same. */
const SIGNIFICANT = 64;
/** A value of this many characters or more is found anywhere, if not asked otherwise; a shorter one only where it is a word of its own. */
const ANYWHERE = 8;
/** A value of fewer characters does not count as a secret: it would be found everywhere. */
export const SHORTEST_SECRET = 4;

/** How many positions of a text are looked at before others may run. */
const POSITIONS_A_TURN = 8_192;
const BLOOM_BITS = 18;
const WORD = /[\p{L}\p{N}_-]/u;
/** Where a text was cut, what stands before the cut may be the beginning of a value. */
const CUT = /…|\.\.\./;

/** Finds all of many values in a text, in time that grows with the text and hardly with their number. */
export class Search {
  /** The beginnings of the values, sorted. `#wholes` has for each the longest value that begins with it. */
  readonly #beginnings: string[];
  readonly #wholes: Map<string, string>;
  /** For each beginning, the position of the longest other one that it begins with, or -1. */
  readonly #within: Int32Array;
  /** Hashes of the first characters of the values: one look rules out most positions of a text. */
  readonly #bloom = new Uint8Array(2 ** BLOOM_BITS);

  constructor(values: Iterable<string>) {
    this.#wholes = new Map();
    for (const value of values) {
      const beginning = value.slice(0, SIGNIFICANT);
      if ((this.#wholes.get(beginning) ?? '').length < value.length) this.#wholes.set(beginning, value);
    }
    this.#beginnings = [...this.#wholes.keys()].toSorted((a, b) => (a < b ? -1 : 1));
    this.#within = new Int32Array(this.#beginnings.length);
    for (const [index, beginning] of this.#beginnings.entries()) {
      this.#bloom[hashAt(beginning, 0)] = 1;
      let outer = index - 1;
      while (outer >= 0 && !beginning.startsWith(this.#at(outer))) outer = this.#within[outer] ?? -1;
      this.#within[index] = outer;
    }
  }

  /**
   * The parts of a text that are one of the values, or its beginning where the text is cut; in order, without overlaps. Values of at least
   * `anywhere` characters are found within words too. A generator: it yields now and then, so that its caller can let others run.
   */
  *spansIn(text: string, anywhere = ANYWHERE): Generator<undefined, Span[]> {
    const spans: Span[] = [];
    let turnEnd = POSITIONS_A_TURN;
    for (let start = 0; start + SHORTEST_SECRET <= text.length; start += 1) {
      if (start >= turnEnd) {
        yield;
        turnEnd = start + POSITIONS_A_TURN;
      }
      if (this.#bloom[hashAt(text, start)] !== 1) continue;
      const end = this.#endAt(text, start, anywhere);
      if (end === undefined) continue;
      spans.push({ start, end });
      start = end - 1;
    }
    return spans;
  }

  #endAt(text: string, start: number, anywhere: number): number | undefined {
    const here = text.slice(start, start + SIGNIFICANT);
    for (let index = this.#before(here) - 1; index >= 0; index = this.#within[index] ?? -1) {
      const beginning = this.#at(index);
      if (!here.startsWith(beginning)) continue;
      const end = start + beginning.length;
      if (beginning.length >= anywhere) return this.#endOfWhole(text, start, beginning);
      if (!isInWord(text, start, end)) return end;
    }
    return this.#endBeforeCut(here, start);
  }

  #endBeforeCut(here: string, start: number): number | undefined {
    const length = here.search(CUT);
    const isBeginning =
      length >= ANYWHERE && this.#at(this.#before(here.slice(0, length))).startsWith(here.slice(0, length));
    return isBeginning ? start + length : undefined;
  }

  #endOfWhole(text: string, start: number, beginning: string): number {
    const whole = this.#wholes.get(beginning) ?? beginning;
    let length = beginning.length;
    while (length < whole.length && whole[length] === text[start + length]) length += 1;
    return start + length;
  }

  /** How many beginnings come before `text` in order, counting an equal one. */
  #before(text: string): number {
    let low = 0;
    let high = this.#beginnings.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#at(middle) <= text) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #at(index: number): string {
    return this.#beginnings[index] ?? '';
  }
}

function hashAt(text: string, at: number): number {
  const first = Math.imul(text.charCodeAt(at), 0x01000193) ^ text.charCodeAt(at + 1);
  const second = Math.imul(first, 0x01000193) ^ text.charCodeAt(at + 2);
  const third = Math.imul(second, 0x01000193) ^ text.charCodeAt(at + 3);
  return Math.imul(third, 0x9e3779b1) >>> (32 - BLOOM_BITS);
}

function isInWord(text: string, start: number, end: number): boolean {
  return WORD.test(text.charAt(start - 1)) || WORD.test(text.charAt(end));
}
