import { sortKeys } from './key-order.ts';
import { type Dialect, isSimpleKey, styleOf } from './scalar-style.ts';
import { doubleQuoted, fitsLine, folded, literal, singleQuoted } from './scalar-text.ts';

/** What a value is to the writer; `raw` is written as it stands. */
export type YamlNode =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'raw'; readonly text: string }
  | { readonly kind: 'list'; readonly items: readonly unknown[] }
  /** The keys of a map are sorted, fields are not. */
  | { readonly kind: 'map' | 'fields'; readonly keys: string[]; readonly get: (key: string) => unknown };

/** How a value is written. */
export interface WriteOptions {
  readonly dialect: Dialect;
  /** What a value is; throws for those that cannot be written. */
  readonly nodeOf: (value: unknown) => YamlNode;
}

const MAX_DEPTH = 1000;
const LINE_BREAKS = [0x0a, 0x2028, 0x2029];

/** Writes one document in block style as go-yaml's emitter does, ending with a line break. */
export function writeNode(value: unknown, options: WriteOptions): string {
  const writer = new Writer(options);
  writer.node(value, -1, 'alone');
  return writer.finish();
}

/** The text so far, and what go-yaml's emitter knows of the line it is on. */
class Writer {
  readonly #options: WriteOptions;
  readonly #width: number;
  #output = '';
  #lineStart = 0;
  #depth = 0;
  /** Whether nothing but indicators and white space is on the line yet. */
  #indention = true;
  /** Whether white space was written last. */
  #spaced = true;

  constructor(options: WriteOptions) {
    this.#options = options;
    this.#width = options.dialect === 'v2' ? 80 : Infinity;
  }

  finish(): string {
    return this.#output.length === this.#lineStart ? this.#output : `${this.#output}\n`;
  }

  node(value: unknown, indent: number, place: 'alone' | 'value'): void {
    if (++this.#depth > MAX_DEPTH)
      throw new RangeError(`a value nested more than ${MAX_DEPTH} deep is not written as YAML`);
    const node = this.#options.nodeOf(value);
    switch (node.kind) {
      case 'raw':
        this.#word(node.text);
        break;
      case 'text':
        this.#scalar(node.text, indent, false);
        break;
      case 'list':
        this.#list(node.items, indent, place);
        break;
      case 'map':
        this.#map(sortKeys(node.keys, this.#options.dialect), node.get, indent);
        break;
      case 'fields':
        this.#map(node.keys, node.get, indent);
        break;
    }
    this.#depth--;
  }

  #list(items: readonly unknown[], indent: number, place: 'alone' | 'value'): void {
    if (items.length === 0) return this.#word('[]');
    const flush = this.#options.dialect === 'v2' && place === 'value' && !this.#indention;
    const inner = flush ? indent : innerIndent(indent);
    for (const item of items) {
      this.#indent(inner);
      this.#indicator('-');
      this.node(item, inner, 'alone');
    }
  }

  #map(keys: readonly string[], get: (key: string) => unknown, indent: number): void {
    if (keys.length === 0) return this.#word('{}');
    const inner = innerIndent(indent);
    for (const key of keys) {
      this.#indent(inner);
      if (isSimpleKey(key)) {
        this.#scalar(key, inner, true);
        this.#output += ':';
      } else {
        this.#indicator('?');
        this.#scalar(key, inner, false);
        this.#indent(inner);
        this.#indicator(':');
      }
      this.node(get(key), inner, 'value');
    }
  }

  #indicator(sign: string): void {
    this.#output += this.#spaced ? sign : ` ${sign}`;
    this.#spaced = false;
  }

  /** Goes to a column: on this line where only indicators are on it, else on the next. */
  #indent(column: number): void {
    const at = this.#output.length - this.#lineStart;
    if (this.#indention && at <= column) {
      this.#output += ' '.repeat(column - at);
    } else {
      this.#output += `\n${' '.repeat(column)}`;
      this.#lineStart = this.#output.length - column;
    }
    this.#indention = true;
    this.#spaced = true;
  }

  #word(text: string): void {
    this.#output += this.#spaced ? text : ` ${text}`;
    this.#spaced = false;
    this.#indention = false;
  }

  #scalar(text: string, indent: number, isKey: boolean): void {
    const style = styleOf(text, isKey, this.#options.dialect);
    const inner = indent < 0 ? 2 : indent + 2;
    const column = this.#output.length - this.#lineStart + (this.#spaced ? 0 : 1);
    const layout = { indent: inner, column, width: isKey ? Infinity : this.#width };
    switch (style) {
      case 'plain':
        return fitsLine(text, layout) ? this.#word(text) : this.#flow(folded(text, layout));
      case 'single':
        return this.#flow(singleQuoted(text, layout));
      case 'double':
        return this.#flow(doubleQuoted(text, layout));
      case 'literal':
        return this.#block(literal(text, inner));
    }
  }

  #flow(text: string): void {
    const start = this.#output.length + (this.#spaced ? 0 : 1);
    this.#word(text);
    const lastBreak = lastBreakIn(text);
    if (lastBreak >= 0) this.#lineStart = start + lastBreak + 1;
  }

  #block(text: string): void {
    this.#flow(text);
    this.#spaced = true;
    this.#indention = lastBreakIn(text) === text.length - 1;
  }
}

/** Where the last line break is; -1 where there is none. */
function lastBreakIn(text: string): number {
  let at = text.length - 1;
  while (at >= 0 && !LINE_BREAKS.includes(text.charCodeAt(at))) at--;
  return at;
}

function innerIndent(indent: number): number {
  return indent < 0 ? 0 : indent + 2;
}
