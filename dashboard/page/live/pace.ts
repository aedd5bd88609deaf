const FIRST_MS = 500;
const LONGEST_MS = 15_000;

/** How long to wait before the attempt of that number, from 1 on: twice as long each time, and not all pages at once. */
export function delayBefore(attempt: number, random: number): number {
  const full = Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(attempt - 1, 10));
  return Math.round(full * (0.5 + random / 2));
}
