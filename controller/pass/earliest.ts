/** The shortest of the delays that there are, in milliseconds; undefined where there are none. */
export function earliest(...delaysMs: (number | undefined)[]): number | undefined {
  const known = delaysMs.filter((delay) => delay !== undefined);
  return known.length === 0 ? undefined : Math.min(...known);
}
