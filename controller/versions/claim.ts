import { FINALIZER, GROUP_VERSION, VERSION_MANAGER, type Release, type ReleaseContent } from '../../crds/index.ts';
import { type JsonPatchOperation } from '../../kube/index.ts';
import type { VersionServices } from './services.ts';
import { withoutUndefined } from '../pass/without-undefined.ts';
import { RELEASES } from '../pass/resources.ts';

type Claiming = Pick<VersionServices, 'client' | 'releases'>;

/**
 * Makes spec.version name the version, and a deletion wait for the controller, by server-side apply. Returns the Release as stored. Throws
 * Conflict if it was edited since it was read.
 */
export async function claimVersion(services: Claiming, release: Release, version: number): Promise<Release> {
  const { name, namespace, resourceVersion, finalizers } = release.metadata;
  if (release.spec.version === version && finalizers?.includes(FINALIZER)) return release;
  const body = {
    apiVersion: GROUP_VERSION,
    kind: 'Release',
    metadata: { name, namespace, resourceVersion, finalizers: [FINALIZER] },
    spec: { version },
  } as unknown as Release;
  return kept(services, await services.client.apply(RELEASES, body, { fieldManager: VERSION_MANAGER, force: true }));
}

/**
 * Overwrites the spec's content, but not `chart.verify`: which signatures are asked for stays. Returns the Release as stored. Throws
 * Conflict if it was edited since it was read.
 */
export async function overwriteContent(
  services: Claiming,
  release: Release,
  content: ReleaseContent,
): Promise<Release> {
  const { name, namespace, resourceVersion } = release.metadata;
  const { verify } = release.spec.chart;
  const operations: JsonPatchOperation[] = [
    // Makes the API server compare it with the stored one.
    { op: 'replace', path: '/metadata/resourceVersion', value: resourceVersion },
    { op: 'replace', path: '/spec/chart', value: withoutUndefined({ ...content.chart, verify }) },
    ...replaced('/spec/helmVersion', release.spec.helmVersion, content.helmVersion),
    ...replaced('/spec/values', release.spec.values, content.values),
    ...replaced('/spec/valuesFrom', release.spec.valuesFrom, content.valuesFrom),
    ...replaced('/spec/generatedValues', release.spec.generatedValues, content.generatedValues),
  ];
  const options = { fieldManager: VERSION_MANAGER };
  return kept(services, await services.client.patchJson<Release>(RELEASES, namespace, name, operations, options));
}

function kept({ releases }: Claiming, stored: Release): Release {
  releases.store(stored);
  return stored;
}

function replaced(path: string, before: unknown, after: unknown): JsonPatchOperation[] {
  if (after !== undefined) return [{ op: 'add', path, value: after }];
  return before === undefined ? [] : [{ op: 'remove', path }];
}
