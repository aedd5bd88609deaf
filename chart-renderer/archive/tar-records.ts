import { damagedTar, isPossibleSize } from './tar-header.ts';

/** What an extended header says of the entry after it. */
export interface TarRecords {
  readonly path?: string;
  readonly size?: number;
}

/** What charts need of a PAX extended header. Throws `archive`. */
export function readRecords(content: Buffer): TarRecords {
  let records: TarRecords = {};
  for (const [key, value] of recordsIn(content)) {
    if (key.startsWith('GNU.sparse.')) throw damagedTar('sparse files are not supported');
    // An empty value leaves what the entry's own header says.
    if (value === '') continue;
    if (key === 'path') records = { ...records, path: value };
    if (key === 'size') records = { ...records, size: sizeOf(value) };
  }
  return records;
}

function sizeOf(digits: string): number {
  const size = /^\d+$/.test(digits) ? Number(digits) : Number.NaN;
  if (!isPossibleSize(size)) throw damagedTar(`an extended header has the impossible size ${digits}`);
  return size;
}

/** The keys and values of lines `length key=value`, where the length is that of the whole line. */
function* recordsIn(content: Buffer): Generator<[key: string, value: string]> {
  for (let at = 0; at < content.length;) {
    const [start = '', digits = ''] = /^([1-9]\d{0,6}) /.exec(content.toString('latin1', at, at + 8)) ?? [];
    const end = at + Number(digits);
    const line = content.toString('utf8', at + start.length, end - 1);
    const equals = line.indexOf('=');
    const isWhole = start !== '' && equals > 0 && content[end - 1] === 0x0a;
    if (!isWhole) throw damagedTar('an extended header cannot be read');
    yield [line.slice(0, equals), line.slice(equals + 1)];
    at = end;
  }
}
