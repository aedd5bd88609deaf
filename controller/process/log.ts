import type { Log } from '../pass/log.ts';

/** Log levels, from the most verbose to the least. */
export const LEVELS = ['debug', 'info', 'warn', 'error'] as const;
/** One of `LEVELS`. */
export type Level = (typeof LEVELS)[number];

/** A log whose level can be changed while it is written. */
export interface LeveledLog {
  readonly log: Log;
  /** Makes it write everything or, if it does already, as much as at the beginning; `info` if that was everything. Says so in a line. */
  readonly switchDebug: () => void;
}

/** A log that writes JSON lines of `level` and above to standard error. */
export function jsonLog(level: Level): LeveledLog {
  let least: Level = level;
  const log: Log = (at, message, facts = {}) => {
    if (LEVELS.indexOf(at) < LEVELS.indexOf(least)) return;
    write(at, message, facts);
  };
  const switchDebug = (): void => {
    least = least !== 'debug' ? 'debug' : level === 'debug' ? 'info' : level;
    write('info', 'log level', { logLevel: least });
  };
  return { log, switchDebug };
}

function write(level: Level, message: string, facts: Record<string, unknown>): void {
  process.stderr.write(`${JSON.stringify({ time: new Date().toISOString(), level, message, ...facts })}\n`);
}
