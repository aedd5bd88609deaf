import { listAt, textAt, valueAt } from './json/json.ts';
import type { KubeObject } from './types.ts';

/** One version of a kind that a CustomResourceDefinition declares. */
export interface DefinedKind {
  group: string;
  version: string;
  kind: string;
  plural: string;
  namespaced: boolean;
}

/**
 * The kinds that the CustomResourceDefinitions among `objects` declare and serve: they may not exist yet when the rest is checked. Of a
 * definition that serves no version, all are.
 */
export function kindsDefinedBy(objects: readonly KubeObject[]): DefinedKind[] {
  return objects.filter(({ kind }) => kind === 'CustomResourceDefinition').flatMap(kindsOf);
}

function kindsOf(crd: KubeObject): DefinedKind[] {
  const group = textAt(crd, 'spec', 'group');
  const kind = textAt(crd, 'spec', 'names', 'kind');
  const plural = textAt(crd, 'spec', 'names', 'plural');
  if (group === undefined || kind === undefined || plural === undefined) return [];
  const namespaced = textAt(crd, 'spec', 'scope') === 'Namespaced';
  const versions = listAt(crd, 'spec', 'versions');
  const served = versions.filter((version) => valueAt(version, 'served') !== false);
  return (served.length > 0 ? served : versions)
    .map((version) => textAt(version, 'name'))
    .filter((version) => version !== undefined)
    .map((version) => ({ group, version, kind, plural, namespaced }));
}
