// Go's time: moments, zones, durations and layouts, and what templates can do with them.
// Has no clock: whoever needs the time passes it in.
export { formatDuration, parseDuration, roundDuration, SECOND, truncateDuration, unitsIn } from '../duration/index.ts';
export { durationValue, nanosOf } from './duration-value.ts';
export { floorDivide, formatTime, GoTime, ZERO_TIME } from './go-time.ts';
export { mustParseDuration, parseTime } from './parse.ts';
export { TIME_PARAM, timeValue } from './time-value.ts';
export { LOCAL_DATE, LOCAL_DATETIME, LOCAL_TIME, UTC, type Zone, zoneNamed } from './zone.ts';
