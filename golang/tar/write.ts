import { BLOCK_BYTES, checksumOf, type Field, FIELD } from './header.ts';

const MODE = 0o644;
const PREFIX_BYTES = FIELD.prefix.length;
const PATH_BYTES = FIELD.path.length;
const [FILE, RECORDS] = ['0', 'x'];
/** Seconds that twelve octal digits, the last of which is NUL, can hold: to the year 2242. */
const MAX_SECONDS = 8 ** 11 - 1;

/** A file to be in an archive, under its whole path there. */
export interface PackedFile {
  readonly name: string;
  readonly data: Uint8Array;
}

/**
 * A tar archive of the files in that order, owned by nobody, with mode 0644 and one time, byte for byte as Go's archive/tar writes it: in
 * the format USTAR, or in PAX where a path does not fit that. Throws RangeError for a time that a header cannot hold.
 */
export function writeTar(files: readonly PackedFile[], modified: Date): Buffer {
  const seconds = Math.floor(modified.getTime() / 1000);
  if (!(seconds >= 0 && seconds <= MAX_SECONDS))
    throw new RangeError('a time that no header of a tar archive can hold');
  const entries = files.flatMap(({ name, data }) => entryOf(name, data, seconds));
  return Buffer.concat([...entries, Buffer.alloc(2 * BLOCK_BYTES)]);
}

function entryOf(path: string, data: Uint8Array, seconds: number): Uint8Array[] {
  const facts = { type: FILE, mode: MODE, size: data.length, seconds };
  const content = [data, paddingOf(data.length)];
  const split = splitPath(path);
  if (split !== undefined) return [headerOf({ ...facts, ...split }), ...content];
  return [...recordsOf(path), headerOf({ ...facts, path: asciiOf(path), prefix: '' }), ...content];
}

/** The two fields of USTAR that hold the path; undefined where they do not. */
function splitPath(path: string): { path: string; prefix: string } | undefined {
  if (!isAscii(path)) return undefined;
  if (path.length <= PATH_BYTES) return { path, prefix: '' };
  const slash = path.slice(0, PREFIX_BYTES + 1).lastIndexOf('/');
  const rest = path.slice(slash + 1);
  if (slash <= 0 || rest === '' || rest.length > PATH_BYTES) return undefined;
  return { path: rest, prefix: path.slice(0, slash) };
}

/** The extended header with the whole path. */
function recordsOf(path: string): Uint8Array[] {
  const data = Buffer.from(recordOf('path', path));
  const slash = path.lastIndexOf('/') + 1;
  const name = asciiOf(`${path.slice(0, slash)}PaxHeaders.0/${path.slice(slash)}`).slice(0, PATH_BYTES);
  const facts = { prefix: '', type: RECORDS, mode: 0, size: data.length, seconds: 0 };
  return [headerOf({ path: name.replace(/\/+$/, ''), ...facts }), data, paddingOf(data.length)];
}

/** `length key=value`, where the length counts its own digits. */
function recordOf(key: string, value: string): string {
  const rest = ` ${key}=${value}\n`;
  const bytes = Buffer.byteLength(rest);
  const estimate = bytes + String(bytes).length;
  return `${bytes + String(estimate).length}${rest}`;
}

interface Facts {
  readonly path: string;
  readonly prefix: string;
  readonly type: string;
  readonly mode: number;
  readonly size: number;
  readonly seconds: number;
}

function headerOf({ path, prefix, type, mode, size, seconds }: Facts): Buffer {
  const block = Buffer.alloc(BLOCK_BYTES);
  const put = (text: string, { at }: { readonly at: number }): unknown => block.write(text, at, 'latin1');
  const putNumber = (value: number, field: Field): unknown => put(octal(value, field), field);
  put(fitting(path), FIELD.path);
  putNumber(mode, FIELD.mode);
  putNumber(0, FIELD.owner);
  putNumber(0, FIELD.group);
  putNumber(size, FIELD.size);
  putNumber(seconds, FIELD.modified);
  put(type, FIELD.type);
  put('ustar\x0000', FIELD.magic);
  // Go leaves them out of the headers that it writes before records.
  if (type === FILE) for (const field of [FIELD.major, FIELD.minor]) putNumber(0, field);
  put(prefix, FIELD.prefix);
  put(`${checksumOf(block, 0).toString(8).padStart(6, '0')}\0 `, FIELD.checksum);
  return block;
}

/** As much of a path as its field holds, which must not end in a slash: readers take that for a directory's. */
function fitting(path: string): string {
  const start = path.slice(0, PATH_BYTES);
  if (path.length <= PATH_BYTES || !start.endsWith('/')) return start;
  const kept = start.slice(0, -1).replace(/\/+$/, '').length;
  return `${start.slice(0, kept)}\0${start.slice(kept + 1)}`;
}

function octal(value: number, { length }: Field): string {
  return value.toString(8).padStart(length - 1, '0');
}

function paddingOf(bytes: number): Uint8Array {
  return Buffer.alloc((BLOCK_BYTES - (bytes % BLOCK_BYTES)) % BLOCK_BYTES);
}

const NOT_ASCII = /\P{ASCII}/u;

function isAscii(text: string): boolean {
  return !NOT_ASCII.test(text);
}

function asciiOf(text: string): string {
  return text.replaceAll(new RegExp(NOT_ASCII, 'gu'), '');
}
