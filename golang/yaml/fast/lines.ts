import {
  COLON,
  DASH,
  DOT,
  DOUBLE_QUOTE,
  HASH,
  isWord,
  LINE_FEED,
  NINE,
  SINGLE_QUOTE,
  SLASH,
  SPACE,
} from '../scan/characters.ts';

/** Thrown at whatever the fast reader does not know; one for all, since nobody asks where it came from. */
export const NOT_FAST = new Error('not for the fast reader');

/** A place in a text that the fast reader passes line by line. */
export class Lines {
  readonly text: string;
  /** Where reading goes on. */
  at = 0;
  /** The indentation of the line that `at` was set to by `goTo`; -1 after the last one. */
  indent = -1;

  constructor(text: string) {
    this.text = text;
    this.goTo(0);
  }

  /** Goes to the first line from this offset on that has more than a comment. */
  goTo(offset: number): void {
    const { text } = this;
    for (let start = offset; ;) {
      let at = start;
      while (text.charCodeAt(at) === SPACE) at++;
      const code = text.charCodeAt(at);
      if (code !== LINE_FEED && code !== HASH) {
        this.at = at;
        this.indent = at < text.length ? at - start : -1;
        return;
      }
      const end = text.indexOf('\n', at);
      start = end < 0 ? text.length : end + 1;
    }
  }

  /** As `goTo`, from the next line on. */
  next(): void {
    const end = this.text.indexOf('\n', this.at);
    if (end < 0) this.indent = -1;
    else this.goTo(end + 1);
  }

  /** Goes on as `next` does where nothing but a comment is left of the line. */
  end(): void {
    this.passSpaces();
    if (!this.isAtEnd()) throw NOT_FAST;
    this.next();
  }

  /** Whether nothing but a comment, which a space is before, is left of the line. */
  isAtEnd(): boolean {
    const code = this.code();
    if (code === HASH) return this.text.charCodeAt(this.at - 1) === SPACE;
    return code === LINE_FEED || Number.isNaN(code);
  }

  /** The code of the character here, NaN at the end. */
  code(): number {
    return this.text.charCodeAt(this.at);
  }

  passSpaces(): void {
    while (this.code() === SPACE) this.at++;
  }

  isBlank(at: number): boolean {
    const code = this.text.charCodeAt(at);
    return code === SPACE || code === LINE_FEED || Number.isNaN(code);
  }

  isAtEntry(): boolean {
    return this.code() === DASH && this.isBlank(this.at + 1);
  }

  /** Where the colon after the word here is, in quotes or not; -1 where this is not such a key. */
  keyEnd(): number {
    const { text } = this;
    const first = this.code();
    const quoted = isQuote(first);
    let end = quoted ? this.at + 1 : this.at;
    if (!isKeyStart(text.charCodeAt(end))) return -1;
    while (isKeyPart(text.charCodeAt(end))) end++;
    if (quoted && text.charCodeAt(end++) !== first) return -1;
    return text.charCodeAt(end) === COLON && this.isBlank(end + 1) ? end : -1;
  }

  /** Passes the key that is here, whose colon is there, and returns what it says. */
  passKey(end: number): string {
    const { at } = this;
    this.at = end + 1;
    return isQuote(this.text.charCodeAt(at)) ? this.text.slice(at + 1, end - 1) : this.text.slice(at, end);
  }
}

function isQuote(code: number): boolean {
  return code === SINGLE_QUOTE || code === DOUBLE_QUOTE;
}

function isKeyStart(code: number): boolean {
  return code > NINE ? isWord(code) : code === SLASH;
}

function isKeyPart(code: number): boolean {
  return isWord(code) || code === DOT || code === SLASH;
}
