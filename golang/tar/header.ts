import { looksGzipped } from '../gzip/index.ts';
import { damaged } from './tar-error.ts';

/** How many bytes a block of a tar archive has: a header is one, and content fills whole ones. */
export const BLOCK_BYTES = 512;

/**
 * What an entry is: a file, but a directory where an old one's name ends in a slash; a link or device, which is a file without content;
 * a directory; the last four say something of other entries.
 */
export type EntryKind =
  'file' | 'old-file' | 'empty' | 'directory' | 'sparse' | 'records' | 'global-records' | 'long-name' | 'long-link';

/** The header of a tar entry, as far as its files are concerned. */
export interface TarHeader {
  readonly path: string;
  readonly kind: EntryKind;
  /** Bytes of content that follow. */
  readonly size: number;
}

/** By the type in the header; any other is a file's, as in Go's archive/tar. */
const KINDS: Readonly<Record<string, EntryKind>> = {
  '': 'old-file',
  '1': 'empty',
  '2': 'empty',
  '3': 'empty',
  '4': 'empty',
  '5': 'directory',
  '6': 'empty',
  S: 'sparse',
  x: 'records',
  g: 'global-records',
  L: 'long-name',
  K: 'long-link',
};

/** Where the fields of a header are in its block. */
export const FIELD = {
  path: { at: 0, length: 100 },
  mode: { at: 100, length: 8 },
  owner: { at: 108, length: 8 },
  group: { at: 116, length: 8 },
  size: { at: 124, length: 12 },
  modified: { at: 136, length: 12 },
  checksum: { at: 148, length: 8 },
  type: { at: 156, length: 1 },
  magic: { at: 257 },
  major: { at: 329, length: 8 },
  minor: { at: 337, length: 8 },
  prefix: { at: 345, length: 155 },
};

/** A field of a header: where it is in its block, and how many bytes it has. */
export interface Field {
  readonly at: number;
  readonly length: number;
}

/** The header in the block that starts there; undefined where all of it is zero, as at the end of archives. Throws `TarError`. */
export function readHeader(bytes: Buffer, start: number): TarHeader | undefined {
  const block = bytes.toString('latin1', start, start + BLOCK_BYTES);
  const sum = checksumOf(bytes, start);
  if (sum === EMPTY_CHECKSUM && textIn(block, FIELD.checksum) === '') return undefined;
  if (!isChecksum(octalIn(block, FIELD.checksum), block, sum)) {
    throw damaged(looksGzipped(bytes.subarray(start)) ? 'it is compressed twice' : 'an entry has an invalid header');
  }
  const path = pathIn(block);
  const kind = KINDS[textIn(block, FIELD.type)] ?? 'file';
  const size = sizeIn(block);
  if (!isPossibleSize(size)) throw damaged(`entry ${path} has an impossible size`);
  // Whatever their headers say, no content follows these.
  return { path, kind, size: kind === 'directory' || kind === 'empty' ? 0 : size };
}

/** Whether a file can have so many bytes. */
export function isPossibleSize(bytes: number): boolean {
  return Number.isSafeInteger(bytes) && bytes >= 0;
}

const EMPTY_CHECKSUM = FIELD.checksum.length * 0x20;

/** The sum of the block's bytes, where the checksum itself counts as spaces. */
export function checksumOf(bytes: Buffer, start: number): number {
  let sum = EMPTY_CHECKSUM;
  for (let at = 0; at < FIELD.checksum.at; at++) sum += bytes[start + at] ?? 0;
  for (let at = FIELD.type.at; at < BLOCK_BYTES; at++) sum += bytes[start + at] ?? 0;
  return sum;
}

/** Whether the checksum is right; some old programs took bytes for signed numbers. */
function isChecksum(stated: number, block: string, sum: number): boolean {
  return stated === sum || stated === sum - 256 * block.replace(/[^\x80-\xff]/g, '').length;
}

function pathIn(block: string): string {
  const path = textIn(block, FIELD.path);
  const prefix = block.startsWith('ustar\x0000', FIELD.magic.at) ? textIn(block, FIELD.prefix) : '';
  const whole = prefix === '' ? path : `${prefix}/${path}`;
  return /[\x80-\xff]/.test(whole) ? Buffer.from(whole, 'latin1').toString('utf8') : whole;
}

/** A field's text, which ends at the first NUL; a character is a byte. */
function textIn(block: string, { at, length }: Field): string {
  const field = block.slice(at, at + length);
  const end = field.indexOf('\0');
  return end < 0 ? field : field.slice(0, end);
}

function octalIn(block: string, { at, length }: Field): number {
  const [, digits] = /^[ \0]*([0-7]*) *(?:\0|$)/.exec(block.slice(at, at + length)) ?? [];
  return digits === undefined ? Number.NaN : Number.parseInt(digits || '0', 8);
}

/** The size as octal digits, or where those are too few, as a number of 95 bits with a sign before it. */
function sizeIn(block: string): number {
  const { at, length } = FIELD.size;
  const first = block.charCodeAt(at);
  if (first < 0x80) return octalIn(block, FIELD.size);
  if (first & 0x40) return -1;
  const rest = Buffer.from(block.slice(at + 1, at + length), 'latin1');
  return rest.reduce((size, byte) => size * 256 + byte, first & 0x3f);
}
