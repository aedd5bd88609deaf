// Go's compress/gzip, as far as reading goes: what it takes and what it refuses.
// Works on bytes in memory; knows nothing of what they hold.
export { GzipError, gunzip, looksGzipped } from './gunzip.ts';
