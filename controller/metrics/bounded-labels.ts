/** The most namespaces that metrics name; what all others have is reported together. */
export const MAX_NAMED_NAMESPACES = 500;

/** The label of what the namespaces have that are beyond the limit: no namespace has this name. */
const OTHER_NAMESPACES = '_others';

/** Codes that are reported one by one; of others only the class is, since whoever runs a server can choose among 900. */
const TOLD_CODES = new Set([
  200, 201, 206, 301, 302, 307, 308, 400, 401, 403, 404, 409, 410, 422, 429, 500, 502, 503, 504,
]);

/** The label of an HTTP status, one of a few: the code itself or its class, such as `4xx`; `none` where there was no answer. */
export function codeLabel(code: number): string {
  if (TOLD_CODES.has(code)) return String(code);
  const hundreds = Math.floor(code / 100);
  return hundreds >= 1 && hundreds <= 5 ? `${hundreds}xx` : 'none';
}

/** Adds up counts by namespace so that no more than `max` namespaces are named: the first of the map. */
export function boundedByNamespace<Counts>(
  counts: ReadonlyMap<string, Counts>,
  sum: (a: Counts, b: Counts) => Counts,
  max = MAX_NAMED_NAMESPACES,
): [namespace: string, counts: Counts][] {
  const all = [...counts];
  const [first, ...others] = all.slice(max).map(([, each]) => each);
  const named = all.slice(0, max);
  return first === undefined ? named : [...named, [OTHER_NAMESPACES, others.reduce(sum, first)]];
}
