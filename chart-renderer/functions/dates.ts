import {
  define,
  defineContextual,
  GoInt,
  GoObject,
  type GoType,
  type NamedParam,
  type TemplateMethod,
  type Value,
} from '../go-template/index.ts';
import type { CallContext } from '../go-template/index.ts';
import { parseGoInt } from './cast.ts';
import { formatDuration, parseDuration, roundDuration, SECOND } from './duration.ts';
import { durationValue } from './duration-value.ts';
import type { FunctionEntries } from './entries.ts';
import { type ClockFields, fieldsOf, floorDivide, formatTime, GoTime, utcMs, ZERO_TIME } from './go-time.ts';
import { nowMsOf } from './host.ts';
import { clocked, type Codec } from './remembering.ts';
import { MONTHS, WEEKDAYS } from './time-layout.ts';
import { parseTime } from './time-parse.ts';
import { UTC, type Zone, zoneNamed } from './time-zone.ts';

function timeMethod(read: (time: GoTime) => Value): TemplateMethod {
  return { params: [], run: (time: GoObject) => read(time as GoTime) };
}

function fieldMethod(read: (fields: ClockFields) => number): TemplateMethod {
  return timeMethod((time) => BigInt(read(fieldsOf(time))));
}

function betweenTimes(answer: (own: bigint, other: bigint) => Value): TemplateMethod {
  return {
    params: [TIME_PARAM],
    run: (time: GoObject, other: GoObject) => answer((time as GoTime).epochNanos, (other as GoTime).epochNanos),
  };
}

/** time.Month and time.Weekday print their names. */
function namedNumber(typeName: string, names: readonly string[]): (index: number) => GoObject {
  return (index) => {
    const type: GoType = { name: typeName, kind: 'int64', toText: () => names[index] ?? '' };
    return new GoObject(type);
  };
}

const monthValue = namedNumber('time.Month', ['', ...MONTHS]);
const weekdayValue = namedNumber('time.Weekday', WEEKDAYS);

const TIME_PARAM: NamedParam = { name: 'time.Time', accepts: (value) => value instanceof GoTime };

/** Go's durations end at 292 years. */
function saturated(nanos: bigint): bigint {
  const inInt64 = BigInt.asIntN(64, nanos);
  if (inInt64 === nanos) return nanos;
  return nanos < 0n ? -(2n ** 63n) : 2n ** 63n - 1n;
}

function addDate(time: GoTime, years: number, months: number, days: number): GoTime {
  const { year, month, day, hour, minute, second, nanosecond, offset } = fieldsOf(time);
  const ms = utcMs(year + years, month + months, day + days, hour, minute, second) - offset.seconds * 1000;
  return timeValue(BigInt(ms) * 1_000_000n + BigInt(nanosecond), time.zone);
}

const METHODS: ReadonlyMap<string, TemplateMethod> = new Map<string, TemplateMethod>([
  ['Format', { params: ['string'], run: (time: GoObject, layout: string) => formatTime(time as GoTime, layout) }],
  ['Year', fieldMethod(({ year }) => year)],
  ['Month', timeMethod((time) => monthValue(fieldsOf(time).month))],
  ['Day', fieldMethod(({ day }) => day)],
  ['Hour', fieldMethod(({ hour }) => hour)],
  ['Minute', fieldMethod(({ minute }) => minute)],
  ['Second', fieldMethod(({ second }) => second)],
  ['Nanosecond', fieldMethod(({ nanosecond }) => nanosecond)],
  ['YearDay', fieldMethod(({ yearDay }) => yearDay)],
  ['Weekday', timeMethod((time) => weekdayValue(fieldsOf(time).weekday))],
  ['Unix', timeMethod((time) => new GoInt('int64', floorDivide(time.epochNanos, SECOND)))],
  ['UnixMilli', timeMethod((time) => new GoInt('int64', floorDivide(time.epochNanos, 1_000_000n)))],
  ['UnixMicro', timeMethod((time) => new GoInt('int64', floorDivide(time.epochNanos, 1_000n)))],
  ['UnixNano', timeMethod((time) => new GoInt('int64', time.epochNanos))],
  ['UTC', timeMethod((time) => timeValue(time.epochNanos, UTC))],
  ['Local', timeMethod((time) => timeValue(time.epochNanos, UTC))],
  ['IsZero', timeMethod((time) => time.epochNanos === ZERO_TIME)],
  ['String', timeMethod(timeText)],
  ['After', betweenTimes((own, other) => own > other)],
  ['Before', betweenTimes((own, other) => own < other)],
  ['Equal', betweenTimes((own, other) => own === other)],
  ['Compare', betweenTimes((own, other) => (own < other ? -1n : own > other ? 1n : 0n))],
  ['Sub', betweenTimes((own, other) => durationValue(saturated(own - other)))],
  [
    'AddDate',
    {
      params: ['int', 'int', 'int'],
      run: (time: GoObject, years: number, months: number, days: number) =>
        addDate(time as GoTime, years, months, days),
    },
  ],
]);

