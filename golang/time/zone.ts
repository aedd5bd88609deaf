import { memoized } from '../memo/index.ts';
import { zoneLetters } from './zone-names.ts';

/** What a clock in a zone shows at one moment. */
export interface ZoneOffset {
  /** Seconds east of UTC. */
  readonly seconds: number;
  /** Such as CET. */
  readonly abbreviation: string;
}

/** A zone: UTC, one of a fixed offset, or one of the IANA database by name. */
export interface Zone {
  readonly name: string;
  readonly offsetAt: (epochMs: number) => ZoneOffset;
}

/** A zone that is always as far from UTC. */
export function fixedZone(seconds: number, abbreviation: string): Zone {
  return { name: abbreviation, offsetAt: () => ({ seconds, abbreviation }) };
}

export const UTC: Zone = { name: 'UTC', offsetAt: () => ({ seconds: 0, abbreviation: 'UTC' }) };

/** The zones that BurntSushi/toml gives to dates and times without one, each to one form. */
export const LOCAL_DATETIME = fixedZone(0, 'datetime-local');
export const LOCAL_DATE = fixedZone(0, 'date-local');
export const LOCAL_TIME = fixedZone(0, 'time-local');

/** The zone of a name as time.LoadLocation knows it, undefined where there is none; `Local` is UTC. */
export function zoneNamed(name: string): Zone | undefined {
  if (name === '' || name === 'UTC' || name === 'Local') return UTC;
  return isName(name) ? namedZone(name) : undefined;
}

const namedZone = memoized(intlZone);

/** Names that Intl knows and the IANA database does not; offsets are among them. */
const NOT_IANA =
  /^(?:[-+].*|A[CEGR]T|[ABIJPS]ST|BET|C[ANT]T|CST|CTT|E[AC]T|IET|MIT|N[ES]T|PLT|PNT|PRT|VST|SystemV\/.*|US\/Pacific-New)$/;

/** Whether it is written as names of zones are, which Go reads as names of files while case does not matter to Intl. */
function isName(name: string): boolean {
  const words = name.split(/[/_-]/);
  return (
    words.every((word) => /^(?:[A-Z+\d][A-Za-z+\d]*|of|es|au|)$/.test(word) && !/^[A-Z]{5}/.test(word)) &&
    !NOT_IANA.test(name)
  );
}

function intlZone(name: string): Zone | undefined {
  try {
    const clock = new Intl.DateTimeFormat('en-US', { timeZone: name, timeZoneName: 'longOffset' });
    const names = new Intl.DateTimeFormat('en-US', { timeZone: name, timeZoneName: 'long' });
    return {
      name,
      offsetAt: (epochMs) => {
        const seconds = offsetSeconds(zonePart(clock, epochMs));
        return { seconds, abbreviation: zoneLetters(name, zonePart(names, epochMs)) ?? numericName(seconds) };
      },
    };
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

function zonePart(format: Intl.DateTimeFormat, epochMs: number): string {
  return format.formatToParts(epochMs).find(({ type }) => type === 'timeZoneName')?.value ?? '';
}

function offsetSeconds(text: string): number {
  const match = /^GMT(?:([-+])(\d\d):(\d\d)(?::(\d\d))?)?$/.exec(text);
  const [, sign, hours = '0', minutes = '0', seconds = '0'] = match ?? [];
  const size = Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds);
  return sign === '-' ? -size : size;
}

/** Zones without letters of their own are called by their offset, such as +03 or +0545. */
function numericName(seconds: number): string {
  const minutes = Math.abs(seconds) / 60;
  const hours = String(Math.trunc(minutes / 60)).padStart(2, '0');
  const rest = minutes % 60 === 0 ? '' : String(Math.trunc(minutes % 60)).padStart(2, '0');
  return `${seconds < 0 ? '-' : '+'}${hours}${rest}`;
}
