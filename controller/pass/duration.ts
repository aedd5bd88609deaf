import { parseDuration } from '../../golang/time/index.ts';

/** Milliseconds of a Go duration such as `1h30m` or `500ms`; the CRD's pattern admits no other text. */
export function durationMs(duration: string): number {
  return Number((parseDuration(duration) ?? 0n) / 1_000_000n);
}
