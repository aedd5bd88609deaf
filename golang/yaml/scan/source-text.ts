import { isUtf8 } from 'node:buffer';
import { YamlError } from '../yaml-error.ts';

/** Text as far as it can be read, and what is wrong after it; `fault` is undefined where all of it can be read. */
export interface SourceText {
  readonly text: string;
  readonly fault: string | undefined;
  /** Whether it has no tabs, no line breaks but line feeds and no byte order marks. */
  readonly isSimple: boolean;
}

const MAX_CHARS = 8 * 1024 * 1024;
const NOT_SIMPLE = /[^\n -~\xa0-\u2027\u202a-\ufefe\uff00-\ufffd]/;
const UNREADABLE = /[^\t\n\r -~\x85\xa0-\ufffd]/;
const BYTE_ORDER_MARK = '\ufeff';

/**
 * What go-yaml's reader makes of text, or of bytes in UTF-8 or, with a byte order mark, UTF-16. It reads by chunks, so a fault shows
 * as soon as something is wanted out of the chunk that has it. Throws `limit` for more than 8 MiB.
 */
export function sourceTextOf(input: string | Uint8Array): SourceText {
  if (input.length > MAX_CHARS) throw new YamlError('Limit', `YAML of more than ${MAX_CHARS} characters is refused`);
  if (typeof input !== 'string')
    return sourceTextOfBytes(Buffer.from(input.buffer, input.byteOffset, input.byteLength));
  if (!NOT_SIMPLE.test(input)) return { text: input, fault: undefined, isSimple: true };
  if (UNREADABLE.test(input)) return cutAtFault(Buffer.from(input));
  return { text: withoutMark(input), fault: undefined, isSimple: false };
}

function sourceTextOfBytes(bytes: Buffer): SourceText {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return sourceTextOf(bytes.toString('utf16le'));
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return sourceTextOf(swapped(bytes).toString('utf16le'));
  return isUtf8(bytes) ? sourceTextOf(bytes.toString('utf8')) : cutAtFault(bytes);
}

function swapped(bytes: Buffer): Buffer {
  return Buffer.from(bytes.subarray(0, bytes.length - (bytes.length % 2))).swap16();
}

function withoutMark(text: string): string {
  return text.startsWith(BYTE_ORDER_MARK) ? text.slice(1) : text;
}

const CHUNK_BYTES = 512;

function cutAtFault(bytes: Buffer): SourceText {
  let chunkStart = 0;
  let chunkEnd = Math.min(CHUNK_BYTES, bytes.length);
  for (let at = 0; at < bytes.length;) {
    const width = widthOf(bytes[at] ?? 0);
    if (at + width > chunkEnd && chunkEnd < bytes.length) {
      chunkStart = at;
      chunkEnd = Math.min(at + CHUNK_BYTES, bytes.length);
      continue;
    }
    const fault = faultAt(bytes, at, width);
    if (fault !== undefined)
      return { text: withoutMark(bytes.toString('utf8', 0, chunkStart)), fault, isSimple: false };
    at += width;
  }
  return { text: withoutMark(bytes.toString('utf8')), fault: undefined, isSimple: false };
}

/** How many bytes the character has that begins with this one; 0 where none can. */
function widthOf(lead: number): number {
  if (lead < 0x80) return 1;
  if (lead < 0xc0 || lead > 0xf7) return 0;
  if (lead < 0xe0) return 2;
  return lead < 0xf0 ? 3 : 4;
}

const FIRST_OF_WIDTH = [0, 0, 0x80, 0x800, 0x10000];

function faultAt(bytes: Buffer, at: number, width: number): string | undefined {
  if (width === 0) return 'invalid leading UTF-8 octet';
  if (at + width > bytes.length) return 'incomplete UTF-8 octet sequence';
  const [lead = 0, ...trail] = bytes.subarray(at, at + width);
  if (trail.some((octet) => (octet & 0xc0) !== 0x80)) return 'invalid trailing UTF-8 octet';
  const first = width === 1 ? lead : lead & (0x7f >> width);
  return faultOf(
    trail.reduce((value, octet) => value * 64 + (octet & 0x3f), first),
    width,
  );
}

function faultOf(value: number, width: number): string | undefined {
  if (value < (FIRST_OF_WIDTH[width] ?? 0)) return 'invalid length of a UTF-8 sequence';
  if ((value >= 0xd800 && value <= 0xdfff) || value > 0x10ffff) return 'invalid Unicode character';
  return value < 0x10000 && UNREADABLE.test(String.fromCharCode(value))
    ? 'control characters are not allowed'
    : undefined;
}
