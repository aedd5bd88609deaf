import { type Encodable, encodableInGo, sortedEntriesOf, Verbatim } from '../json/index.ts';
import { Complex } from '../reflect/index.ts';
import { formatFloat } from '../strconv/index.ts';
import { escaped, keyPart, keyText } from './key.ts';

type Data = Encodable | Verbatim;
type Table = ReadonlyMap<string, unknown> | Readonly<Record<string, unknown>>;

/** TOML as BurntSushi/toml encodes it (Helm's `toToml`). Throws in its words. */
export function writeToml(value: unknown): string {
  if (value instanceof Complex) throw new Error("unsupported type for key '': complex128");
  const data = dataOf(value);
  if (isTable(data)) {
    const writer = new TomlWriter();
    writer.table([], data);
    return writer.output;
  }
  if (data === null) throw new Error('reflect: call of reflect.Value.Type on zero Value');
  if (isTableList(data)) throw new Error('toml: top-level values must be Go maps or structs');
  return inline(data);
}

class TomlWriter {
  output = '';

  table(key: readonly string[], table: Table): void {
    const { keys, get } = sortedEntriesOf(table);
    const entries = keys.map((name) => [name, dataOf(get(name))] as const);
    const isSub = (data: Data): boolean => isTable(data) || isTableList(data);
    for (const [name, data] of entries) if (!isSub(data)) this.#pair([...key, name], data);
    for (const [name, data] of entries) if (isSub(data)) this.#sub([...key, name], data);
  }

  #pair(key: readonly string[], data: Data): void {
    if (data !== null) this.output += `${indentOf(key)}${keyPart(key.at(-1) ?? '')} = ${inline(data)}\n`;
  }

  #sub(key: readonly string[], data: Data): void {
    const name = keyText(key);
    if (Array.isArray(data)) {
      for (const item of data as readonly unknown[]) {
        this.#newline();
        this.output += `${indentOf(key)}[[${name}]]\n`;
        this.table(key, dataOf(item) as Table);
      }
      return;
    }
    if (key.length === 1) this.#newline();
    this.output += `${indentOf(key)}[${name}]\n`;
    this.table(key, data as Table);
  }

  #newline(): void {
    if (this.output !== '') this.output += '\n';
  }
}

function indentOf(key: readonly string[]): string {
  return '  '.repeat(key.length - 1);
}

/** Numbers that are not finite pass, which JSON would refuse; integers stay apart from floats. */
function dataOf(value: unknown): Data {
  if (value instanceof Complex) throw new Error('unsupported type: complex128');
  return typeof value === 'number' ? value : encodableInGo(value, 'toToml');
}

function isTable(data: Data): data is Table {
  return typeof data === 'object' && data !== null && !Array.isArray(data) && !(data instanceof Verbatim);
}

function isTableList(data: Data): boolean {
  if (!Array.isArray(data) || data.length === 0) return false;
  const items = (data as readonly unknown[]).map(dataOf);
  if (items.includes(null)) throw new Error('toml: cannot encode array with nil element');
  return items.every(isTable);
}

function inline(data: Data): string {
  if (typeof data === 'string') return `"${escaped(data)}"`;
  if (typeof data === 'number') return floatText(data);
  if (data instanceof Verbatim) return data.text;
  if (typeof data !== 'object' || data === null) return String(data);
  if (Array.isArray(data)) {
    return `[${(data as readonly unknown[]).map((item) => inline(elementOf(item))).join(', ')}]`;
  }
  return inlineTable(data as Table);
}

function elementOf(item: unknown): Data {
  const data = dataOf(item);
  if (data === null) throw new Error('toml: cannot encode array with nil element');
  return data;
}

/** Tables come after other values; a nil leaves its comma, as in BurntSushi/toml. */
function inlineTable(table: Table): string {
  const { keys, get } = sortedEntriesOf(table);
  const entries = keys.map((name) => [name, dataOf(get(name))] as const);
  const isSub = (data: Data): boolean => isTable(data) || isTableList(data);
  const direct = entries.filter(([, data]) => !isSub(data));
  const subs = entries.filter(([, data]) => isSub(data));
  const pairs = (some: typeof entries, trailing: boolean): string =>
    some
      .map(([name, data], i) => {
        if (data === null) return '';
        return `${keyPart(name)} = ${inline(data)}${trailing || i < some.length - 1 ? ', ' : ''}`;
      })
      .join('');
  return `{${pairs(direct, subs.length > 0)}${pairs(subs, false)}}`;
}

function floatText(value: number): string {
  if (Number.isNaN(value)) return 'nan';
  if (!Number.isFinite(value)) return value > 0 ? 'inf' : '-inf';
  const text = formatFloat(value, 'g', undefined);
  return /[e.]/.test(text) ? text : `${text}.0`;
}
