import { readDuration } from '../duration/index.ts';
import { bytesOfText } from '../strings/index.ts';
import { utcMs } from './go-time.ts';
import { layoutParts, MONTHS, WEEKDAYS } from './layout.ts';
import { fixedZone, UTC, type Zone } from './zone.ts';

/** A moment that was read, with the zone it was given in. */
export interface ParsedTime {
  readonly epochNanos: bigint;
  readonly zone: Zone;
}

interface Fields {
  year: number;
  month: number | undefined;
  day: number | undefined;
  yearDay: number | undefined;
  hour: number;
  minute: number;
  second: number;
  nanosecond: number;
  afternoon: boolean | undefined;
  offset: number | undefined;
  abbreviation: string;
}

/** A value that does not fit its layout. */
class Mismatch extends Error {}

/** `time.ParseInLocation` with UTC for times without a zone. Throws an `Error` in Go's words. */
export function parseTime(layout: string, value: string): ParsedTime {
  const fields: Fields = {
    year: 0,
    month: undefined,
    day: undefined,
    yearDay: undefined,
    hour: 0,
    minute: 0,
    second: 0,
    nanosecond: 0,
    afternoon: undefined,
    offset: undefined,
    abbreviation: '',
  };
  const reader = new Reader(value);
  const parts = layoutParts(layout);
  for (const [i, part] of parts.entries()) {
    const rest = reader.rest;
    try {
      if (part.kind === 'text') reader.text(part.text);
      else readElement(reader, part.text, fields, parts[i + 1]?.text ?? '');
    } catch (error) {
      throw parseError(layout, value, part.text, part.kind === 'text' ? reader.rest : rest, error);
    }
  }
  if (reader.rest !== '') throw new Error(`${prefix(value)}: extra text: ${quote(reader.rest)}`);
  return toMoment(value, fields);
}

/** The nanoseconds of a text such as `1h30m`. Throws Go's error. */
export function mustParseDuration(text: string): bigint {
  const read = readDuration(text, quote);
  if (typeof read === 'string') throw new Error(read);
  return read;
}

/** The text as package time quotes it: anything but plain ASCII byte by byte. */
function quote(text: string): string {
  const bytes = bytesOfText(text).toString('latin1');
  // oxlint-disable-next-line no-control-regex
  const escaped = bytes.replace(/["\\]|[\x00-\x1f\x80-\xff]/g, (byte) => {
    return byte === '"' || byte === '\\' ? `\\${byte}` : `\\x${byte.charCodeAt(0).toString(16).padStart(2, '0')}`;
  });
  return `"${escaped}"`;
}

function prefix(value: string): string {
  return `parsing time ${quote(value)}`;
}

function parseError(layout: string, value: string, element: string, rest: string, cause: unknown): unknown {
  if (!(cause instanceof Mismatch)) return cause;
  if (cause.message !== '') return new Error(`${prefix(value)}: ${cause.message}`, { cause });
  return new Error(`${prefix(value)} as ${quote(layout)}: cannot parse ${quote(rest)} as ${quote(element)}`, { cause });
}

class Reader {
  rest: string;

  constructor(value: string) {
    this.rest = value;
  }

  /** Text of a layout has to be there; a run of spaces fits one of any length. */
  text(expected: string): void {
    for (const char of expected) {
      if (char === ' ') {
        if (this.rest !== '' && !this.rest.startsWith(' ')) throw new Mismatch('');
        this.rest = this.rest.replace(/^ +/, '');
      } else if (this.rest.startsWith(char)) this.rest = this.rest.slice(char.length);
      else throw new Mismatch('');
    }
  }

  take(pattern: RegExp): string {
    const match = pattern.exec(this.rest);
    if (match === null) throw new Mismatch('');
    this.rest = this.rest.slice(match[0].length);
    return match[0];
  }

  number(pattern: RegExp): number {
    return Number(this.take(pattern));
  }
}

const ONE_OR_TWO = /^\d\d?/;
const TWO = /^\d\d/;

