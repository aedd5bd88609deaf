import { FIELD_MANAGER, GROUP_VERSION } from '../../crds/index.ts';
import type { Release, ReleasePreview, ReleasePreviewStatus } from '../../crds/index.ts';
import { isKubeError } from '../../kube/index.ts';
import { namespaceOf, previewNameOf } from '../pass/key.ts';
import { PREVIEWS } from '../pass/resources.ts';
import { findingsFor } from './findings.ts';
import { leftMsOf } from './lifetime.ts';
import type { PreviewServices } from './services.ts';

/** How soon a preview is looked at again that could not be done. */
const NOT_YET_MS = 2_000;

/**
 * Does what a ReleasePreview asks: tells what a change would do, once, and deletes the preview when its time is over. Writes nothing but
 * its status. Returns the milliseconds until it is due again, if it still is there. Throws KubeError where another attempt is due.
 */
export async function reconcilePreview(services: PreviewServices, key: string): Promise<{ afterMs?: number }> {
  const known = services.previews.get(namespaceOf(key), nameIn(key));
  const leftMs = known === undefined ? 0 : leftMsOf(known, Date.now());
  if (known && leftMs <= 0) await removePreview(services, key);
  if (known === undefined || leftMs <= 0) {
    services.finishedPreviews.forget(key);
    forgetWork(services, key);
    return {};
  }
  if (services.finishedPreviews.has(key, known.metadata)) return { afterMs: leftMs };
  const preview = await readPreview(services, key);
  if (preview && !isFinished(preview)) {
    const status = await findingsFor(services, key, preview);
    if (status === 'not yet') return { afterMs: NOT_YET_MS };
    forgetWork(services, key);
    await writePreviewStatus(services, preview, status);
  }
  services.finishedPreviews.add(key, known.metadata);
  await removeBeyondLimit(services, namespaceOf(key));
  return { afterMs: leftMs };
}

function nameIn(key: string): string {
  return previewNameOf(key) ?? '';
}

function isFinished({ metadata, status }: ReleasePreview): boolean {
  return status?.observedGeneration === metadata.generation;
}

/** Ends the watches that only this preview needed, and forgets its secrets. */
function forgetWork(
  { children, attempts, inputs, secrets }: Pick<PreviewServices, 'children' | 'attempts' | 'inputs' | 'secrets'>,
  key: string,
): void {
  children.forget(key);
  attempts.forget(key);
  inputs.forget(key);
  secrets.end(key);
}

async function readPreview(
  { client }: Pick<PreviewServices, 'client'>,
  key: string,
): Promise<ReleasePreview | undefined> {
  try {
    return await client.get<ReleasePreview>(PREVIEWS, namespaceOf(key), nameIn(key));
  } catch (error) {
    if (isKubeError(error, 'NotFound')) return undefined;
    throw error;
  }
}

/** Writes the status on top of the revision that was read; nothing if somebody deleted the preview meanwhile. */
async function writePreviewStatus(
  { client }: Pick<PreviewServices, 'client'>,
  { metadata: { name, namespace, resourceVersion } }: ReleasePreview,
  status: ReleasePreviewStatus,
): Promise<void> {
  const metadata = { name, namespace, resourceVersion };
  const body = { apiVersion: GROUP_VERSION, kind: 'ReleasePreview', metadata, status } as unknown as Release;
  const options = { fieldManager: `${FIELD_MANAGER}-status`, force: true, subresource: 'status' } as const;
  try {
    await client.apply(PREVIEWS, body, options);
  } catch (error) {
    if (!isKubeError(error, 'NotFound')) throw error;
  }
}

async function removeBeyondLimit(
  services: Pick<PreviewServices, 'client' | 'previews' | 'finishedPreviews'>,
  namespace: string,
): Promise<void> {
  for (const key of services.finishedPreviews.beyondLimit(namespace)) {
    await removePreview(services, key);
    services.finishedPreviews.forget(key);
  }
}

async function removePreview(
  { client, previews }: Pick<PreviewServices, 'client' | 'previews'>,
  key: string,
): Promise<void> {
  const uid = previews.get(namespaceOf(key), nameIn(key))?.metadata.uid;
  await client.remove(PREVIEWS, namespaceOf(key), nameIn(key), uid === undefined ? {} : { uid });
}
