const MARKER = /^(?:---|\.\.\.)(?=[ \t\r\n]|$)/gm;
const PREAMBLE = /^(?:\ufeff|[ \t]*(?:#.*)?\r?\n|%.*\r?\n)*$/;

/** The text up to the end of its first document: what follows is not even parsed, as in Go. */
export function firstDocument(text: string): string {
  if (!text.includes('---') && !text.includes('...')) return text;
  MARKER.lastIndex = 0;
  let marker = MARKER.exec(text);
  if (marker !== null && marker[0] === '---' && PREAMBLE.test(text.slice(0, marker.index))) marker = MARKER.exec(text);
  return marker === null ? text : text.slice(0, marker.index);
}
