import type { Log } from '../pass/log.ts';

/** Log levels, from the most to the least. */
export const LEVELS = ['debug', 'info', 'warn', 'error'] as const;
/** One of `LEVELS`. */
export type Level = (typeof LEVELS)[number];

/** A log that writes JSON lines of at least `level` to standard error. */
export function jsonLog(level: Level): Log {
  const least = LEVELS.indexOf(level);
  return (at, message, facts = {}) => {
    if (LEVELS.indexOf(at) < least) return;
    process.stderr.write(`${JSON.stringify({ time: new Date().toISOString(), level: at, message, ...facts })}\n`);
  };
}
