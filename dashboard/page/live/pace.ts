const FIRST_MS = 500;
const LONGEST_MS = 15_000;

/** How long to wait before the attempt of that number, from 1 on: twice as long each time, and not all pages at once. */
export function delayBefore(attempt: number, random: number): number {
  const full = Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(attempt - 1, 10));
  return Math.round(full * (0.5 + random / 2));
}

/** A stream that lasted so long, and brought something, was well. */
const WELL_MS = 10_000;

/** The number of the attempt after a stream broke: the first again only if the stream was well. */
export function attemptAfter(attempt: number, { brought, lastedMs }: { brought: boolean; lastedMs: number }): number {
  return brought && lastedMs >= WELL_MS ? 1 : attempt + 1;
}