type ReadElement = (reader: Reader, fields: Fields, next: string) => void;

function named(names: readonly string[], length: number | undefined): (reader: Reader) => number {
  return (reader) => {
    const shown = names.map((name) => name.slice(0, length));
    const found = shown.findIndex((name) => reader.rest.slice(0, name.length).toLowerCase() === name.toLowerCase());
    if (found < 0) throw new Mismatch('');
    reader.rest = reader.rest.slice(shown[found]?.length);
    return found;
  };
}

function inRange(value: number, low: number, high: number, what: string): number {
  if (value < low || value > high) throw new Mismatch(`${what} out of range`);
  return value;
}

function readSecond(pattern: RegExp): ReadElement {
  return (reader, fields, next) => {
    fields.second = inRange(reader.number(pattern), 0, 59, 'second');
    // A fraction is read even where the layout has none.
    if (!/^[.,][09]/.test(next) && /^[.,]\d/.test(reader.rest)) readFraction(reader, fields);
  };
}

function readFraction(reader: Reader, fields: Fields): void {
  fields.nanosecond = Number(
    reader
      .take(/^[.,]\d+/)
      .slice(1, 10)
      .padEnd(9, '0'),
  );
}

const monthNumber =
  (pattern: RegExp): ReadElement =>
  (reader, fields) => {
    fields.month = inRange(reader.number(pattern), 1, 12, 'month');
  };
const dayNumber =
  (pattern: RegExp): ReadElement =>
  (reader, fields) => {
    fields.day = Number(reader.take(pattern).trim());
  };
const hourNumber =
  (pattern: RegExp, high: number): ReadElement =>
  (reader, fields) => {
    fields.hour = inRange(reader.number(pattern), 0, high, 'hour');
  };
const minuteNumber =
  (pattern: RegExp): ReadElement =>
  (reader, fields) => {
    fields.minute = inRange(reader.number(pattern), 0, 59, 'minute');
  };
const halfOfDay =
  (pattern: RegExp): ReadElement =>
  (reader, fields) => {
    fields.afternoon = /^p/i.test(reader.take(pattern));
  };

const READERS: Readonly<Record<string, ReadElement>> = {
  January: (reader, fields) => void (fields.month = named(MONTHS, undefined)(reader) + 1),
  Jan: (reader, fields) => void (fields.month = named(MONTHS, 3)(reader) + 1),
  '1': monthNumber(ONE_OR_TWO),
  '01': monthNumber(TWO),
  Monday: (reader) => void named(WEEKDAYS, undefined)(reader),
  Mon: (reader) => void named(WEEKDAYS, 3)(reader),
  '2': dayNumber(ONE_OR_TWO),
  _2: dayNumber(/^ ?\d\d?/),
  '02': dayNumber(TWO),
  __2: (reader, fields) => void (fields.yearDay = Number(reader.take(/^ {0,2}\d{1,3}/).trim())),
  '002': (reader, fields) => void (fields.yearDay = reader.number(/^\d{3}/)),
  '15': hourNumber(ONE_OR_TWO, 23),
  '3': hourNumber(ONE_OR_TWO, 12),
  '03': hourNumber(TWO, 12),
  '4': minuteNumber(ONE_OR_TWO),
  '04': minuteNumber(TWO),
  '5': readSecond(ONE_OR_TWO),
  '05': readSecond(TWO),
  '2006': (reader, fields) => void (fields.year = reader.number(/^\d{4}/)),
  '06': (reader, fields) => {
    const year = reader.number(TWO);
    fields.year = year + (year >= 69 ? 1900 : 2000);
  },
  PM: halfOfDay(/^[AP]M/),
  pm: halfOfDay(/^[ap]m/),
  MST: (reader, fields) => {
    fields.abbreviation = reader.take(ABBREVIATION);
    if (fields.abbreviation === 'UTC') fields.offset = 0;
  },
};

