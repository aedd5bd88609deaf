import { isUtf8 } from 'node:buffer';

const NOT_ASCII = /[^\0-\x7f]/;
const ESCAPED_BYTE = /[\udc80-\udcff]/;

/**
 * The text of bytes that need not be UTF-8: each byte that is not part of it is kept as a lone surrogate from U+DC80 to U+DCFF, so that
 * binary data survives its way through string functions.
 */
export function textOfBytes(bytes: Uint8Array): string {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (isUtf8(buffer)) return buffer.toString('utf8');
  let text = '';
  for (let at = 0; at < buffer.length;) {
    const length = sequenceLength(buffer, at);
    const byte = buffer[at] ?? 0;
    text += length === 0 ? String.fromCharCode(0xdc00 + byte) : buffer.toString('utf8', at, at + length);
    at += Math.max(length, 1);
  }
  return text;
}

/** The length of the valid UTF-8 sequence that begins there, or 0. */
function sequenceLength(buffer: Buffer, at: number): number {
  for (let length = 1; length <= 4 && at + length <= buffer.length; length++) {
    if (isUtf8(buffer.subarray(at, at + length))) return length;
  }
  return 0;
}

/** The bytes of a Go string, those that `textOfBytes` kept included. */
export function bytesOfText(text: string): Buffer {
  if (!ESCAPED_BYTE.test(text) || text.isWellFormed()) return Buffer.from(text, 'utf8');
  const pieces: Buffer[] = [];
  for (const char of text) {
    const code = char.codePointAt(0) ?? 0;
    pieces.push(code >= 0xdc80 && code <= 0xdcff ? Buffer.of(code - 0xdc00) : Buffer.from(char, 'utf8'));
  }
  return Buffer.concat(pieces);
}

/** The number of bytes of a Go string. */
export function byteLength(text: string): number {
  return NOT_ASCII.test(text) ? bytesOfText(text).length : text.length;
}

/** What a function makes of a text that it sees as a string of one character a byte, as Go's functions that count bytes do. */
export function byBytes(text: string, change: (bytes: string) => string): string {
  if (!NOT_ASCII.test(text)) return change(text);
  return textOfBytes(Buffer.from(change(bytesOfText(text).toString('latin1')), 'latin1'));
}

/** As `byBytes`, for what cuts the text into pieces. */
export function piecesByBytes(text: string, cut: (bytes: string) => string[]): string[] {
  if (!NOT_ASCII.test(text)) return cut(text);
  return cut(bytesOfText(text).toString('latin1')).map((piece) => textOfBytes(Buffer.from(piece, 'latin1')));
}

/** The text from one byte to another as Go slices a string; throws in the words of Go's runtime. */
export function sliceBytes(text: string, start: number, end: number): string {
  const length = byteLength(text);
  if (end < 0 || end > length) {
    throw new Error(`runtime error: slice bounds out of range [:${end}]${end < 0 ? '' : ` with length ${length}`}`);
  }
  if (start < 0 || start > end) {
    throw new Error(`runtime error: slice bounds out of range [${start}:${start < 0 ? '' : end}]`);
  }
  return byBytes(text, (bytes) => bytes.slice(start, end));
}
