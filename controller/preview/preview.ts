import { FIELD_MANAGER, GROUP_VERSION } from '../../crds/index.ts';
import type { Release, ReleasePreview, ReleasePreviewStatus } from '../../crds/index.ts';
import { isKubeError } from '../../kube/index.ts';
import type { KubeObject } from '../../resources/index.ts';
import { NO_ROOM } from '../pass/failures/errors.ts';
import { namespaceOf, previewNameOf } from '../pass/key.ts';
import { PREVIEWS } from '../pass/resources.ts';
import { findingsFor, type PreviewAnswer } from './findings.ts';
import { leftMsOf } from './lifetime.ts';
import type { PreviewServices } from './services.ts';

/** How often a preview is tried before its status says why it is not answered: what is only late has come by then. */
const MAX_SILENT = 2;

/**
 * Does what a ReleasePreview asks: says what a change would do, once, and deletes the preview when its time is over. Writes nothing but its
 * status. Returns the milliseconds until it is due again, if it still exists. Throws KubeError where another attempt is due.
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
  const againMs = await answer(services, key, known);
  if (againMs !== undefined) return { afterMs: Math.min(againMs, leftMs) };
  services.finishedPreviews.add(key, known.metadata);
  await removeBeyondLimit(services, namespaceOf(key));
  return { afterMs: leftMs };
}

/** Answers a preview that is not answered yet. Returns the milliseconds until that is due again, if it could not be done. */
async function answer(services: PreviewServices, key: string, known: KubeObject): Promise<number | undefined> {
  const dueInMs = services.unansweredPreviews.dueInMs(key, known.metadata);
  if (dueInMs > 0) return dueInMs;
  const preview = await readPreview(services, key);
  if (!preview || isFinished(preview)) return undefined;
  const found = await findingsFor(services, key, preview);
  if (!found.isAnswer) return tellWhyNot(services, key, preview, found);
  forgetWork(services, key);
  await writePreviewStatus(services, preview, found.status);
  return undefined;
}

/** Says why a preview is not answered yet, unless it may only be late. Returns the milliseconds until it is due again. */
async function tellWhyNot(
  services: Pick<PreviewServices, 'client' | 'unansweredPreviews'>,
  key: string,
  preview: ReleasePreview,
  { status }: PreviewAnswer,
): Promise<number> {
  const times = services.unansweredPreviews.tried(key, preview.metadata);
  const { conditions = [] } = status;
  const isKnown = preview.status?.conditions?.[0]?.message === conditions[0]?.message;
  // Without `observedGeneration`: it is no answer.
  if (times > MAX_SILENT && !isKnown) await writePreviewStatus(services, preview, { conditions });
  return services.unansweredPreviews.dueInMs(key, preview.metadata);
}

/** Tells in the status of a preview that there was no room in memory to answer it; writes nothing where that is told already. */
export async function reportPreviewWait(
  services: Pick<PreviewServices, 'client' | 'previews'>,
  key: string,
): Promise<void> {
  const preview = await readPreview(services, key);
  if (!preview || isFinished(preview) || preview.status?.conditions?.[0]?.message === NO_ROOM) return;
  const { generation: observedGeneration } = preview.metadata;
  const verdict = { type: 'Complete', status: 'False', reason: 'Progressing', message: NO_ROOM } as const;
  const condition = { ...verdict, observedGeneration, lastTransitionTime: new Date().toISOString() };
  // Without `observedGeneration`: it is no answer.
  await writePreviewStatus(services, preview, { conditions: [condition] });
}

function nameIn(key: string): string {
  return previewNameOf(key) ?? '';
}

function isFinished({ metadata, status }: ReleasePreview): boolean {
  return status?.observedGeneration === metadata.generation;
}

/** Ends the watches that only this preview needed, and forgets its secrets. */
function forgetWork(
  {
    children,
    attempts,
    inputs,
    secrets,
    unansweredPreviews,
  }: Pick<PreviewServices, 'children' | 'attempts' | 'inputs' | 'secrets' | 'unansweredPreviews'>,
  key: string,
): void {
  unansweredPreviews.forget(key);
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
  // One that is not known is gone, or another of its name.
  if (uid !== undefined) await client.remove(PREVIEWS, namespaceOf(key), nameIn(key), { uid });
}
