/** Each unit is used from two of it on: 90 seconds say more than one minute. */
const UNITS = [
  ['d', 86_400],
  ['h', 3_600],
  ['m', 60],
] as const;

/** How long ago a time is, in one unit; of a time to come `0s`, of what is no time nothing. */
export function ageOf(time: string, nowMs: number): string {
  return lengthOf((nowMs - Date.parse(time)) / 1000);
}

/** A length of time in one unit. */
export function lengthOf(length: number): string {
  if (Number.isNaN(length)) return '';
  const seconds = Math.max(0, Math.floor(length));
  const [unit, inUnit] = UNITS.find(([, size]) => seconds >= 2 * size) ?? ['s', 1];
  return `${Math.floor(seconds / inUnit)}${unit}`;
}
