import {
  AMPERSAND,
  ASTERISK,
  BAR,
  DOUBLE_QUOTE,
  OPENING_BRACE,
  OPENING_BRACKET,
  SINGLE_QUOTE,
} from '../scan/characters.ts';
import { Lines, NOT_FAST } from './lines.ts';
import { passLiteral, passPlain, passQuoted } from './scalars.ts';
import { resolveScalar } from '../scalar.ts';
import { tooManyNodes } from '../yaml-error.ts';

/** How what is read is to be held. */
export interface MappingBuilder<V, M> {
  readonly create: () => M & V;
  readonly set: (mapping: M, key: string, value: V) => void;
  /** A number that JSON can hold; undefined where it is refused. */
  readonly number: (value: number, text: string) => V | undefined;
}

/** The value of a document, or `NEEDS_WHOLE_READER` where the fast reader does not know it. */
export const NEEDS_WHOLE_READER = Symbol('needs the whole reader');

/**
 * Reads a document that consists of what values files nearly always do: block mappings and lists, scalars with or without a name,
 * literal blocks, comments. Of all else, and of whatever might be an error, it says `NEEDS_WHOLE_READER`. It takes a third of the time of
 * the whole reader, which makes the same of these documents. The text must be a simple one, as `sourceTextOf` tells it. Throws `YamlError`
 * `limit` as soon as there are more than `maxNodes` keys and values.
 */
export function readFastBlock<V, M>(
  text: string,
  builder: MappingBuilder<V, M>,
  maxNodes = Infinity,
): V | typeof NEEDS_WHOLE_READER {
  try {
    return new FastBlock(text, builder, maxNodes).document();
  } catch (error) {
    if (error === NOT_FAST) return NEEDS_WHOLE_READER;
    throw error;
  }
}