const TIME: GoType = {
  name: 'time.Time',
  kind: 'struct',
  methods: METHODS,
  toText: (time) => timeText(time as GoTime),
  areEqual: (a, b) => isSameTime(a as GoTime, b as GoTime),
};

/** The same moment in the same zone; as in Go, each time that was read with an offset has a zone of its own. */
function isSameTime(a: GoTime, b: GoTime): boolean {
  return a.epochNanos === b.epochNanos && a.zone === b.zone;
}

function timeText(time: GoTime): string {
  return formatTime(time, '2006-01-02 15:04:05.999999999 -0700 MST');
}

/** A moment as templates see it. */
export function timeValue(epochNanos: bigint, zone: Zone): GoTime {
  return new GoTime(TIME, epochNanos, zone);
}

function nowOf(context: CallContext): GoTime {
  return timeValue(BigInt(Math.trunc(nowMsOf(context))) * 1_000_000n, UTC);
}

/** The moment that sprig takes a value for: times and seconds since 1970, and now for anything else. */
function momentOf(context: CallContext, value: Value): GoTime {
  if (value instanceof GoTime) return value;
  if (typeof value === 'bigint') return timeValue(value * SECOND, UTC);
  if (value instanceof GoInt && value.kind === 'int64') return timeValue(value.value * SECOND, UTC);
  return nowOf(context);
}

function inZone(context: CallContext, layout: string, date: Value, zone: string): string {
  const moment = momentOf(context, date);
  return formatTime(timeValue(moment.epochNanos, zoneNamed(zone) ?? UTC), layout);
}

const date = defineContextual(['string', 'any'], (context, layout, value) => inZone(context, layout, value, 'Local'));

const dateInZone = defineContextual(['string', 'any', 'string'], inZone);

const htmlDate = defineContextual(['any'], (context, value) => inZone(context, '2006-01-02', value, 'Local'));

const htmlDateInZone = defineContextual(['any', 'string'], (context, value, zone) =>
  inZone(context, '2006-01-02', value, zone),
);

const dateModify = define(['string', TIME_PARAM], (text, time) => {
  const moment = time as GoTime;
  return timeValue(moment.epochNanos + (parseDuration(text) ?? 0n), moment.zone);
});

const mustDateModify = define(['string', TIME_PARAM], (text, time) => {
  const moment = time as GoTime;
  const duration = parseDuration(text);
  if (duration === undefined) throw new Error(`time: invalid duration ${JSON.stringify(text)}`);
  return timeValue(moment.epochNanos + duration, moment.zone);
});

function toTime(layout: string, text: string): GoTime {
  const { epochNanos, zone } = parseTime(layout, text);
  return timeValue(epochNanos, zone);
}

const toDate = define(['string', 'string'], (layout, text) => {
  try {
    return toTime(layout, text);
  } catch {
    return timeValue(ZERO_TIME, UTC);
  }
});

const ago = defineContextual(['any'], (context, value) => {
  const nanos = nowOf(context).epochNanos - momentOf(context, value).epochNanos;
  const half = nanos < 0n ? -SECOND / 2n : SECOND / 2n;
  return formatDuration(((nanos + half) / SECOND) * SECOND);
});

const duration = define(['any'], (seconds) => {
  if (typeof seconds === 'string') return formatDuration((parseGoInt(seconds, 10) ?? 0n) * SECOND);
  return formatDuration(seconds instanceof GoInt && seconds.kind === 'int64' ? seconds.value * SECOND : 0n);
});

const durationRound = defineContextual(['any'], (context, value) => {
  if (typeof value === 'string') return roundDuration(parseDuration(value) ?? 0n);
  if (value instanceof GoTime) return roundDuration(nowOf(context).epochNanos - value.epochNanos);
  return roundDuration(value instanceof GoInt && value.kind === 'int64' ? value.value : 0n);
});

const unixEpoch = define([TIME_PARAM], (time) => String(floorDivide((time as GoTime).epochNanos, SECOND)));

const MOMENT: Codec = {
  encode: (moment) => String((moment as GoTime).epochNanos),
  decode: (nanos) => timeValue(BigInt(nanos as string), UTC),
};

/** Sprig's functions on times and durations. The local zone is UTC. */
export const dateFunctions: FunctionEntries = [
  ['now', clocked(defineContextual([], nowOf), MOMENT)],
  ['date', clocked(date)],
  ['dateInZone', clocked(dateInZone)],
  ['date_in_zone', clocked(dateInZone)],
  ['htmlDate', clocked(htmlDate)],
  ['htmlDateInZone', clocked(htmlDateInZone)],
  ['dateModify', dateModify],
  ['date_modify', dateModify],
  ['mustDateModify', mustDateModify],
  ['must_date_modify', mustDateModify],
  ['toDate', toDate],
  ['mustToDate', define(['string', 'string'], toTime)],
  ['ago', clocked(ago)],
  ['duration', duration],
  ['durationRound', clocked(durationRound)],
  ['unixEpoch', unixEpoch],
];
