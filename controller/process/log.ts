import type { Log } from '../pass/log.ts';

/** Log levels, from the most verbose to the least. */
export const LEVELS = ['debug', 'info', 'warn', 'error'] as const;
/** One of `LEVELS`. */
export type Level = (typeof LEVELS)[number];

/** A log that writes JSON lines of `level` and above to standard error. */
export function jsonLog(level: Level): Log {
  const min = LEVELS.indexOf(level);
  return (at, message, facts = {}) => {
    if (LEVELS.indexOf(at) < min) return;
    process.stderr.write(`${JSON.stringify({ time: new Date().toISOString(), level: at, message, ...facts })}\n`);
  };
}
