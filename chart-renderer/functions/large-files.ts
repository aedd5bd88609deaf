import { fromJson, type Value } from '../../golang/reflect/index.ts';

/** A file of so many characters is worth keeping what is read in it. */
const LARGE_CHARS = 16 * 1024;

/** Characters of the files of a chart in all whose values are kept, which take up to three times the memory. */
const MAX_CHARS = 8 * 1024 * 1024;

/** The values in the large YAML files of a chart, such as definitions: each is read once, and given out as a copy. */
export class LargeFiles {
  readonly #texts: (minBytes: number) => Iterable<string>;
  #values: Map<string, Value> | undefined;
  #charsLeft = MAX_CHARS;

  /** `texts` are those of the chart's files from a size on: only they are kept, which are the same for whoever renders it. */
  constructor(texts: (minBytes: number) => Iterable<string>) {
    this.#texts = texts;
  }

  /** What `read` makes of the text, or a copy of what it made of it before. */
  valueOf(text: string, read: (text: string) => Value): Value {
    if (text.length < LARGE_CHARS) return read(text);
    this.#values ??= new Map(Array.from(this.#texts(LARGE_CHARS), (file) => [file, undefined]));
    const known = this.#values.get(text);
    if (known !== undefined) return fromJson(known);
    const value = read(text);
    if (this.#values.has(text) && text.length <= this.#charsLeft) {
      this.#charsLeft -= text.length;
      this.#values.set(text, fromJson(value));
    }
    return value;
  }
}

/** Where no chart is. */
export const NO_FILES = new LargeFiles(() => []);
