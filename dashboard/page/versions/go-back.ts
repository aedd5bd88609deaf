import type { VersionRow } from '../../api/index.ts';

/** The newest version before the one in force that came into force itself and passed its tests; else such a one after it. */
export function versionToGoBackTo(versions: readonly VersionRow[]): number | undefined {
  const present = versions.find(({ inForce }) => inForce)?.version ?? Infinity;
  const sound = versions
    .filter(({ inForce, unfinished, tests }) => !inForce && !unfinished && tests !== 'Failed')
    .map(({ version }) => version)
    .toSorted((left, right) => right - left);
  return sound.find((version) => version < present) ?? sound[0];
}
