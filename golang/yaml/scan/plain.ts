import { COLON, HASH, isBlank, isBlankOrEnd, isBreak, isFlowIndicator, TAB } from './characters.ts';
import type { Cursor } from './cursor.ts';

/** What a plain scalar says, and whether it ends at the beginning of a line. */
export interface PlainScalar {
  readonly text: string;
  readonly endsLine: boolean;
}

/** Passes the plain scalar that begins here; `parentIndent` is that of the block around it. */
export function scanPlain(cursor: Cursor, parentIndent: number, inFlow: boolean): PlainScalar {
  let text = '';
  let joint = '';
  for (;;) {
    const start = cursor.at;
    const end = passLine(cursor, inFlow);
    if (end > start) text += joint + cursor.text.slice(start, end);
    if (!isBreak(cursor.code())) return { text, endsLine: end === start };
    joint = passLineBreaks(cursor, parentIndent);
    if (!inFlow && cursor.column <= parentIndent) return { text, endsLine: true };
    if (cursor.isAtDocumentMarker() || cursor.code() === HASH) return { text, endsLine: true };
  }
}

/** Passes what is left of a line for the scalar, blanks after it included; returns the end of its last word. */
function passLine(cursor: Cursor, inFlow: boolean): number {
  const { text } = cursor;
  let at = cursor.at;
  let end = at;
  for (let code = text.charCodeAt(at); ; code = text.charCodeAt(++at)) {
    if (isBlank(code)) continue;
    if (isBlankOrEnd(code) || endsScalar(text, at, code, inFlow)) break;
    end = at + 1;
  }
  cursor.at = at;
  return end;
}

function endsScalar(text: string, at: number, code: number, inFlow: boolean): boolean {
  if (code === COLON) return isBlankOrEnd(text.charCodeAt(at + 1));
  if (code === HASH) return isBlank(text.charCodeAt(at - 1));
  return inFlow && isFlowIndicator(code);
}

/** Passes line breaks and the indentation after them; returns what they are folded to. */
function passLineBreaks(cursor: Cursor, parentIndent: number): string {
  const first = cursor.passBreak();
  let more = '';
  for (let code = cursor.code(); ; code = cursor.code()) {
    if (isBreak(code)) {
      more += cursor.passBreak();
      continue;
    }
    if (!isBlank(code)) break;
    if (code === TAB && cursor.column <= parentIndent) cursor.fail('found a tab character that violates indentation');
    cursor.at++;
  }
  return foldedBreaks(first, more);
}

/** What line breaks inside a scalar are folded to: the first alone is a space. */
export function foldedBreaks(first: string, more: string): string {
  if (first !== '\n') return first + more;
  return more === '' ? ' ' : more;
}
