import { type GoMap, type Value, withGoType } from '../reflect/index.ts';
import { TomlFault } from './cursor.ts';
import { TomlPlace } from './place.ts';

/** A table whose keys are read; there is none where the place has another value. */
interface TomlContext {
  readonly place: TomlPlace;
  readonly table: GoMap | undefined;
}

/**
 * The tables of a text that is being read, and where in them the reading is. Follows the steps of BurntSushi/toml's parser, so that it
 * refuses what that refuses, with the same last key.
 */
export class TomlTables {
  readonly root: GoMap = new Map();
  /** The table whose keys are read. */
  context: TomlContext;
  /** The last part of the key whose value is read. */
  key = '';
  /** The line of the last key or header, which messages about tables name. */
  line = 1;
  readonly #top: TomlContext;
  /** The lists that `[[headers]]` and tables inside of lists make. */
  readonly #tableLists = new Set<Value>();

  constructor() {
    this.#top = { place: new TomlPlace(), table: this.root };
    this.context = this.#top;
  }

  /** The key that was read last, as messages name it. */
  get lastKey(): string {
    const { place } = this.context;
    if (this.key === '') return place.text;
    return place.depth === 0 ? this.key : `${place.text}.${this.key}`;
  }

  /** Goes into a table that a key's path goes through. */
  enterImplied(name: string): void {
    const { context } = this;
    context.place.at(name).isImplied = true;
    this.#enter(context, name, 'table');
  }

  /** Goes into the table of a value in braces and returns it. */
  enterInline(isInList: boolean): GoMap {
    const { context, key } = this;
    const place = context.place.at(key);
    place.isImplied = true;
    this.context = { place, table: undefined };
    this.key = '';
    return this.#enter(context, key, isInList ? 'table of a list' : 'table');
  }

  /** Goes into the table of a header; makes it, and those on the way to it that do not exist. */
  enterHeader(path: readonly string[], as: 'table' | 'table of a list'): void {
    let context = this.#top;
    for (const name of path.slice(0, -1)) context = this.#descend(context, name);
    this.#enter(context, path.at(-1) ?? '', as);
  }

  #enter(outer: TomlContext, name: string, as: 'table' | 'table of a list'): GoMap {
    const place = outer.place.at(name);
    const parent = outer.table ?? this.#refuse(`Key '${outer.place.text}' was already created as a hash.`);
    this.context = outer;
    const table: GoMap = new Map();
    if (as === 'table') this.set(name, table);
    else this.#tableListIn(parent, name, place).push(table);
    this.context = { place, table: this.#tableAt(parent, name) };
    return table;
  }

  #descend({ place: outer, table }: TomlContext, name: string): TomlContext {
    const place = outer.at(name);
    if (table?.has(name) === false) {
      place.isImplied = true;
      table.set(name, new Map());
    }
    const inner = table && this.#tableAt(table, name);
    return { place, table: inner ?? this.#refuse(`Key '${place.text}' was already created as a hash.`) };
  }

  /** The table of that name, which is the last one of a list of them. */
  #tableAt(table: GoMap, name: string): GoMap | undefined {
    const value = table.get(name);
    const last = this.#tableLists.has(value) ? (value as Value[]).at(-1) : value;
    return last instanceof Map ? last : undefined;
  }

  #tableListIn(parent: GoMap, name: string, place: TomlPlace): Value[] {
    const known = parent.get(name);
    if (this.#tableLists.has(known)) return known as Value[];
    if (parent.has(name)) this.#refuse(`Key '${place.text}' was already created and cannot be used as an array.`);
    const list = withGoType<Value[]>([], '[]map[string]interface {}');
    this.#tableLists.add(list);
    parent.set(name, list);
    return list;
  }

  /** Gives a key of the table at hand its value. */
  set(name: string, value: Value): void {
    const { place: outer, table } = this.context;
    if (table === undefined) return this.#refuseAgain(outer);
    if (!table.has(name)) {
      table.set(name, value);
      return;
    }
    const place = outer.at(name);
    if (!place.isImplied) this.#refuseAgain(place);
    place.isImplied = false;
    if (place.isList) table.set(name, value);
  }

  /** Notes whether the value of a key of the table at hand is a list in brackets; of the table itself where the name is empty. */
  record(name: string, kind: 'list' | 'no list'): void {
    const { place: outer } = this.context;
    const isOwn = name === '' && outer.depth > 0;
    const place = isOwn ? outer : kind === 'list' ? outer.at(name) : outer.known(name);
    if (place !== undefined) place.isList = kind === 'list';
  }

  #refuseAgain(place: TomlPlace): never {
    return this.#refuse(`Key '${place.text}' has already been defined.`);
  }

  #refuse(message: string): never {
    throw new TomlFault(message, this.line);
  }
}
