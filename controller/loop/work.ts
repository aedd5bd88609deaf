import { WaitsForMemory } from '../pass/failures/errors.ts';
import { failureOf } from '../pass/failures/failures.ts';
import { previewNameOf } from '../pass/key.ts';
import { reconcilePreview, reportPreviewWait } from '../preview/preview.ts';
import type { PreviewServices } from '../preview/services.ts';
import { writeWait } from '../status/status.ts';
import { wholeRelease } from '../versions/observe.ts';
import type { Requeue } from './queue.ts';
import { reconcile, type ReconcileServices } from './reconcile.ts';

/**
 * Works on a Release, or on a ReleasePreview: the namespaces take turns with both. If there is no room for it in memory, the key comes back
 * once there is.
 */
export async function work(services: ReconcileServices & PreviewServices, key: string): Promise<Requeue> {
  const { memory, secrets, log } = services;
  let end: 'over' | 'waits' = 'over';
  memory.begin(key);
  try {
    return await (previewNameOf(key) === undefined ? reconcile(services, key) : reconcilePreview(services, key));
  } catch (error) {
    if (!(error instanceof WaitsForMemory)) throw error;
    // Before anything that may fail: it keeps its place. What is masked leads to the records that it comes from.
    end = 'waits';
    secrets.end(key);
    log('info', 'waits for memory', { release: key });
    await reportWait(services, key).catch((failed: unknown) => {
      log('warn', 'a wait for memory is not in the status', { release: key, cause: failureOf(failed).message });
    });
    return { underWay: true };
  } finally {
    memory.end(key, end);
  }
}

async function reportWait(
  services: Pick<ReconcileServices & PreviewServices, 'client' | 'releases' | 'previews'>,
  key: string,
): Promise<void> {
  if (previewNameOf(key) !== undefined) return reportPreviewWait(services, key);
  const release = await wholeRelease(services, key);
  if (release) await writeWait(services, release);
}
