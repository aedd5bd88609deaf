import { keyText } from './key.ts';

/** How deep tables, and lists and tables in braces, may be nested: what takes the values recurses for each level. */
const MAX_DEPTH = 1000;

/** Throws where values are nested deeper than their readers can follow. */
export function checkDepth(depth: number): void {
  if (depth > MAX_DEPTH) throw new Error(`toml: nested more than ${MAX_DEPTH} deep`);
}

/**
 * What is known of a key with all tables around it, whatever of a list's tables it is read in. There is one object of a key, and its
 * text is made for messages only, so that long and deep keys cost no more than their characters. Throws for a key of too many parts.
 */
export class TomlPlace {
  /** How many parts the key has. */
  readonly depth: number;
  /** Whether a table is known here only from the keys of others, and may still be defined itself. */
  isImplied = false;
  /** Whether there is a list in brackets. */
  isList = false;
  readonly #outer: TomlPlace | undefined;
  readonly #name: string;
  #inner: Map<string, TomlPlace> | undefined;

  constructor(outer?: TomlPlace, name = '') {
    this.#outer = outer;
    this.#name = name;
    this.depth = outer === undefined ? 0 : outer.depth + 1;
    checkDepth(this.depth);
  }

  /** The place of that name in this one. */
  at(name: string): TomlPlace {
    const known = this.known(name);
    if (known !== undefined) return known;
    const place = new TomlPlace(this, name);
    this.#inner ??= new Map();
    this.#inner.set(name, place);
    return place;
  }

  /** The place of that name in this one, if `at` made it. */
  known(name: string): TomlPlace | undefined {
    return this.#inner?.get(name);
  }

  /** The key, as messages name it. */
  get text(): string {
    return keyText(this.#parts());
  }

  #parts(): string[] {
    const parts = this.#outer === undefined ? [] : this.#outer.#parts();
    if (this.#outer !== undefined) parts.push(this.#name);
    return parts;
  }
}
