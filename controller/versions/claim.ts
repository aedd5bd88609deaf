import { FINALIZER, GROUP_VERSION, VERSION_MANAGER, type Release } from '../../crds/index.ts';
import type { VersionServices } from './services.ts';
import { RELEASES } from '../pass/resources.ts';

/** What is needed to write a Release and to know what came of it. */
export type ClaimServices = Pick<VersionServices, 'client' | 'releases'>;

/**
 * Makes spec.version name the version, and a deletion wait for the controller, by server-side apply. Returns the Release as stored. Throws
 * Conflict if it was edited since it was read.
 */
export async function claimVersion(services: ClaimServices, release: Release, version: number): Promise<Release> {
  const { name, namespace, resourceVersion, finalizers } = release.metadata;
  if (release.spec.version === version && finalizers?.includes(FINALIZER)) return release;
  const body = {
    apiVersion: GROUP_VERSION,
    kind: 'Release',
    metadata: { name, namespace, resourceVersion, finalizers: [FINALIZER] },
    spec: { version },
  } as unknown as Release;
  return cached(services, await services.client.apply(RELEASES, body, { fieldManager: VERSION_MANAGER, force: true }));
}

/** The Release as the API server has stored it, which the informer then has too. */
export function cached({ releases }: ClaimServices, stored: Release): Release {
  releases.store(stored);
  return stored;
}
