import { type GoMap, type Value, withGoType } from '../go-template/index.ts';
import { TomlFault } from './toml-cursor.ts';
import { keyText } from './toml-key.ts';

/**
 * The tables of a text that is being read, and where in them the reading is. Follows the steps of BurntSushi/toml's parser, so that it
 * refuses what that refuses, with the same last key.
 */
export class TomlTables {
  readonly root: GoMap = new Map();
  /** The path of the table whose keys are read. */
  context: readonly string[] = [];
  /** The last part of the key whose value is read. */
  key = '';
  /** The line of the last key or header, which messages about tables name. */
  line = 1;
  /** Tables that only the paths of others tell of, and may still be told of themselves. */
  private readonly implied = new Set<string>();
  /** The paths of lists in brackets. */
  private readonly lists = new Set<string>();
  /** The lists that `[[headers]]` and tables inside of lists make. */
  private readonly tableLists = new Set<Value>();

  /** The key that was read last, as messages name it. */
  get lastKey(): string {
    const path = keyText(this.context);
    if (this.key === '') return path;
    return this.context.length === 0 ? this.key : `${path}.${this.key}`;
  }

  /** Goes into a table that a key's path goes through. */
  enterImplied(name: string): void {
    const path = [...this.context, name];
    this.implied.add(keyText(path));
    this.enter(path, 'table');
  }

  /** Goes into the table of a value in braces and returns it. */
  enterInline(isInList: boolean): GoMap {
    const path = [...this.context, this.key];
    this.context = path;
    this.key = '';
    this.implied.add(keyText(path));
    return this.enter(path, isInList ? 'table of a list' : 'table');
  }

  /** Makes a table, and those on the way to it that there are not, goes into it and returns it. */
  enter(path: readonly string[], as: 'table' | 'table of a list'): GoMap {
    const parents = path.slice(0, -1);
    const name = path.at(-1) ?? '';
    const parent = this.descend(parents);
    this.context = parents;
    const table: GoMap = new Map();
    if (as === 'table') this.set(name, table);
    else this.tableListIn(parent, path).push(table);
    this.context = path;
    return table;
  }

  private descend(path: readonly string[]): GoMap {
    let table = this.root;
    for (const [i, name] of path.entries()) {
      const way = path.slice(0, i + 1);
      if (!table.has(name)) {
        this.implied.add(keyText(way));
        table.set(name, new Map());
      }
      table = this.tableAt(table, name) ?? this.refuse(`Key '${keyText(way)}' was already created as a hash.`);
    }
    return table;
  }

  /** The table of that name, which is the last one of a list of them. */
  private tableAt(table: GoMap, name: string): GoMap | undefined {
    const value = table.get(name);
    const last = this.tableLists.has(value) ? (value as Value[]).at(-1) : value;
    return last instanceof Map ? last : undefined;
  }

  private tableListIn(parent: GoMap, path: readonly string[]): Value[] {
    const name = path.at(-1) ?? '';
    const known = parent.get(name);
    if (this.tableLists.has(known)) return known as Value[];
    if (parent.has(name)) this.refuse(`Key '${keyText(path)}' was already created and cannot be used as an array.`);
    const list = withGoType<Value[]>([], '[]map[string]interface {}');
    this.tableLists.add(list);
    parent.set(name, list);
    return list;
  }

  /** Gives a key of the table at hand its value. */
  set(name: string, value: Value): void {
    let table = this.root;
    for (const [i, part] of this.context.entries()) {
      table = this.tableAt(table, part) ?? this.refuseAgain(this.context.slice(0, i + 1));
    }
    const path = [...this.context, name];
    if (!table.has(name)) table.set(name, value);
    else if (!this.implied.delete(keyText(path))) this.refuseAgain(path);
    else if (this.lists.has(keyText(path))) table.set(name, value);
  }

  /** Notes whether the value of a key of the table at hand is a list in brackets; of the table itself where the name is empty. */
  note(name: string, kind: 'list' | 'no list'): void {
    const path = name !== '' || this.context.length === 0 ? [...this.context, name] : this.context;
    if (kind === 'list') this.lists.add(keyText(path));
    else this.lists.delete(keyText(path));
  }

  private refuseAgain(path: readonly string[]): never {
    return this.refuse(`Key '${keyText(path)}' has already been defined.`);
  }

  private refuse(message: string): never {
    throw new TomlFault(message, this.line);
  }
}
