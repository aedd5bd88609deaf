import { GoInt, type Value } from '../../../golang/reflect/index.ts';
import { parseGoInt } from '../../../golang/strconv/index.ts';
import { type CallContext, define, defineContextual } from '../../../golang/template/index.ts';
import {
  floorDivide,
  formatDuration,
  formatTime,
  GoTime,
  mustParseDuration,
  parseDuration,
  parseTime,
  SECOND,
  TIME_PARAM,
  timeValue,
  UTC,
  ZERO_TIME,
  zoneNamed,
} from '../../../golang/time/index.ts';
import type { FunctionEntries } from '../entries.ts';
import { nowMsOf } from '../host.ts';
import { clocked, type Codec } from '../remembering.ts';

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
  return timeValue(moment.epochNanos + mustParseDuration(text), moment.zone);
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

const YEAR = 365n * 24n * 3600n * SECOND;

const ROUND_UNITS: readonly (readonly [bigint, string])[] = [
  [YEAR, 'y'],
  [30n * 24n * 3600n * SECOND, 'mo'],
  [24n * 3600n * SECOND, 'd'],
  [3600n * SECOND, 'h'],
  [60n * SECOND, 'm'],
  [SECOND, 's'],
];

/** The duration in its largest unit, as sprig's durationRound has it. */
function roundDuration(nanos: bigint): string {
  const size = nanos < 0n ? -nanos : nanos;
  const unit = ROUND_UNITS.find(([length]) => size > length);
  return unit === undefined ? '0s' : `${size / unit[0]}${unit[1]}`;
}

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
