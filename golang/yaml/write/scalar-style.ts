import { isUnambiguous, resolveScalar } from '../scalar.ts';

/** How a string is written. */
export type ScalarStyle = 'plain' | 'single' | 'double' | 'literal';

/** Which of go-yaml's versions is followed. */
export type Dialect = 'v2' | 'v3';

const SIMPLE = /^[A-Za-z_/][A-Za-z0-9_./-]*$/;
const BREAK = /[\n\r\x85\u2028\u2029]/;
const UNPRINTABLE = /[^\n\x20-\x7e\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffd]/;
const UNPRINTABLE_BUT_TAB = /[^\t\n\x20-\x7e\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffd]/;
const SPACE_BEFORE_BREAK = / [\n\r\x85\u2028\u2029]/;
const SPACE_AFTER_BREAK = /[\n\r\x85\u2028\u2029] /;
/** What plain scalars may not hold: outer spaces, indicators at the start, and what looks like a key or a comment. */
const NOT_PLAIN = /^(?:[ #,[\]{}&*!|>'"%@`]|---|\.\.\.|[?:-](?:[ \t]|$))|:(?:[ \t]|$)|[ \t\n\r\x85\u2028\u2029]#| $/;

/** The style go-yaml chooses for a string; as a key it has to fit on one line. */
export function styleOf(text: string, isKey: boolean, dialect: Dialect): ScalarStyle {
  if (SIMPLE.test(text)) return typeof resolveScalar(text) === 'string' ? 'plain' : 'double';
  if (text.includes('\n')) return isKey || !canBeLiteral(text, dialect) ? 'double' : 'literal';
  if (!isUnambiguous(text) || !canBeSingle(text)) return 'double';
  return NOT_PLAIN.test(text) || BREAK.test(text) ? quotedStyle(text, isKey) : 'plain';
}

function quotedStyle(text: string, isKey: boolean): ScalarStyle {
  return isKey && BREAK.test(text) ? 'double' : 'single';
}

function canBeLiteral(text: string, dialect: Dialect): boolean {
  const unprintable = dialect === 'v2' ? UNPRINTABLE : UNPRINTABLE_BUT_TAB;
  return !text.endsWith(' ') && !unprintable.test(text) && !SPACE_BEFORE_BREAK.test(text);
}

function canBeSingle(text: string): boolean {
  return !UNPRINTABLE.test(text) && !SPACE_BEFORE_BREAK.test(text) && !SPACE_AFTER_BREAK.test(text);
}

/** Whether a key may stand before its colon without the sign for a complex key. */
export function isSimpleKey(text: string): boolean {
  return (text.length <= 42 || Buffer.byteLength(text) <= 128) && !BREAK.test(text);
}
