import { GoInt, GoObject, type GoType, type NamedParam, type TemplateMethod, type Value } from '../reflect/index.ts';
import { durationValue } from './duration-value.ts';
import { SECOND } from '../duration/index.ts';
import { type ClockFields, fieldsOf, floorDivide, formatTime, GoTime, utcMs, ZERO_TIME } from './go-time.ts';
import { MONTHS, WEEKDAYS } from './layout.ts';
import { UTC, type Zone } from './zone.ts';

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

/** The parameter of a method or function that takes a time. */
export const TIME_PARAM: NamedParam = { name: 'time.Time', accepts: (value) => value instanceof GoTime };

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
