/** A key with its parts, as BurntSushi/toml writes it. */
export function keyText(parts: readonly string[]): string {
  return parts.map(keyPart).join('.');
}

/** A part of a key, in quotes where it needs them. */
export function keyPart(key: string): string {
  return /^[A-Za-z0-9_-]+$/.test(key) ? key : `"${escaped(key)}"`;
}

const SHORT_ESCAPES: Readonly<Record<string, string>> = {
  '"': '\\"',
  '\\': '\\\\',
  '\b': '\\b',
  '\t': '\\t',
  '\n': '\\n',
  '\f': '\\f',
  '\r': '\\r',
};

/** A string's text as it stands between quotes. */
export function escaped(text: string): string {
  return text.replace(
    /["\\]|[^\P{Cc}\x80-\x9f]/gu,
    (char) => SHORT_ESCAPES[char] ?? `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
