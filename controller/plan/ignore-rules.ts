import { targetMatcher } from '../../chart-renderer/index.ts';
import type { IgnoreRule } from '../../crds/index.ts';
import { ignoredFields, type IgnoredFields, type KubeObject } from '../../resources/index.ts';
import { OWNERSHIP } from '../pass/ownership.ts';

/**
 * The fields of an object that `spec.ignore` leaves to others; undefined where it leaves none. Throws Error if a target cannot be read,
 * which the API server does not let anybody write.
 */
export function ignoredBy(rules: readonly IgnoreRule[] = []): (object: KubeObject) => IgnoredFields | undefined {
  if (rules.length === 0) return () => undefined;
  const read = rules.map(({ target, paths }) => ({ matches: targetMatcher(target), paths }));
  return (object) => {
    const paths = read.flatMap((rule) => (rule.matches(object) ? rule.paths : []));
    return paths.length === 0 ? undefined : ignoredFields(paths, OWNERSHIP);
  };
}