/** What Go takes for the name of a zone; offsets in it are up to 23 hours. */
const ABBREVIATION =
  /^(?=...)(?:UTC|ChST|MeST|GMT(?:[-+]0*(?:1?\d|2[0-3])(?!\d))?|[-+]0*(?:1?\d|2[0-3])(?!\d)|(?:[A-Z]{4}T|[A-Z]{3}T|WITA|[A-Z]{3})(?![A-Z]))/;

function readElement(reader: Reader, element: string, fields: Fields, next: string): void {
  const read = READERS[element];
  if (read !== undefined) return read(reader, fields, next);
  if (/^[.,]/.test(element)) return readFractionElement(reader, element, fields);
  readOffset(reader, element, fields);
}

function readFractionElement(reader: Reader, element: string, fields: Fields): void {
  if (element[1] === '9') {
    if (/^[.,]\d/.test(reader.rest)) readFraction(reader, fields);
    return;
  }
  const digits = reader.take(new RegExp(`^[.,]\\d{${element.length - 1}}`)).slice(1);
  fields.nanosecond = Number(digits.padEnd(9, '0'));
}

function readOffset(reader: Reader, element: string, fields: Fields): void {
  if (element.startsWith('Z') && reader.rest.startsWith('Z')) {
    reader.rest = reader.rest.slice(1);
    fields.offset = 0;
    return;
  }
  const shape = element.slice(1).replaceAll(/\d\d/g, '(\\d\\d)');
  const [, sign, hours = '0', minutes = '0', seconds = '0'] = new RegExp(`^([-+])${shape}`).exec(reader.rest) ?? [];
  if (sign === undefined) throw new Mismatch('');
  reader.rest = reader.rest.slice(element.length);
  // Some write 24 hours and 60 minutes.
  inRange(Number(hours), 0, 24, 'time zone offset hour');
  inRange(Number(minutes), 0, 60, 'time zone offset minute');
  inRange(Number(seconds), 0, 60, 'time zone offset second');
  const size = Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds);
  fields.offset = sign === '-' ? -size : size;
}

function toMoment(value: string, fields: Fields): ParsedTime {
  const { year, hour, minute, second, abbreviation } = fields;
  const offset = fields.offset ?? 0;
  const [month, day] = dateOf(value, fields);
  if (day < 1 || day > daysIn(year, month)) throw new Error(`${prefix(value)}: day out of range`);
  const ms = utcMs(year, month, day, hourOf(hour, fields.afternoon), minute, second) - offset * 1000;
  const epochNanos = BigInt(ms) * 1_000_000n + BigInt(fields.nanosecond);
  if (offset === 0 && (abbreviation === '' || abbreviation === 'UTC')) return { epochNanos, zone: UTC };
  // A name like GMT+3 tells how the time is shown, and not which it is.
  const shown =
    fields.offset === undefined && abbreviation.startsWith('GMT') ? Number(abbreviation.slice(3)) * 3600 : offset;
  return { epochNanos, zone: fixedZone(shown, abbreviation) };
}

function daysIn(year: number, month: number): number {
  return new Date(utcMs(year, month + 1, 0)).getUTCDate();
}

function hourOf(hour: number, afternoon: boolean | undefined): number {
  if (afternoon === undefined) return hour;
  return (hour % 12) + (afternoon ? 12 : 0);
}

/** Month and day; both are 1 where the layout does not tell, and have to agree with the day of the year where that is given. */
function dateOf(value: string, { year, month, day, yearDay }: Fields): [number, number] {
  if (yearDay === undefined) return [month ?? 1, day ?? 1];
  const date = new Date(utcMs(year, 1, yearDay));
  if (date.getUTCFullYear() !== year) throw new Error(`${prefix(value)}: day-of-year out of range`);
  const found: [number, number] = [date.getUTCMonth() + 1, date.getUTCDate()];
  if ((month ?? found[0]) !== found[0]) throw new Error(`${prefix(value)}: day-of-year does not match month`);
  if ((day ?? found[1]) !== found[1]) throw new Error(`${prefix(value)}: day-of-year does not match day`);
  return found;
}
