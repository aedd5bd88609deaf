import { resolveScalar } from './scalar.ts';

/** How what is read is to be held. */
export interface Holders<V, M> {
  readonly create: () => M & V;
  readonly set: (mapping: M, key: string, value: V) => void;
  /** A number that JSON can hold; undefined where it is refused. */
  readonly number: (value: number, text: string) => V | undefined;
}

/** The value of a document, or `NOT_PLAIN` where it takes the whole of YAML to read it. */
export const NOT_PLAIN = Symbol('not plain');

/**
 * Reads a document that consists of what values files nearly always do: block mappings and lists, one-line scalars, literal blocks,
 * comments. Of all else, and of whatever might be an error, it says `NOT_PLAIN`. It takes a third of the time of the whole reader, which
 * makes the same of these documents.
 */
export function readPlainBlock<V, M>(text: string, holders: Holders<V, M>): V | typeof NOT_PLAIN {
  if (OTHER_CHARACTER.test(text)) return NOT_PLAIN;
  try {
    return new PlainBlock(text, holders).document();
  } catch (error) {
    if (error === OTHER) return NOT_PLAIN;
    throw error;
  }
}

/** Thrown at whatever is not known here; one for all, since nobody asks where it came from. */
const OTHER = new Error('not a plain block');

/** Tabs, further line breaks, byte order marks and what YAML refuses. */
const OTHER_CHARACTER = /[^\n -~\xa0-\u2027\u202a-\ud7ff]/;
const MAX_DEPTH = 100;
const MAX_KEY_CHARS = 1000;
const KEY = /(["']?)([A-Za-z_/][A-Za-z0-9_./-]*)\1:(?=[ \n]|$)/y;
const FLOW_ITEM = / *(?:(["'])([^"'\\\n]*)\1|([A-Za-z_/][A-Za-z0-9_./-]*)) *([,\]])/y;
/** What a plain scalar begins with, as far as it is sure that it is one; a dash only before something else than a space. */
const SCALAR_START = /[A-Za-z0-9_/.+~(<=$^;\\\xa0-\ud7ff]|-(?=[^ \n])/y;
const LITERAL = /\|-?\n/y;
const LINE_FEED = 10;
const SPACE = 32;
const DOUBLE_QUOTE = 34;
const HASH = 35;
const SINGLE_QUOTE = 39;
const DASH = 45;
const COLON = 58;
const OPENING_BRACKET = 91;
const BAR = 124;

class PlainBlock<V, M> {
  private readonly text: string;
  private readonly holders: Holders<V, M>;
  /** Where reading goes on. */
  private at = 0;
  /** The indentation of the line that `at` was set to by `nextLine`; -1 behind the last one. */
  private indent = -1;
  private depth = 0;

  constructor(text: string, holders: Holders<V, M>) {
    this.text = text;
    this.holders = holders;
  }

  document(): V {
    this.lineFrom(0);
    if (this.indent < 0) return null as V;
    if (this.indent === 0 && this.text.startsWith('---\n', this.at)) this.nextLine();
    const root = this.block();
    if (this.indent >= 0) throw OTHER;
    return root;
  }

  /** Goes to the next line that has more than a comment. */
  private nextLine(): void {
    const end = this.text.indexOf('\n', this.at);
    if (end < 0) this.indent = -1;
    else this.lineFrom(end + 1);
  }

  private lineFrom(offset: number): void {
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

  /** The mapping or list whose first line this is. */
  private block(): V {
    if (++this.depth > MAX_DEPTH || this.indent < 0) throw OTHER;
    const value = this.isAtEntry() ? this.sequence(false) : (this.emptyCollection() ?? this.mapping());
    this.depth--;
    return value;
  }

  private isAtEntry(): boolean {
    return this.text.charCodeAt(this.at) === DASH && this.isBlank(this.at + 1);
  }

  private isBlank(at: number): boolean {
    const code = this.text.charCodeAt(at);
    return code === SPACE || code === LINE_FEED || Number.isNaN(code);
  }

  private mapping(): V {
    const { indent } = this;
    const mapping = this.holders.create();
    do {
      const key = this.key();
      this.holders.set(mapping, key, this.value(indent, true));
    } while (this.goesOn(indent));
    return mapping;
  }

  /** Whether the next line has that indentation; one that has more belongs to nothing known here. */
  private goesOn(indent: number): boolean {
    if (this.indent > indent) throw OTHER;
    return this.indent === indent;
  }

  private key(): string {
    KEY.lastIndex = this.at;
    const key = KEY.exec(this.text)?.[2];
    if (key === undefined || key.length > MAX_KEY_CHARS || typeof resolveScalar(key) !== 'string') throw OTHER;
    this.at = KEY.lastIndex;
    return key;
  }

  /** A list; one that belongs to a key may be `flush` with it. */
  private sequence(flush: boolean): V {
    const { indent } = this;
    const items: V[] = [];
    do {
      this.at++;
      items.push(this.value(indent, false));
    } while (this.goesOn(indent) && this.isAtEntry());
    if (!flush && this.indent === indent) throw OTHER;
    return items as V;
  }

  /** What stands behind a key or dash on a line of that indentation; passes the line. */
  private value(indent: number, isKeys: boolean): V {
    this.passSpaces();
    if (this.isAtLineEnd()) return this.valueBelow(indent, isKeys);
    if (!isKeys && this.isAtKey()) return this.entryMapping();
    const value = this.scalar(indent);
    if (this.indent > indent) throw OTHER;
    return value;
  }

  private valueBelow(indent: number, isKeys: boolean): V {
    this.nextLine();
    if (this.indent > indent) return this.block();
    return isKeys && this.indent === indent && this.isAtEntry() ? this.sequence(true) : (null as V);
  }

  private isAtKey(): boolean {
    KEY.lastIndex = this.at;
    return KEY.test(this.text);
  }

  /** A mapping that begins behind a dash, whose further keys stand under the first. */
  private entryMapping(): V {
    this.indent = this.at - (this.text.lastIndexOf('\n', this.at) + 1);
    return this.block();
  }

  private passSpaces(): void {
    while (this.text.charCodeAt(this.at) === SPACE) this.at++;
  }

  /** Whether nothing but a comment, which a space is before, is left of the line. */
  private isAtLineEnd(): boolean {
    const code = this.text.charCodeAt(this.at);
    if (code === HASH) return this.text.charCodeAt(this.at - 1) === SPACE;
    return code === LINE_FEED || Number.isNaN(code);
  }

  private scalar(indent: number): V {
    switch (this.text.charCodeAt(this.at)) {
      case DOUBLE_QUOTE:
        return this.lineOf(this.quoted('"')) as V;
      case SINGLE_QUOTE:
        return this.lineOf(this.quoted("'")) as V;
      case BAR:
        return this.literal(indent) as V;
      case OPENING_BRACKET:
        return this.emptyCollection() ?? this.flowList();
      default:
        return this.emptyCollection() ?? this.plain();
    }
  }

  private emptyCollection(): V | undefined {
    const isList = this.text.startsWith('[]', this.at);
    if (!isList && !this.text.startsWith('{}', this.at)) return undefined;
    this.at += 2;
    return this.lineOf(isList ? ([] as V) : this.holders.create());
  }

  /** A list of words in brackets, on one line. */
  private flowList(): V {
    const items: V[] = [];
    FLOW_ITEM.lastIndex = this.at + 1;
    for (let end = ','; end === ',';) {
      const [, , quoted, plain = '', behind = ''] = FLOW_ITEM.exec(this.text) ?? [];
      items.push(quoted === undefined ? this.resolved(plain) : (quoted as V));
      end = behind;
    }
    if (FLOW_ITEM.lastIndex === 0) throw OTHER;
    this.at = FLOW_ITEM.lastIndex;
    return this.lineOf(items as V);
  }

  /** The value, after which its line must end. */
  private lineOf<T>(value: T): T {
    this.passSpaces();
    if (!this.isAtLineEnd()) throw OTHER;
    this.nextLine();
    return value;
  }

  private quoted(quote: string): string {
    const end = this.text.indexOf(quote, this.at + 1);
    const text = this.text.slice(this.at + 1, end);
    if (end < 0 || text.includes('\n') || text.includes('\\') || !this.isBlank(end + 1)) throw OTHER;
    this.at = end + 1;
    return text;
  }

  private plain(): V {
    const { text, at } = this;
    SCALAR_START.lastIndex = at;
    if (!SCALAR_START.test(text)) throw OTHER;
    const value = this.resolved(text.slice(at, this.passPlain()));
    this.nextLine();
    return value;
  }

  private resolved(text: string): V {
    const value = resolveScalar(text);
    if (typeof value !== 'number') return value as V;
    const number = this.holders.number(value, text);
    if (number === undefined) throw OTHER;
    return number;
  }

  /** Passes a plain scalar; returns where its last word ends. */
  private passPlain(): number {
    const { text } = this;
    let { at } = this;
    let end = at;
    for (let code = text.charCodeAt(at); code !== LINE_FEED && at < text.length; code = text.charCodeAt(++at)) {
      if (code === SPACE) continue;
      if (code === COLON && this.isBlank(at + 1)) throw OTHER;
      if (code === HASH && end < at) break;
      end = at + 1;
    }
    this.at = at;
    return end;
  }

  private literal(indent: number): string {
    LITERAL.lastIndex = this.at;
    if (!LITERAL.test(this.text)) throw OTHER;
    const strips = this.text.charCodeAt(this.at + 1) === DASH;
    const lines = this.literalLines(LITERAL.lastIndex, indent);
    return strips ? lines : `${lines}\n`;
  }

  /** The lines of a literal block without the last break, where nothing but the first line tells their indentation. */
  private literalLines(offset: number, parentIndent: number): string {
    const { indent, isBlank } = this.lineAt(offset);
    if (isBlank || indent <= parentIndent) throw OTHER;
    let lines = '';
    let breaks = '';
    let start = offset;
    for (let line = this.lineAt(start); line.isBlank || line.indent >= indent; line = this.lineAt(start)) {
      if (line.end < 0 || (line.isBlank && line.indent > indent)) throw OTHER;
      if (!line.isBlank) {
        lines += breaks + this.text.slice(start + indent, line.end);
        breaks = '';
      }
      breaks += '\n';
      start = line.end + 1;
    }
    this.lineFrom(start);
    return lines;
  }

  private lineAt(start: number): { readonly indent: number; readonly isBlank: boolean; readonly end: number } {
    let at = start;
    while (this.text.charCodeAt(at) === SPACE) at++;
    return {
      indent: at - start,
      isBlank: this.text.charCodeAt(at) === LINE_FEED,
      end: this.text.indexOf('\n', at),
    };
  }
}
