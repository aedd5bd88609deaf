import type { VersionRow } from '../../api/index.ts';

/** Which two versions are compared, or the version in force with the cluster. */
export interface Pair {
  readonly from: number;
  readonly to: number;
  readonly live: boolean;
}

/** What an address asks to compare; else what the newest version changed. Of versions, the newest first. */
export function pairOf(versions: readonly Pick<VersionRow, 'version'>[], asked: URLSearchParams): Pair {
  const known = new Set(versions.map(({ version }) => version));
  const named = (side: 'from' | 'to'): number | undefined => {
    const number = Number(asked.get(side) ?? Number.NaN);
    return known.has(number) ? number : undefined;
  };
  const to = named('to') ?? versions[0]?.version ?? 0;
  const from = named('from') ?? versions.find(({ version }) => version < to)?.version ?? to;
  return { from, to, live: asked.has('live') };
}
