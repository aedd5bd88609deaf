const SPACE = /^[\t-\r \u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]$/;
const ALL_SPACE = /[\t-\r \u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+/g;
const OUTER_SPACE =
  /^[\t-\r \u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+|[\t-\r \u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+$/g;
const NOT_ASCII = /[^\0-\x7f]/;

/** `unicode.IsSpace` of one character. */
export function isSpace(char: string): boolean {
  return SPACE.test(char);
}

/** `strings.TrimSpace`. */
export function trimSpace(text: string): string {
  return NOT_ASCII.test(text) ? text.replace(OUTER_SPACE, '') : text.trim();
}

/** The text without any white space. */
export function withoutSpace(text: string): string {
  return text.replace(ALL_SPACE, '');
}

/** `unicode.IsUpper` of one character. */
export function isUpper(char: string): boolean {
  return /^\p{Lu}$/u.test(char);
}

/** `unicode.IsLower` of one character. */
export function isLower(char: string): boolean {
  return /^\p{Ll}$/u.test(char);
}

/** `unicode.IsLetter` of one character. */
export function isLetter(char: string): boolean {
  return /^\p{L}$/u.test(char);
}

/** `strings.ToUpper`, which changes character by character: ß stays. */
export function toUpper(text: string): string {
  return NOT_ASCII.test(text) ? mapChars(text, upperChar) : text.toUpperCase();
}

/** `strings.ToLower`, character by character. */
export function toLower(text: string): string {
  return NOT_ASCII.test(text) ? mapChars(text, lowerChar) : text.toLowerCase();
}

/** The upper case of one character, or itself where that is not one character. */
export function upperChar(char: string): string {
  const upper = char.toUpperCase();
  return Array.from(upper).length === 1 ? upper : char;
}

const TITLE_FORMS: Readonly<Record<string, string>> = {
  Ǆ: 'ǅ',
  ǆ: 'ǅ',
  Ǉ: 'ǈ',
  ǉ: 'ǈ',
  Ǌ: 'ǋ',
  ǌ: 'ǋ',
  Ǳ: 'ǲ',
  ǳ: 'ǲ',
};

/** Whether the character is in title case, as `ǅ` is. */
export function isTitle(char: string): boolean {
  return /^\p{Lt}$/u.test(char);
}

/** The title case of one character: its upper case, but for letters that are written as two. */
export function titleChar(char: string): string {
  return isTitle(char) ? char : (TITLE_FORMS[char] ?? upperChar(char));
}

/** The lower case of one character, or itself where that is not one character. */
export function lowerChar(char: string): string {
  const lower = char.toLowerCase();
  return Array.from(lower).length === 1 ? lower : (lower[0] ?? char);
}

function mapChars(text: string, change: (char: string) => string): string {
  let result = '';
  for (const char of text) result += change(char);
  return result;
}
