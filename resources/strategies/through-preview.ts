import { changedAt, isMap, listAt } from '../json/json.ts';
import { podSpecPath } from '../pod-spec.ts';
import type { KubeObject } from '../types.ts';
import { withReferences, type Rename } from './pod-references.ts';

/** How a pod of a test comes to one colour of a chart. */
export interface PreviewPath {
  /** The names by which the test knows the Service. */
  names: readonly string[];
  /** The addresses that they are to lead to. */
  addresses: readonly string[];
  /** What the ConfigMaps and Secrets of the chart are called in this colour. */
  rename: Rename;
}

/** The kinds of tests that are run by pods. */
const RUN = new Set(['Pod', 'Job']);

/**
 * A test that is led to one colour: in the hosts file of its pods the names of the Service have other addresses, and its pods read what the
 * pods of this colour do. Unchanged if it has no pods.
 */
export function throughPreview(object: KubeObject, { names, addresses, rename }: PreviewPath): KubeObject {
  const path = RUN.has(object.kind) ? podSpecPath(object) : undefined;
  if (!path) return object;
  const aliases = addresses.map((ip) => ({ ip, hostnames: [...names] }));
  return changedAt(object, path, (spec) =>
    isMap(spec) ? { ...withReferences(spec, rename), hostAliases: [...aliases, ...listAt(spec, 'hostAliases')] } : spec,
  ) as KubeObject;
}
