import type { LoadLimits } from '../archive/limits.ts';
import type { RenderLimits } from '../limits.ts';

/** What one chart may cost a sandbox; whatever is left out has the value of `SANDBOX_LIMITS`. */
export interface SandboxLimits {
  /** Milliseconds that a process may work at a chart, from loading to the end of rendering, over all rounds that its lookups need. */
  readonly timeoutMs: number;
  /** MiB of JavaScript heap. */
  readonly memoryMb: number;
  /** Bytes of one rendered object; the API server accepts no more than 3 MiB. */
  readonly objectBytes: number;
  /** Different questions that a chart may ask by `lookup`. */
  readonly lookups: number;
  /** Rounds of lookups that follow from the answers to others. */
  readonly lookupRounds: number;
  readonly load: Partial<LoadLimits>;
  readonly render: Partial<Omit<RenderLimits, 'timeoutMs'>>;
}

/** The limits in force when a caller names none. */
export const SANDBOX_LIMITS: SandboxLimits = {
  timeoutMs: 10_000,
  memoryMb: 256,
  objectBytes: 4 * 1024 * 1024,
  lookups: 1000,
  lookupRounds: 10,
  load: {},
  render: {},
};

/**
 * How many times `timeoutMs` may go by from the beginning to the end, whether or not the process gets to work: far more than any
 * machine needs on which a controller runs, for what waits without working has to end too.
 */
export const WALL_TIMES = 10;

/** MiB of stack: what a thousand includes inside each other need, many times over. */
export const STACK_MB = 64;
