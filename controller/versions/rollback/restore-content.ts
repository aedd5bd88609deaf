import { VERSION_MANAGER, type Release, type ReleaseContent } from '../../../crds/index.ts';
import { type JsonPatchOperation } from '../../../kube/index.ts';
import { managedWithTransfer, pointerTo, type KubeMetadata } from '../../../resources/index.ts';
import { CONTENT_FIELDS, contentDigest, contentOf } from '../../../records/index.ts';
import { RELEASES } from '../../pass/resources.ts';
import { withoutUndefined } from '../../pass/without-undefined.ts';
import { kept, type Claiming } from '../claim.ts';
import { addsTo, LAST_APPLIED, lastAppliedWith, transferToApplier } from './manifest-owner.ts';

/**
 * Makes the spec's content that of a version, but not `chart.verify`: which signatures are asked for stays. Whoever applies the Release's
 * manifest counts as having applied this content, so that what their manifest lacks goes when they apply it again. Returns the Release as
 * stored. Throws Conflict if it was edited since it was read.
 */
export async function restoreContent(services: Claiming, release: Release, content: ReleaseContent): Promise<Release> {
  if (contentDigest(release.spec) === contentDigest(content)) return handedOver(services, release);
  const stored = await overwriteContent(services, release, content);
  return addsTo(contentOf(release.spec), content) ? handedOver(services, stored) : stored;
}

async function overwriteContent(services: Claiming, release: Release, content: ReleaseContent): Promise<Release> {
  const { name, namespace, resourceVersion, annotations } = release.metadata;
  const { verify } = release.spec.chart;
  const applied = lastAppliedWith(annotations?.[LAST_APPLIED], content);
  const operations: JsonPatchOperation[] = [
    // Makes the API server compare it with the stored one.
    { op: 'replace', path: '/metadata/resourceVersion', value: resourceVersion },
    { op: 'replace', path: '/spec/chart', value: withoutUndefined({ ...content.chart, verify }) },
    ...CONTENT_FIELDS.filter((field) => field !== 'chart').flatMap((field) =>
      replaced(`/spec/${field}`, release.spec[field], content[field]),
    ),
    ...(applied === undefined ? [] : replaced(pointerTo(['metadata', 'annotations', LAST_APPLIED]), '', applied)),
  ];
  const options = { fieldManager: VERSION_MANAGER };
  return kept(services, await services.client.patchJson<Release>(RELEASES, namespace, name, operations, options));
}

function replaced(path: string, before: unknown, after: unknown): JsonPatchOperation[] {
  if (after !== undefined) return [{ op: 'add', path, value: after }];
  return before === undefined ? [] : [{ op: 'remove', path }];
}

/** The restored fields as part of what was applied by whoever applies the manifest. A write of its own: an edit would own what it edits. */
async function handedOver(services: Claiming, release: Release): Promise<Release> {
  const transfer = transferToApplier(release.metadata as KubeMetadata);
  if (!transfer) return release;
  const { name, namespace, resourceVersion } = release.metadata;
  const { managedFields = [] } = release.metadata as KubeMetadata;
  const patch = { metadata: { resourceVersion, managedFields: managedWithTransfer(managedFields, transfer) } };
  const options = { fieldManager: VERSION_MANAGER };
  return kept(services, await services.client.patchMerge<Release>(RELEASES, namespace, name, patch, options));
}
