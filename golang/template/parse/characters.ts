import { isPrintable } from '../../strconv/index.ts';

/** The character as Go's `%#U` shows it. */
export function describeChar(char: string): string {
  const code = (char.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0');
  return isPrintable(char) ? `U+${code} '${char}'` : `U+${code}`;
}

/** A table with a 1 at the codes of these ASCII characters. */
export function flagsOf(characters: string): Uint8Array {
  const flags = new Uint8Array(128);
  for (const char of characters) flags[char.charCodeAt(0)] = 1;
  return flags;
}

/** Whether the character of that code is what Go's templates take for white space. */
export function isSpace(code: number): boolean {
  return code === 32 || code === 10 || code === 9 || code === 13;
}

/** Whether the character of that code is one of 0 to 9. */
export function isDigit(code: number): boolean {
  return code >= 48 && code <= 57;
}

/** Whether a name may begin with the ASCII character of that code. */
export function isAsciiLetter(code: number): boolean {
  return (code >= 97 && code <= 122) || (code >= 65 && code <= 90) || code === 95;
}
