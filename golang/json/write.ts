import { encodable, sortedEntriesOf } from './encodable.ts';

/** How JSON is written. */
export interface JsonOptions {
  /** Whether `<`, `>` and `&` are written as they are. */
  readonly raw?: boolean;
  /** The indentation of each level; everything is on one line without it. */
  readonly indent?: string;
}

const MAX_DEPTH = 1000;
const HTML = /[<>&\u2028\u2029]/g;
const LINE_SEPARATORS = /[\u2028\u2029]/g;

/** JSON as Go's encoding/json writes it: keys sorted by their bytes. Throws where Go refuses the value. */
export function writeJson(value: unknown, options: JsonOptions = {}): string {
  const { raw = false, indent = '' } = options;
  return new JsonWriter(raw ? LINE_SEPARATORS : HTML, indent).text(value, '\n');
}

class JsonWriter {
  readonly #escaped: RegExp;
  readonly #step: string;
  #depth = 0;

  constructor(escaped: RegExp, step: string) {
    this.#escaped = escaped;
    this.#step = step;
  }

  /** `lineBreak` is the line break with the indentation of the level that the value stands on. */
  text(value: unknown, lineBreak: string): string {
    const data = encodable(value);
    if (typeof data === 'string') return this.#quoted(data);
    if (typeof data !== 'object' || data === null) return Object.is(data, -0) ? '-0' : String(data);
    if (++this.#depth > MAX_DEPTH)
      throw new RangeError(`a value nested more than ${MAX_DEPTH} deep is not written as JSON`);
    const inner = this.#step === '' ? '' : lineBreak + this.#step;
    const text = Array.isArray(data)
      ? this.#list(data as readonly unknown[], inner, lineBreak)
      : this.#map(data as Readonly<Record<string, unknown>>, inner, lineBreak);
    this.#depth--;
    return text;
  }

  #list(items: readonly unknown[], inner: string, lineBreak: string): string {
    if (items.length === 0) return '[]';
    const texts = items.map((item) => inner + this.text(item, inner));
    return `[${texts.join(',')}${inner === '' ? '' : lineBreak}]`;
  }

  #map(map: Readonly<Record<string, unknown>>, inner: string, lineBreak: string): string {
    const { keys, get } = sortedEntriesOf(map);
    if (keys.length === 0) return '{}';
    const colon = inner === '' ? ':' : ': ';
    const texts = keys.map((key) => inner + this.#quoted(key) + colon + this.text(get(key), inner));
    return `{${texts.join(',')}${inner === '' ? '' : lineBreak}}`;
  }

  #quoted(text: string): string {
    if (!text.isWellFormed()) return this.#quotedBytes(text);
    const quoted = JSON.stringify(text);
    return quoted.search(this.#escaped) < 0 ? quoted : quoted.replace(this.#escaped, unicodeEscape);
  }

  /** Go writes what is not valid UTF-8 as an escape, but a replacement character of the text itself as it is. */
  #quotedBytes(text: string): string {
    const parts = text.split(/[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/);
    return `"${parts.map((part) => this.#quoted(part).slice(1, -1)).join('\\ufffd')}"`;
  }
}

function unicodeEscape(char: string): string {
  return `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
