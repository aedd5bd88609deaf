import type { Cursor } from './cursor.ts';

/** A place where a key may have begun, as the `:` after it will tell: one for the block context, one for each open flow collection. */
export interface SimpleKey {
  possible: boolean;
  /** Whether only a key can be there. */
  required: boolean;
  /** Whether the token that it begins with is held back until this is known. */
  awaited: boolean;
  /** The number of the token that it begins with. */
  token: number;
  at: number;
  line: number;
  column: number;
  /** That of the collection around this one. */
  outer?: SimpleKey;
}

const MAX_KEY_CHARS = 1024;

/** The places where keys may have begun, by go-yaml's rules. */
export class SimpleKeys {
  /** How many flow collections are open. */
  flowLevel = 0;
  #top: SimpleKey = { ...NO_KEY };
  readonly #cursor: Cursor;

  constructor(cursor: Cursor) {
    this.#cursor = cursor;
  }

  /** Records that a key may begin here with the token of that number; throws where that rules out a key that had to be. */
  save(token: number, indent: number): void {
    this.remove();
    const cursor = this.#cursor;
    const top = this.#top;
    const { at, line, column } = cursor;
    top.possible = true;
    top.awaited = true;
    top.required = this.flowLevel === 0 && indent === column;
    top.token = token;
    top.at = at;
    top.line = line;
    top.column = column;
  }

  /** Rules out that a key began; throws where there had to be one. */
  remove(): void {
    const top = this.#top;
    if (top.possible && top.required) this.#cursor.fail("could not find expected ':'");
    top.possible = false;
  }

  openFlow(token: number): void {
    this.flowLevel += 1;
    this.#top = { ...NO_KEY, token, outer: this.#top };
  }

  closeFlow(): void {
    const closed = this.#top;
    if (closed.outer === undefined) return;
    this.flowLevel -= 1;
    this.#top = closed.outer;
    // The bracket that opened the collection has this number too where nothing was in it: go-yaml then holds it back no more.
    if (closed.token === this.#top.token) this.#top.awaited = false;
  }

  /** The key that the `:` here makes one, if any, which then is none any more to this. */
  take(): SimpleKey | undefined {
    const top = this.#top;
    if (!this.#isValid(top)) return undefined;
    top.possible = false;
    return top;
  }

  /** Whether the token of that number must wait until it is known whether it begins a key. */
  holdsBack(token: number): boolean {
    for (let key: SimpleKey | undefined = this.#top; key !== undefined; key = key.outer) {
      if (key.token === token && key.possible && key.awaited) return this.#isValid(key);
    }
    return false;
  }

  #isValid(key: SimpleKey): boolean {
    if (!key.possible) return false;
    if (key.line === this.#cursor.line && !this.#isLongerThanAKey(key)) return true;
    if (key.required) this.#cursor.fail("could not find expected ':'");
    key.possible = false;
    return false;
  }

  #isLongerThanAKey({ at }: SimpleKey): boolean {
    const chars = this.#cursor.at - at;
    if (chars <= MAX_KEY_CHARS || chars > 2 * MAX_KEY_CHARS) return chars > MAX_KEY_CHARS;
    return Array.from(this.#cursor.text.slice(at, this.#cursor.at)).length > MAX_KEY_CHARS;
  }
}

const NO_KEY: SimpleKey = {
  possible: false,
  required: false,
  awaited: false,
  token: 0,
  at: 0,
  line: 0,
  column: 0,
};
