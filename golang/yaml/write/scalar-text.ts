/** Where a scalar stands: the column it begins at, the indentation of its further lines, and the column after which lines break. */
export interface Layout {
  readonly column: number;
  readonly indent: number;
  readonly width: number;
}

/** Whether the text is written as it is, since no part of it is to go on a further line. */
export function fitsLine(text: string, { column, width }: Layout): boolean {
  return column + text.length <= width || !text.includes(' ');
}

/** The text with line breaks at spaces beyond the width, as go-yaml writes plain scalars that do not fit the line. */
export function folded(text: string, layout: Layout): string {
  return fold(text, layout, (rest) => !rest.startsWith(' '));
}

/** The text in single quotes. */
export function singleQuoted(text: string, layout: Layout): string {
  const body = text
    .replaceAll("'", "''")
    .replace(/[\u2028\u2029]+(?=[^\u2028\u2029])/g, `$&${' '.repeat(layout.indent)}`);
  if (fitsLine(body, layout)) return `'${body}'`;
  const inside = { ...layout, column: layout.column + 1 };
  return `'${fold(body, inside, (rest, at) => at > 0 && rest !== '' && !rest.startsWith(' '))}'`;
}

const ESCAPED = /["\\]|[^\x20-\x7e\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffd]|[\u2028\u2029]/gu;

/** The text in double quotes, with escapes for what cannot be printed. */
export function doubleQuoted(text: string, layout: Layout): string {
  // go-yaml escapes everything after a byte order mark.
  const body = text.replace(text.startsWith('\ufeff') ? /./gsu : ESCAPED, escapeChar);
  if (fitsLine(body, layout)) return `"${body}"`;
  const inside = { ...layout, column: layout.column + 1 };
  return `"${fold(body, inside, (rest, at) => at > 0 && rest !== '', '\\')}"`;
}

/** Replaces spaces by line breaks; a break before a further space is followed by `guard`. */
function fold(text: string, layout: Layout, mayBreak: (rest: string, at: number) => boolean, guard = ''): string {
  const lineBreak = `\n${' '.repeat(layout.indent)}`;
  let output = '';
  let from = 0;
  let lineStart = -layout.column;
  for (let at = nextSpace(text, 0); at >= 0; at = nextSpace(text, at + 1)) {
    const breaks = at - lineStart > layout.width && text[at - 1] !== ' ' && mayBreak(text.slice(at + 1, at + 2), at);
    if (!breaks) continue;
    const guarded = text[at + 1] === ' ' ? guard : '';
    output += text.slice(from, at) + lineBreak + guarded;
    from = at + 1;
    lineStart = from - layout.indent - guarded.length;
  }
  return output + text.slice(from);
}

function nextSpace(text: string, from: number): number {
  return text.indexOf(' ', from);
}

const NAMED_ESCAPES: Readonly<Record<string, string>> = {
  '\0': '\\0',
  '\x07': '\\a',
  '\b': '\\b',
  '\t': '\\t',
  '\n': '\\n',
  '\v': '\\v',
  '\f': '\\f',
  '\r': '\\r',
  '\x1b': '\\e',
  '"': '\\"',
  '\\': '\\\\',
  '\x85': '\\N',
  '\xa0': '\\_',
  '\u2028': '\\L',
  '\u2029': '\\P',
};

function escapeChar(char: string): string {
  const named = NAMED_ESCAPES[char];
  if (named !== undefined) return named;
  const code = (char.codePointAt(0) ?? 0).toString(16).toUpperCase();
  if (code.length <= 2) return `\\x${code.padStart(2, '0')}`;
  return code.length <= 4 ? `\\u${code.padStart(4, '0')}` : `\\U${code.padStart(8, '0')}`;
}

/** The text as a literal block with its header. */
export function literal(text: string, indent: number): string {
  const hint = /^[ \n\r\x85\u2028\u2029]/.test(text) ? '2' : '';
  const body = text.replace(/(?<=^|[\n\u2028\u2029])(?=[^\n\u2028\u2029])/g, ' '.repeat(indent));
  return `|${hint}${chomping(text)}\n${body}`;
}

function chomping(text: string): string {
  if (!/[\n\u2028\u2029]$/.test(text)) return '-';
  return text.length === 1 || /[\n\u2028\u2029]{2}$/.test(text) ? '+' : '';
}
