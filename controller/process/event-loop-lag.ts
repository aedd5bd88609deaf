import { monitorEventLoopDelay } from 'node:perf_hooks';

const WINDOW_MS = 10_000;
const RESOLUTION_MS = 20;
const NS_PER_MS = 1e6;

/** Measures how late the event loop is; returns by how many milliseconds at most in the last 10 to 20 seconds. */
export function eventLoopLag(): () => number {
  const delays = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  delays.enable();
  let before = 0;
  // Without a sample its `max` is 0: each sample includes the interval itself.
  const lagMs = (): number => Math.max(0, Math.round(delays.max / NS_PER_MS) - RESOLUTION_MS);
  setInterval(() => {
    before = lagMs();
    delays.reset();
  }, WINDOW_MS).unref();
  return () => Math.max(before, lagMs());
}
