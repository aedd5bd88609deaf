const CLOCK = /^([0-9]{2}):([0-9]{2}):([0-9]{2})$/;
const OFFSET = /^([+-])([0-9]{2}):([0-9]{2})$/;
const LAST_MINUTE = 24 * 60 - 1;

/** Why a text is not a time with a zone as in RFC 3339; undefined where it is one. */
export function timeProblem(text: string): string | undefined {
  if (Buffer.byteLength(text) < 9) return 'less than 9 characters long';
  const clock = text.slice(0, 8);
  const [fraction = ''] = /^\.[0-9]*/.exec(text.slice(8)) ?? [];
  const zone = text.slice(8 + fraction.length);
  return (
    clockProblem(clock) ??
    (fraction === '.' ? 'no digits in second fraction' : undefined) ??
    zoneProblem(zone) ??
    leapProblem(clock, zone)
  );
}

function clockProblem(clock: string): string | undefined {
  if (clock[2] !== ':' || clock[5] !== ':') return 'missing colon in correct place';
  const match = CLOCK.exec(clock);
  if (match === null) return 'invalid hour/min/sec';
  return exceeds(match, [23, 59, 60]) ? 'hour/min/sec out of range' : undefined;
}

function exceeds([, ...digits]: readonly string[], max: readonly number[]): boolean {
  return max.some((limit, i) => Number(digits[i]) > limit);
}

function zoneProblem(zone: string): string | undefined {
  if (/^z$/i.test(zone)) return undefined;
  if (Buffer.byteLength(zone) !== 6) return 'offset must be 6 characters long';
  if (!/^[+-]/.test(zone)) return 'offset must begin with plus/minus';
  if (zone[3] !== ':') return 'missing colon in offset in correct place';
  const match = OFFSET.exec(zone);
  if (match === null) return 'invalid hour/min in offset';
  return exceeds(match.slice(1), [23, 59]) ? 'hour/min in offset out of range' : undefined;
}

/** Only the last second of a day in UTC can be a leap second. */
function leapProblem(clock: string, zone: string): string | undefined {
  const minute = (minutesIn(clock) - offsetOf(zone) + 24 * 60) % (24 * 60);
  return clock.endsWith('60') && minute !== LAST_MINUTE ? 'invalid leap second' : undefined;
}

function minutesIn(clock: string): number {
  const [hours, minutes] = clock.split(':');
  return Number(hours) * 60 + Number(minutes);
}

function offsetOf(zone: string): number {
  if (!OFFSET.test(zone)) return 0;
  return zone.startsWith('+') ? minutesIn(zone.slice(1)) : -minutesIn(zone.slice(1));
}
