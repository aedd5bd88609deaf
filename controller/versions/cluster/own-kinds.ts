import type { AskedOfCluster, Rendering } from '../../../chart-renderer/index.ts';
import type { Offer } from '../../../kube/index.ts';
import { kindsDefinedBy } from '../../../resources/index.ts';

/**
 * The names, as Helm's `Capabilities.APIVersions` has them, of the kinds in a chart's `crds/` that it asks for and that its install creates;
 * Helm creates them before it renders. None if the chart depends on all APIs: which these are is known only once they are served.
 */
export function ownNamesAsked(
  { asked, crds }: Pick<Rendering, 'asked' | 'crds'>,
  { names }: Pick<Offer, 'names'>,
): ReadonlySet<string> {
  if (!asked || asked.list) return new Set();
  const defined = kindsDefinedBy(crds.map(({ object }) => object)).flatMap(({ group, version, kind }) => {
    const ofVersion = `${group}/${version}`;
    return isServedInAny(names, group, kind) ? [] : [ofVersion, `${ofVersion}/${kind}`];
  });
  const own = new Set(defined.filter((name) => !names.has(name)));
  return asked.names.some((name) => own.has(name)) ? own : new Set();
}

/** Then its definition exists, and stays as it is. */
function isServedInAny(names: ReadonlySet<string>, group: string, kind: string): boolean {
  const [start, end] = [`${group}/`, `/${kind}`];
  return [...names].some((name) => name.startsWith(start) && name.endsWith(end));
}

/** What was asked of the cluster, apart from names that a chart brings itself; undefined if nothing else was. */
export function askedApartFrom(
  own: ReadonlySet<string>,
  asked: AskedOfCluster | undefined,
): AskedOfCluster | undefined {
  const names = (asked?.names ?? []).filter((name) => !own.has(name));
  return asked && (asked.kubeVersion || asked.list || names.length > 0) ? { ...asked, names } : undefined;
}
