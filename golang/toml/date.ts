import { type GoTime, LOCAL_DATE, LOCAL_DATETIME, LOCAL_TIME, parseTime, timeValue, type Zone } from '../time/index.ts';

/** The forms of dates and times; those without a zone of their own get one that tells the form. */
const FORMS: readonly (readonly [layout: string, zone?: Zone])[] = [
  ['2006-01-02T15:04:05.999999999Z07:00'],
  ['2006-01-02T15:04:05.999999999', LOCAL_DATETIME],
  ['2006-01-02', LOCAL_DATE],
  ['15:04:05.999999999', LOCAL_TIME],
  ['2006-01-02T15:04Z07:00'],
  ['2006-01-02T15:04', LOCAL_DATETIME],
  ['15:04', LOCAL_TIME],
];

/** The time.Time that BurntSushi/toml makes of a date or time; undefined where it is none. */
export function tomlDate(text: string): GoTime | undefined {
  for (const [layout, zone] of FORMS) {
    const time = parsed(layout, text);
    if (time === undefined) continue;
    // Go reads hours of one digit too.
    return /^\d:|T\d:/.test(text) ? undefined : timeValue(time.epochNanos, zone ?? time.zone);
  }
  return undefined;
}

function parsed(layout: string, text: string): ReturnType<typeof parseTime> | undefined {
  try {
    return parseTime(layout, text);
  } catch {
    return undefined;
  }
}
