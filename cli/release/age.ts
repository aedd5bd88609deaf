const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
const YEAR_MS = 365 * DAY_MS;

type AgeUnit = readonly [belowMs: number, majorMs: number, major: string, minorMs?: number, minor?: string];

/** The age from which on each unit is shown, as `kubectl get` has it. */
const STEPS: readonly AgeUnit[] = [
  [2 * MINUTE_MS, SECOND_MS, 's'],
  [10 * MINUTE_MS, MINUTE_MS, 'm', SECOND_MS, 's'],
  [3 * HOUR_MS, MINUTE_MS, 'm'],
  [8 * HOUR_MS, HOUR_MS, 'h', MINUTE_MS, 'm'],
  [2 * DAY_MS, HOUR_MS, 'h'],
  [8 * DAY_MS, DAY_MS, 'd', HOUR_MS, 'h'],
  [2 * YEAR_MS, DAY_MS, 'd'],
  [8 * YEAR_MS, YEAR_MS, 'y', DAY_MS, 'd'],
  [Infinity, YEAR_MS, 'y'],
];

/** The time since `time` (RFC 3339) as kubectl's AGE columns write it: `45s`, `3m10s`, `5d`; `<unknown>` where it is not a time. */
export function ageOf(time: string, nowMs: number): string {
  const age = Math.max(0, nowMs - Date.parse(time));
  const step = STEPS.find(([below]) => age < below);
  if (step === undefined) return '<unknown>';
  const [, majorMs, major, minorMs, minor] = step;
  const rest = minorMs === undefined ? 0 : Math.floor((age % majorMs) / minorMs);
  return `${Math.floor(age / majorMs)}${major}${rest > 0 ? `${rest}${minor}` : ''}`;
}
