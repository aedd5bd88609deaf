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
  const units = new Uint16Array(buffer.length);
  let count = 0;
  for (let at = 0; at < buffer.length;) {
    const length = sequenceLength(buffer, at);
    const text = length > 1 ? buffer.toString('utf8', at, at + length) : '';
    if (length <= 1) units[count++] = (length === 0 ? 0xdc00 : 0) + (buffer[at] ?? 0);
    for (let i = 0; i < text.length; i++) units[count++] = text.charCodeAt(i);
    at += Math.max(length, 1);
  }
  return Buffer.from(units.buffer, 0, count * 2).toString('utf16le');
}

/** The length of the valid UTF-8 sequence that begins there, or 0. */
function sequenceLength(buffer: Buffer, at: number): number {
  const first = buffer[at] ?? 0;
  if (first < 0xc2) return first < 0x80 ? 1 : 0;
  const length = first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
  if (!goesOn(buffer, at + 1, at + length)) return 0;
  return length === 2 || isUtf8(buffer.subarray(at, at + length)) ? length : 0;
}

/** Whether all these bytes continue a sequence: mostly they do not, and no further look is needed. */
function goesOn(buffer: Buffer, from: number, end: number): boolean {
  for (let at = from; at < end; at++) {
    if (((buffer[at] ?? 0) & 0xc0) !== 0x80) return false;
  }
  return true;
}

/** The bytes of a Go string, those that `textOfBytes` kept included. */
export function bytesOfText(text: string): Buffer {
  if (!ESCAPED_BYTE.test(text) || text.isWellFormed()) return Buffer.from(text, 'utf8');
  const bytes = Buffer.allocUnsafe(text.length * 3);
  let length = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.codePointAt(at) ?? 0;
    if (code < 0x80) bytes[length++] = code;
    else if (code >= 0xdc80 && code <= 0xdcff) bytes[length++] = code - 0xdc00;
    else length += bytes.write(String.fromCodePoint(code), length);
    if (code > 0xffff) at++;
  }
  return bytes.subarray(0, length);
}

/** The number of bytes of a Go string. */
export function byteLength(text: string): number {
  return NOT_ASCII.test(text) ? bytesOfText(text).length : text.length;
}

/** What a function makes of a text that it sees as a string of one character per byte, as Go's functions that count bytes do. */
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
