/** Which of go-yaml's versions decides: they order digits next to letters differently. */
export type KeyOrder = 'v2' | 'v3';

const LETTER = /\p{L}/u;
const DIGIT = /\p{Nd}/u;

/** The keys as go-yaml sorts them: by letters, with numbers inside them by their value. */
export function sortKeys(keys: string[], order: KeyOrder): string[] {
  return keys.length < 2 ? keys : keys.sort((a, b) => compareKeys(a, b, order));
}

function compareKeys(a: string, b: string, order: KeyOrder): number {
  const shared = sharedLength(a, b);
  if (shared === a.length || shared === b.length) return a.length - b.length;
  if (isLetter(a.charCodeAt(shared)) && isLetter(b.charCodeAt(shared))) return a < b ? -1 : 1;
  const left = Array.from(a);
  const right = Array.from(b);
  const shorter = Math.min(left.length, right.length);
  for (let at = 0; at < shorter; at++) {
    if (left[at] !== right[at]) return compareFrom(left, right, at, order) ? -1 : 1;
  }
  return left.length - right.length;
}

/** The length of what both begin with, in UTF-16 units. */
function sharedLength(a: string, b: string): number {
  let at = 0;
  while (at < a.length && a.charCodeAt(at) === b.charCodeAt(at)) at++;
  return at;
}

/** Whether this is an ASCII letter. */
function isLetter(code: number): boolean {
  return code >= 97 ? code <= 122 : code >= 65 && code <= 90;
}

/** Whether the left key is before the right one, which first differ at that character. */
function compareFrom(left: readonly string[], right: readonly string[], at: number, order: KeyOrder): boolean {
  const a = left[at] ?? '';
  const b = right[at] ?? '';
  const letters = (LETTER.test(a) ? 2 : 0) + (LETTER.test(b) ? 1 : 0);
  if (letters === 3) return codeOf(a) < codeOf(b);
  if (letters > 0) return letters === (order === 'v3' && isDigit(left[at - 1]) ? 2 : 1);
  return compareNumbers(left, right, at);
}

function compareNumbers(left: readonly string[], right: readonly string[], at: number): boolean {
  const a = left[at] ?? '';
  const b = right[at] ?? '';
  const carried = (a === '0' || b === '0') && followsNumber(left, at) ? 1n : 0n;
  const aNumber = numberAt(left, at, carried);
  const bNumber = numberAt(right, at, carried);
  if (aNumber.value !== bNumber.value) return aNumber.value < bNumber.value;
  return aNumber.end === bNumber.end ? codeOf(a) < codeOf(b) : aNumber.end < bNumber.end;
}

function codeOf(char: string): number {
  return char.codePointAt(0) ?? 0;
}

function isDigit(char: string | undefined): boolean {
  return char !== undefined && DIGIT.test(char);
}

/** Whether digits that are not all zeros stand before that character. */
function followsNumber(chars: readonly string[], at: number): boolean {
  for (let i = at - 1; i >= 0 && isDigit(chars[i]); i--) {
    if (chars[i] !== '0') return true;
  }
  return false;
}

function numberAt(
  chars: readonly string[],
  at: number,
  carried: bigint,
): { readonly value: bigint; readonly end: number } {
  let value = carried;
  let end = at;
  for (; isDigit(chars[end]); end++) value = BigInt.asIntN(64, value * 10n + BigInt(codeOf(chars[end] ?? '') - 48));
  return { value, end };
}
