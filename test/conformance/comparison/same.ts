import { canonicalJson } from '../../../resources/index.ts';

/** The first place where a value is not what all the others agree on, or undefined. */
export interface Deviation {
  readonly path: string;
  readonly wanted: unknown;
  readonly found: unknown;
}

/**
 * Compares a value with several that were made in the same way: what differs among those is random and may be anything, all else must be
 * the same. Numbers are compared exactly.
 */
export function deviationFrom(wanted: readonly unknown[], found: unknown, path = ''): Deviation | undefined {
  const [first, ...others] = wanted;
  const text = canonicalJson(first);
  const isStable = others.every((other) => canonicalJson(other) === text);
  if (isStable && text === canonicalJson(found)) return undefined;
  const keys = commonKeys(wanted);
  if (keys === undefined) return isStable ? { path, wanted: first, found } : undefined;
  if (!isContainer(found) || String(keysOf(found)) !== String(keys)) return { path, wanted: first, found };
  for (const key of keys) {
    const deviation = deviationFrom(
      wanted.map((each) => (each as Container)[key]),
      found[key],
      `${path}/${key}`,
    );
    if (deviation !== undefined) return deviation;
  }
  return undefined;
}

type Container = Record<string, unknown>;

function isContainer(value: unknown): value is Container {
  return typeof value === 'object' && value !== null;
}

/** The keys or positions of what is all maps, or all lists, of the same ones; undefined for anything else. */
function commonKeys(values: readonly unknown[]): string[] | undefined {
  const [first] = values;
  if (!values.every(isContainer) || !isContainer(first)) return undefined;
  const keys = keysOf(first);
  const isAlike = (value: unknown): boolean =>
    isContainer(value) && Array.isArray(value) === Array.isArray(first) && String(keysOf(value)) === String(keys);
  return values.every(isAlike) ? keys : undefined;
}

function keysOf(value: Container): string[] {
  return Object.keys(value).sort();
}
