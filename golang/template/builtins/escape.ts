import { isPrintable } from '../../strconv/index.ts';
import { bytesOfText } from '../../strings/index.ts';

const HTML: Readonly<Record<string, string>> = {
  '"': '&#34;',
  "'": '&#39;',
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '\0': '\ufffd',
};

const JAVASCRIPT: Readonly<Record<string, string>> = {
  '\\': '\\\\',
  "'": "\\'",
  '"': '\\"',
  '<': '\\u003C',
  '>': '\\u003E',
  '&': '\\u0026',
  '=': '\\u003D',
};

/** The text escaped for HTML as Go's `html` does. */
export function escapeHtml(text: string): string {
  // oxlint-disable-next-line no-control-regex
  return text.replace(/["'&<>\0]/g, (char) => HTML[char] ?? char);
}

/** The text escaped for a JavaScript string as Go's `js` does. */
export function escapeJavaScript(text: string): string {
  // oxlint-disable-next-line no-control-regex
  return text.replace(/[\\'"<>&=\x00-\x1f]|[^\x00-\x7f]/gu, (char) => {
    const escaped = JAVASCRIPT[char];
    if (escaped !== undefined) return escaped;
    const code = char.codePointAt(0) ?? 0;
    const isByte = code >= 0xdc80 && code <= 0xdcff;
    return isByte || (code >= 128 && isPrintable(char))
      ? char
      : `\\u${code.toString(16).toUpperCase().padStart(4, '0')}`;
  });
}

/** The text escaped for a URL's query as Go's `urlquery` does. */
export function escapeQuery(text: string): string {
  return bytesOfText(text)
    .toString('latin1')
    .replace(/[^A-Za-z0-9_.~-]/g, (byte) => {
      return byte === ' ' ? '+' : `%${byte.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`;
    });
}