const MAX_DEPTH = 100;
const MAX_KEY_CHARS = 1000;
/** With no more it never matters how much of a document its aliases are. */
const MAX_ALIASES = 100;
const FLOW_ITEM = / *(?:(["'])([^"'\\\n]*)\1|([A-Za-z0-9_/][A-Za-z0-9_./-]*)) *([,\]])/y;
const ANCHOR = /[&*]([A-Za-z0-9_-]+)(?:$|(?=\n)| +)/y;

class FastBlock<V, M> {
  readonly #lines: Lines;
  readonly #builder: MappingBuilder<V, M>;
  readonly #anchors = new Map<string, V>();
  readonly #maxNodes: number;
  #nodes = 0;
  #aliases = 0;
  #depth = 0;

  constructor(text: string, builder: MappingBuilder<V, M>, maxNodes: number) {
    this.#lines = new Lines(text);
    this.#builder = builder;
    this.#maxNodes = maxNodes;
  }

  document(): V {
    const lines = this.#lines;
    this.#count();
    if (lines.indent < 0) return null as V;
    if (lines.indent === 0 && lines.text.startsWith('---\n', lines.at)) lines.next();
    const root = this.#block();
    if (lines.indent >= 0) throw NOT_FAST;
    return root;
  }

  /** The mapping or list whose first line this is. */
  #block(): V {
    if (++this.#depth > MAX_DEPTH || this.#lines.indent < 0) throw NOT_FAST;
    const value = this.#lines.isAtEntry() ? this.#sequence(false) : (this.#emptyCollection() ?? this.#mapping());
    this.#depth--;
    return value;
  }

  #mapping(): V {
    const { indent } = this.#lines;
    const mapping = this.#builder.create();
    do {
      const key = this.#key();
      this.#count();
      this.#builder.set(mapping, key, this.#value(indent, true));
    } while (this.#goesOn(indent));
    return mapping;
  }

  /** Whether the next line has that indentation; one that has more belongs to nothing known here. */
  #goesOn(indent: number): boolean {
    if (this.#lines.indent > indent) throw NOT_FAST;
    return this.#lines.indent === indent;
  }

  #key(): string {
    const end = this.#lines.keyEnd();
    if (end < 0) throw NOT_FAST;
    const key = this.#lines.passKey(end);
    if (key.length > MAX_KEY_CHARS || typeof resolveScalar(key) !== 'string') throw NOT_FAST;
    return key;
  }

  /** A list; one that belongs to a key may be `flush` with it. */
  #sequence(flush: boolean): V {
    const lines = this.#lines;
    const { indent } = lines;
    const items: V[] = [];
    do {
      lines.at++;
      items.push(this.#value(indent, false));
    } while (this.#goesOn(indent) && lines.isAtEntry());
    if (!flush && lines.indent === indent) throw NOT_FAST;
    return items as V;
  }

  /** What stands after a key or dash on a line of that indentation; passes the line. */
  #value(indent: number, isKeys: boolean): V {
    const lines = this.#lines;
    this.#count();
    lines.passSpaces();
    if (lines.isAtEnd()) return this.#valueBelow(indent, isKeys);
    if (!isKeys && lines.keyEnd() >= 0) return this.#entryMapping();
    const value = this.#valueHere(indent);
    if (lines.indent > indent) throw NOT_FAST;
    return value;
  }

  #valueBelow(indent: number, isKeys: boolean): V {
    const lines = this.#lines;
    lines.next();
    if (lines.indent > indent) return this.#block();
    return isKeys && lines.indent === indent && lines.isAtEntry() ? this.#sequence(true) : (null as V);
  }

  /** A mapping that begins after a dash, whose further keys stand under the first. */
  #entryMapping(): V {
    const lines = this.#lines;
    lines.indent = lines.at - (lines.text.lastIndexOf('\n', lines.at) + 1);
    return this.#block();
  }

  #valueHere(indent: number): V {
    const lines = this.#lines;
    switch (lines.code()) {
      case DOUBLE_QUOTE:
        return this.#whole(passQuoted(lines, '"') as V);
      case SINGLE_QUOTE:
        return this.#whole(passQuoted(lines, "'") as V);
      case BAR:
        return passLiteral(lines, indent) as V;
      case OPENING_BRACKET:
      case OPENING_BRACE:
        return this.#emptyCollection() ?? this.#flowList();
      case AMPERSAND:
        return this.#anchored(indent);
      case ASTERISK:
        return this.#alias();
      default:
        return this.#resolved(passPlain(lines, indent));
    }
  }

  /** The value, after which its line must end. */
  #whole(value: V): V {
    this.#lines.end();
    return value;
  }

  #emptyCollection(): V | undefined {
    const lines = this.#lines;
    const isList = lines.text.startsWith('[]', lines.at);
    if (!isList && !lines.text.startsWith('{}', lines.at)) return undefined;
    lines.at += 2;
    return this.#whole(isList ? ([] as V) : this.#builder.create());
  }

  /** A list of words in brackets, on one line. */
  #flowList(): V {
    const lines = this.#lines;
    if (lines.code() !== OPENING_BRACKET) throw NOT_FAST;
    const items: V[] = [];
    FLOW_ITEM.lastIndex = lines.at + 1;
    for (let end = ','; end === ',';) {
      const [, , quoted, plain = '', behind = ''] = FLOW_ITEM.exec(lines.text) ?? [];
      this.#count();
      items.push(quoted === undefined ? this.#resolved(plain) : (quoted as V));
      end = behind;
    }
    if (FLOW_ITEM.lastIndex === 0) throw NOT_FAST;
    lines.at = FLOW_ITEM.lastIndex;
    return this.#whole(items as V);
  }

  #count(): void {
    if (++this.#nodes > this.#maxNodes) throw tooManyNodes(this.#maxNodes);
  }

  #resolved(text: string): V {
    const value = resolveScalar(text);
    if (typeof value !== 'number') return value as V;
    const number = this.#builder.number(value, text);
    if (number === undefined) throw NOT_FAST;
    return number;
  }

  /** A scalar with a name; of a collection each alias would be another one. */
  #anchored(indent: number): V {
    const name = this.#anchorName();
    if (this.#lines.isAtEnd()) throw NOT_FAST;
    const value = this.#valueHere(indent);
    if (typeof value === 'object') throw NOT_FAST;
    this.#anchors.set(name, value);
    return value;
  }

  #alias(): V {
    const value = this.#anchors.get(this.#anchorName());
    if (value === undefined || ++this.#aliases > MAX_ALIASES) throw NOT_FAST;
    return this.#whole(value);
  }

  #anchorName(): string {
    const lines = this.#lines;
    ANCHOR.lastIndex = lines.at;
    const name = ANCHOR.exec(lines.text)?.[1];
    if (name === undefined) throw NOT_FAST;
    lines.at = ANCHOR.lastIndex;
    return name;
  }
}
