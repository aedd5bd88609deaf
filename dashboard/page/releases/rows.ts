import type { ReleaseName, ReleaseRow } from '../../api/index.ts';

/** The Releases by their keys. */
export type Rows = ReadonlyMap<string, ReleaseRow>;

/** What tells a Release from all others. */
export function keyOf({ namespace, name }: ReleaseName): string {
  return `${namespace}/${name}`;
}

/** The rows of a whole list. */
export function rowsOf(releases: readonly ReleaseRow[]): Rows {
  return new Map(releases.map((row) => [keyOf(row), row]));
}

/** The rows after some have changed, or come. */
export function withChanged(rows: Rows, changed: readonly ReleaseRow[]): Rows {
  return new Map([...rows, ...changed.map((row) => [keyOf(row), row] as const)]);
}

/** The rows without those that are gone. */
export function withoutGone(rows: Rows, gone: readonly ReleaseName[]): Rows {
  const keys = new Set(gone.map(keyOf));
  return new Map([...rows].filter(([key]) => !keys.has(key)));
}
