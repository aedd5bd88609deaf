import { RecordError } from './record-error.ts';

/**
 * The most values in a part. A part is parsed in one go, which takes many times the memory of its text; the largest are a Release's values,
 * and an object.
 */
const MAX_PART_NODES = 1_000_000;
const BYTE = { newline: 10, quote: 34, comma: 44, list: 91, backslash: 92, map: 123 };

/** The lines of JSON that has a line for each part, without the commas between them. Throws RecordError as `checkPart` does. */
export function* linesIn(json: Buffer): Generator<string> {
  for (let start = 0; start < json.length;) {
    const found = json.indexOf(BYTE.newline, start);
    const end = found < 0 ? json.length : found;
    checkPart(json, start, end);
    const line = json.toString('utf8', start, end);
    yield line.endsWith(',') ? line.slice(0, -1) : line;
    start = end + 1;
  }
}

/** Throws RecordError HistoryCorrupted where parsing a part of stored JSON would take memory that others need. */
export function checkPart(json: Buffer, start: number, end: number): void {
  if (end - start <= MAX_PART_NODES) return;
  let nodes = 0;
  for (let at = start; at < end; at += 1) {
    const byte = json[at];
    if (byte === BYTE.quote) at = endOfText(json, at);
    else if (byte === BYTE.comma || byte === BYTE.list || byte === BYTE.map) nodes += 1;
    if (nodes > MAX_PART_NODES) throw foreignRecordError();
  }
}

/** The refusal of what may have the right digest, but was not made by the controller. */
export function foreignRecordError(): RecordError {
  return new RecordError('the stored record was not written by this controller');
}

function endOfText(json: Buffer, start: number): number {
  let at = start + 1;
  while (at < json.length && json[at] !== BYTE.quote) at += json[at] === BYTE.backslash ? 2 : 1;
  return at;
}
