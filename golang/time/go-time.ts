import { Verbatim } from '../json/index.ts';
import { GoObject, type GoType } from '../reflect/index.ts';
import { SECOND } from '../duration/index.ts';
import { layoutParts, MONTHS, WEEKDAYS } from './layout.ts';
import { LOCAL_DATE, LOCAL_DATETIME, LOCAL_TIME, UTC, type Zone, type ZoneOffset } from './zone.ts';

/** What a clock shows. */
export interface ClockFields {
  readonly year: number;
  /** From 1. */
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  readonly nanosecond: number;
  /** From 0, which is Sunday. */
  readonly weekday: number;
  readonly yearDay: number;
  readonly offset: ZoneOffset;
}

/** Nanoseconds from 1970 to the zero time, the start of the year 1. */
export const ZERO_TIME = -62_135_596_800n * SECOND;

const RFC_3339 = '2006-01-02T15:04:05.999999999Z07:00';

const LAYOUTS_IN_TOML: ReadonlyMap<Zone, string> = new Map([
  [LOCAL_DATETIME, '2006-01-02T15:04:05.999999999'],
  [LOCAL_DATE, '2006-01-02'],
  [LOCAL_TIME, '15:04:05.999999999'],
]);

/** Go's time.Time: a moment, seen in a zone. */
export class GoTime extends GoObject {
  readonly epochNanos: bigint;
  readonly zone: Zone;

  constructor(type: GoType, epochNanos: bigint, zone: Zone = UTC) {
    super(type);
    this.epochNanos = epochNanos;
    this.zone = zone;
  }

  /** As Go's encoding/json writes it. */
  toJSON(): string {
    return formatTime(this, RFC_3339);
  }

  /** As go-yaml v3 writes it. */
  toPrettyYaml(): Verbatim {
    return new Verbatim(formatTime(this, RFC_3339));
  }

  /** As BurntSushi/toml writes it: what it read without a zone has none again. */
  toToml(): Verbatim {
    return new Verbatim(formatTime(this, LAYOUTS_IN_TOML.get(this.zone) ?? RFC_3339));
  }
}

/** What the clock of the time's zone shows. */
export function fieldsOf(time: GoTime): ClockFields {
  const epochMs = Number(floorDivide(time.epochNanos, 1_000_000n));
  const offset = time.zone.offsetAt(epochMs);
  const local = new Date(epochMs + offset.seconds * 1000);
  const year = local.getUTCFullYear();
  return {
    year,
    month: local.getUTCMonth() + 1,
    day: local.getUTCDate(),
    hour: local.getUTCHours(),
    minute: local.getUTCMinutes(),
    second: local.getUTCSeconds(),
    nanosecond: Number(time.epochNanos - floorDivide(time.epochNanos, SECOND) * SECOND),
    weekday: local.getUTCDay(),
    yearDay: Math.floor((local.getTime() - daysStart(year)) / 86_400_000) + 1,
    offset,
  };
}

/** The milliseconds of a moment given by the fields of a UTC clock; fields beyond their range carry over. */
export function utcMs(year: number, month: number, day: number, hour = 0, minute = 0, second = 0): number {
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  date.setUTCHours(hour, minute, second);
  return date.getTime();
}

function daysStart(year: number): number {
  return utcMs(year, 1, 1);
}

/** Division that rounds down. */
export function floorDivide(a: bigint, b: bigint): bigint {
  const quotient = a / b;
  return a % b < 0n ? quotient - 1n : quotient;
}

/** `Time.Format`. */
export function formatTime(time: GoTime, layout: string): string {
  const fields = fieldsOf(time);
  return layoutParts(layout)
    .map((part) => (part.kind === 'text' ? part.text : formatElement(part.text, fields)))
    .join('');
}

const two = (value: number): string => String(value).padStart(2, '0');
const twelve = (hour: number): number => hour % 12 || 12;

const FORMATS: Readonly<Record<string, (fields: ClockFields) => string>> = {
  January: ({ month }) => MONTHS[month - 1] ?? '',
  Jan: ({ month }) => (MONTHS[month - 1] ?? '').slice(0, 3),
  '1': ({ month }) => String(month),
  '01': ({ month }) => two(month),
  Monday: ({ weekday }) => WEEKDAYS[weekday] ?? '',
  Mon: ({ weekday }) => (WEEKDAYS[weekday] ?? '').slice(0, 3),
  '2': ({ day }) => String(day),
  _2: ({ day }) => String(day).padStart(2),
  '02': ({ day }) => two(day),
  __2: ({ yearDay }) => String(yearDay).padStart(3),
  '002': ({ yearDay }) => String(yearDay).padStart(3, '0'),
  '15': ({ hour }) => two(hour),
  '3': ({ hour }) => String(twelve(hour)),
  '03': ({ hour }) => two(twelve(hour)),
  '4': ({ minute }) => String(minute),
  '04': ({ minute }) => two(minute),
  '5': ({ second }) => String(second),
  '05': ({ second }) => two(second),
  '2006': ({ year }) => (year < 0 ? `-${String(-year).padStart(4, '0')}` : String(year).padStart(4, '0')),
  '06': ({ year }) => two(((year % 100) + 100) % 100),
  PM: ({ hour }) => (hour >= 12 ? 'PM' : 'AM'),
  pm: ({ hour }) => (hour >= 12 ? 'pm' : 'am'),
  MST: ({ offset }) => offset.abbreviation || formatOffset('0700', offset.seconds),
};

function formatElement(element: string, fields: ClockFields): string {
  const format = FORMATS[element];
  if (format !== undefined) return format(fields);
  if (/^[.,]/.test(element)) return formatFraction(element, fields.nanosecond);
  if (element.startsWith('Z') && fields.offset.seconds === 0) return 'Z';
  return formatOffset(element.slice(1), fields.offset.seconds);
}

function formatFraction(element: string, nanosecond: number): string {
  const digits = String(nanosecond)
    .padStart(9, '0')
    .slice(0, element.length - 1);
  if (element[1] === '0') return element.charAt(0) + digits;
  const kept = digits.replace(/0+$/, '');
  return kept === '' ? '' : element.charAt(0) + kept;
}

/** `shape` is 07, 0700, 07:00, 070000 or 07:00:00. */
function formatOffset(shape: string, seconds: number): string {
  const size = Math.abs(seconds);
  const parts = [Math.trunc(size / 3600), Math.trunc(size / 60) % 60, size % 60].slice(
    0,
    shape.replaceAll(':', '').length / 2,
  );
  return (seconds < 0 ? '-' : '+') + parts.map(two).join(shape.includes(':') ? ':' : '');
}
