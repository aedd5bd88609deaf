// Go's time.Duration: reading, writing and rounding spans of time, in nanoseconds.
// Apart from golang/time, so that a command that reads a span loads no zones and layouts.
export {
  formatDuration,
  parseDuration,
  readDuration,
  roundDuration,
  SECOND,
  truncateDuration,
  unitsIn,
} from './duration.ts';
