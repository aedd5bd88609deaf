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

const zones = new Map<string, Zone>();

/** The zone of a name as time.LoadLocation knows it, undefined where there is none; `Local` is UTC. */
export function zoneNamed(name: string): Zone | undefined {
  if (name === '' || name === 'UTC' || name === 'Local') return UTC;
  const known = zones.get(name);
  if (known !== undefined) return known;
  if (!/^[A-Za-z][A-Za-z0-9_+/-]*$/.test(name)) return undefined;
  const zone = intlZone(name);
  if (zone !== undefined) zones.set(name, zone);
  return zone;
}

/** Abbreviations that Intl does not tell, of zones that have one all the year. */
const FIXED_NAMES: ReadonlyMap<string, string> = new Map([
  ['Asia/Calcutta', 'IST'],
  ['Asia/Hong_Kong', 'HKT'],
  ['Asia/Jakarta', 'WIB'],
  ['Asia/Karachi', 'PKT'],
  ['Asia/Kolkata', 'IST'],
  ['Asia/Macau', 'CST'],
  ['Asia/Manila', 'PST'],
  ['Asia/Seoul', 'KST'],
  ['Asia/Shanghai', 'CST'],
  ['Asia/Taipei', 'CST'],
  ['Asia/Tokyo', 'JST'],
  ['Europe/Moscow', 'MSK'],
  ['Asia/Dubai', '+04'],
  ['Asia/Muscat', '+04'],
]);

function intlZone(name: string): Zone | undefined {
  try {
    const clock = new Intl.DateTimeFormat('en-US', { timeZone: name, timeZoneName: 'longOffset' });
    const names = ['en-US', 'en-ZA', 'en-GB', 'en-AU'].map(
      (locale) => new Intl.DateTimeFormat(locale, { timeZone: name, timeZoneName: 'short' }),
    );
    return {
      name,
      offsetAt: (epochMs) => {
        const seconds = offsetSeconds(zonePart(clock, epochMs));
        const known =
          FIXED_NAMES.get(name) ??
          names.map((format) => zonePart(format, epochMs)).find((text) => /^[A-Z]{2,5}$/.test(text));
        return { seconds, abbreviation: known ?? numericName(seconds) };
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
