import { VERSION_MANAGER, type Release, type ReleaseContent } from '../../../crds/index.ts';
import { type JsonPatchOperation } from '../../../kube/index.ts';
import { managedWithTransfer, pointerTo, type KubeMetadata } from '../../../resources/index.ts';
import { contentDigest, contentOf, contentOperations } from '../../../records/index.ts';
import { RELEASES } from '../../pass/resources.ts';
import { cached, type ClaimServices } from '../claim.ts';
import { addsTo, LAST_APPLIED, lastAppliedWith, transferToApplier } from './manifest-owner.ts';

/**
 * Makes the spec's content that of a version, but not `chart.verify`: which signatures are asked for stays. Whoever applies the Release's
 * manifest counts as having applied this content, so that what their manifest lacks goes when they apply it again. Returns the Release as
 * stored. Throws Conflict if it was edited since it was read.
 */
export async function restoreContent(
  services: ClaimServices,
  release: Release,
  content: ReleaseContent,
): Promise<Release> {
  if (contentDigest(release.spec) === contentDigest(content)) return handedOver(services, release);
  const stored = await overwriteContent(services, release, content);
  return addsTo(contentOf(release.spec), content) ? handedOver(services, stored) : stored;
}

async function overwriteContent(services: ClaimServices, release: Release, content: ReleaseContent): Promise<Release> {
  const { name, namespace, annotations } = release.metadata;
  const applied = lastAppliedWith(annotations?.[LAST_APPLIED], content);
  const path = pointerTo(['metadata', 'annotations', LAST_APPLIED]);
  const operations: JsonPatchOperation[] = [
    ...contentOperations(release, content),
    ...(applied === undefined ? [] : [{ op: 'add' as const, path, value: applied }]),
  ];
  const options = { fieldManager: VERSION_MANAGER };
  return cached(services, await services.client.patchJson<Release>(RELEASES, namespace, name, operations, options));
}

/** The restored fields as part of what was applied by whoever applies the manifest. A write of its own: an edit would own what it edits. */
async function handedOver(services: ClaimServices, release: Release): Promise<Release> {
  const transfer = transferToApplier(release.metadata as KubeMetadata);
  if (!transfer) return release;
  const { name, namespace, resourceVersion } = release.metadata;
  const { managedFields = [] } = release.metadata as KubeMetadata;
  const patch = { metadata: { resourceVersion, managedFields: managedWithTransfer(managedFields, transfer) } };
  const options = { fieldManager: VERSION_MANAGER };
  return cached(services, await services.client.patchMerge<Release>(RELEASES, namespace, name, patch, options));
}
