import { BACKSLASH, COLON, DASH, HASH, LINE_FEED, SPACE } from '../scan/characters.ts';
import { Cursor } from '../scan/cursor.ts';
import { type Lines, NOT_FAST } from './lines.ts';
import { scanQuoted } from '../scan/quoted.ts';
import { YamlError } from '../yaml-error.ts';

/** What a plain scalar certainly begins with; a dash only before something other than a space. */
const PLAIN_START = /[A-Za-z0-9_/.+~(<=$^;\\\xa0-\ud7ff]|-(?=[^ \n])/y;
const LITERAL = /\|-?\n/y;

/** Passes the scalar in such quotes that begins here; throws `NOT_FAST` where something is wrong with it. */
export function passQuoted(lines: Lines, quote: '"' | "'"): string {
  const { text } = lines;
  const start = lines.at + 1;
  const end = text.indexOf(quote, start);
  const inside = text.slice(start, end);
  if (end < 0 || inside.includes('\n') || inside.includes('\\') || !lines.isBlank(end + 1))
    return passWhole(lines, quote);
  lines.at = end + 1;
  return inside;
}

/** Passes a quoted scalar with escapes or more lines as the whole reader does, which is given no more than that of the text. */
function passWhole(lines: Lines, quote: '"' | "'"): string {
  const end = closingQuote(lines, quote);
  if (end < 0) throw NOT_FAST;
  const cursor = new Cursor({ text: lines.text.slice(lines.at, end + 1), fault: undefined });
  try {
    const scalar = scanQuoted(cursor);
    lines.at += cursor.at;
    return scalar;
  } catch (error) {
    throw error instanceof YamlError ? NOT_FAST : error;
  }
}

/** Where the scalar in such quotes that begins here ends; -1 where it does not. */
function closingQuote({ text, at }: Lines, quote: '"' | "'"): number {
  let end = text.indexOf(quote, at + 1);
  if (quote === '"') {
    while (end >= 0 && isEscaped(text, end)) end = text.indexOf(quote, end + 1);
  } else {
    while (end >= 0 && text[end + 1] === quote) end = text.indexOf(quote, end + 2);
  }
  return end;
}

/** Whether an odd number of backslashes is before the character. */
function isEscaped(text: string, at: number): boolean {
  let start = at;
  while (text.charCodeAt(start - 1) === BACKSLASH) start--;
  return (at - start) % 2 === 1;
}

/** Passes the plain scalar that begins here, and the lines it is on; throws `NOT_FAST` where it might not be one. */
export function passPlain(lines: Lines, parentIndent: number): string {
  const { text, at } = lines;
  PLAIN_START.lastIndex = at;
  if (!PLAIN_START.test(text)) throw NOT_FAST;
  const first = text.slice(at, passWords(lines));
  const more = passFurtherLines(lines, parentIndent);
  lines.next();
  return first + more;
}

/** Passes what a plain scalar has of this line; returns where its last word ends. */
function passWords(lines: Lines): number {
  const { text } = lines;
  let { at } = lines;
  let end = at;
  for (let code = text.charCodeAt(at); code !== LINE_FEED && at < text.length; code = text.charCodeAt(++at)) {
    if (code === SPACE) continue;
    if (code === COLON && lines.isBlank(at + 1)) throw NOT_FAST;
    if (code === HASH && end < at) break;
    end = at + 1;
  }
  lines.at = at;
  return end;
}

/** What the lines after a plain scalar's first add to it. */
function passFurtherLines(lines: Lines, parentIndent: number): string {
  const { text } = lines;
  let more = '';
  while (lines.code() === LINE_FEED) {
    const { at, indent, breaks } = behindBreaks(lines);
    if (indent <= parentIndent || at === text.length || text.charCodeAt(at) === HASH) break;
    lines.at = at;
    more += (breaks === 1 ? ' ' : '\n'.repeat(breaks - 1)) + text.slice(at, passWords(lines));
  }
  return more;
}

/** The beginning of the next line with text, which is so many line breaks after this line's end. */
function behindBreaks({ text, at: end }: Lines): {
  readonly at: number;
  readonly indent: number;
  readonly breaks: number;
} {
  let at = end;
  let start = at;
  let breaks = 0;
  while (text.charCodeAt(at) === LINE_FEED) {
    breaks++;
    start = ++at;
    while (text.charCodeAt(at) === SPACE) at++;
  }
  return { at, indent: at - start, breaks };
}

/** Passes the literal block that begins here; throws `NOT_FAST` where its header or indentation is an unusual one. */
export function passLiteral(lines: Lines, parentIndent: number): string {
  const { text } = lines;
  LITERAL.lastIndex = lines.at;
  if (!LITERAL.test(text)) throw NOT_FAST;
  const strips = text.charCodeAt(lines.at + 1) === DASH;
  lines.at = LITERAL.lastIndex;
  const literal = passLiteralLines(lines, literalIndent(lines, parentIndent));
  return strips && literal.endsWith('\n') ? literal.slice(0, -1) : literal;
}

/** The indentation of a literal block, which its first line that is not blank tells. */
function literalIndent({ text, at }: Lines, parentIndent: number): number {
  let line = lineAt(text, at);
  let widest = 0;
  for (; line.isBlank; line = lineAt(text, line.end + 1)) widest = Math.max(widest, line.indent);
  if (widest > line.indent && line.indent > parentIndent) throw NOT_FAST;
  return Math.max(line.indent, parentIndent + 1);
}

/** The lines of a literal block, without blank ones after them. */
function passLiteralLines(lines: Lines, indent: number): string {
  const { text } = lines;
  let literal = '';
  let breaks = '';
  let start = lines.at;
  for (let line = lineAt(text, start); line.isBlank || line.indent >= indent; line = lineAt(text, start)) {
    if (line.isBlank ? line.indent > indent : start + line.indent === text.length) throw NOT_FAST;
    if (line.isBlank) {
      breaks += '\n';
    } else {
      literal += breaks + text.slice(start + indent, line.end + 1);
      breaks = '';
    }
    start = line.end + 1;
  }
  lines.goTo(start);
  return literal;
}

/** The line that begins at an offset; `end` is that of its line feed, or of its last character where it has none. */
function lineAt(
  text: string,
  start: number,
): { readonly indent: number; readonly isBlank: boolean; readonly end: number } {
  let at = start;
  while (text.charCodeAt(at) === SPACE) at++;
  const end = text.indexOf('\n', at);
  return { indent: at - start, isBlank: end === at, end: end < 0 ? text.length - 1 : end };
}
