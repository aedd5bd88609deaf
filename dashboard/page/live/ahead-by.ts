/** The cluster tells whole seconds, and the answer takes its time. */
const SAME_MS = 5_000;

/** How far a clock that tells this time is ahead of this one, in milliseconds; 0 for what is no time, or may be the same. */
export function aheadBy(time: string, nowMs: number): number {
  const ahead = Date.parse(time) - nowMs;
  return Math.abs(ahead) > SAME_MS ? ahead : 0;
}
