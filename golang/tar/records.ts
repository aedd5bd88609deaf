import { damaged, TarError } from './tar-error.ts';

/** What counts of an extended header; texts are empty where it says nothing. */
export interface TarRecords {
  readonly path: string;
  readonly size: string;
  readonly isSparse: boolean;
}

/** The records of an entry that has none. */
export const NO_RECORDS: TarRecords = { path: '', size: '', isSparse: false };

/** What counts of a PAX extended header. Throws `TarError`. */
export function readRecords(content: Buffer): TarRecords {
  let records = NO_RECORDS;
  for (let at = 0; at < content.length;) {
    const { key, value, end } = recordAt(content, at);
    if (hasBytes(content, key, PATH)) records = { ...records, path: pathIn(content, value, end - 1) };
    else if (hasBytes(content, key, SIZE)) records = { ...records, size: content.toString('latin1', value, end - 1) };
    else if (hasBytes(content, key, SPARSE)) records = { ...records, isSparse: true };
    at = end;
  }
  return records;
}

const PATH = Buffer.from('path=');
const SIZE = Buffer.from('size=');
const SPARSE = Buffer.from('GNU.sparse.');
const MAX_DIGITS = 7;

/** Where the parts of a line `length key=value` are, whose length is that of the whole line. Makes no texts: there can be millions. */
function recordAt(content: Buffer, at: number): { key: number; value: number; end: number } {
  let length = 0;
  let key = at;
  for (; key < at + MAX_DIGITS && isDigit(content[key]); key++) length = length * 10 + (content[key] ?? 0) - ZERO;
  const end = at + length;
  const equals = content.indexOf(EQUALS, key + 1);
  const isWhole = content[key] === SPACE && equals > key + 1 && equals < end && content[end - 1] === LINE_END;
  if (!isWhole || content.subarray(key, equals).includes(0)) throw damaged('an extended header cannot be read');
  return { key: key + 1, value: equals + 1, end };
}

const [SPACE, EQUALS, LINE_END, ZERO, NINE] = [0x20, 0x3d, 0x0a, 0x30, 0x39];

function isDigit(byte: number | undefined): boolean {
  return byte !== undefined && byte >= ZERO && byte <= NINE;
}

function hasBytes(content: Buffer, at: number, bytes: Buffer): boolean {
  return content[at] === bytes[0] && content.subarray(at, at + bytes.length).equals(bytes);
}

function pathIn(content: Buffer, start: number, end: number): string {
  const path = content.toString('utf8', start, end);
  if (path.includes('\0')) throw new TarError('Name', 'an extended header with a NUL byte');
  return path;
}
