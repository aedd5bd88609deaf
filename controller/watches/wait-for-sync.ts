import { setTimeout as sleep } from 'node:timers/promises';
import { resourceName, type ApiResource, type Informer } from '../../kube/index.ts';
import type { KubeObject } from '../../resources/index.ts';
import { ReleaseError } from '../pass/failures/errors.ts';

/** A watch whose copy is awaited. */
interface SyncingWatch {
  resource: ApiResource;
  informer: Pick<Informer<KubeObject>, 'hasSynced' | 'synced' | 'error'>;
  /** As `performance.now()`. */
  startedAt: number;
}

/** Resolves when the watch has its first copy; throws as `withinLimit` does where it has none `limitMs` after it was started. */
export async function waitForSync(watch: SyncingWatch, limitMs: number): Promise<void> {
  if (watch.informer.hasSynced) return;
  await withinLimit(watch, watch.informer.synced, watch.startedAt + limitMs - performance.now());
}

/** Awaits a copy, but not for long: a kind that the server fails to list must not hold a worker. Throws ReleaseError ApiUnavailable. */
export async function withinLimit(
  { informer, resource }: SyncingWatch,
  copy: Promise<void>,
  limitMs: number,
): Promise<void> {
  const timeout = new AbortController();
  const late = sleep(Math.max(0, limitMs), undefined, { signal: timeout.signal }).then(() => {
    const why = informer.error?.message ?? 'no answer yet';
    throw new ReleaseError('ApiUnavailable', `watching ${resourceName(resource)}: ${why}`, { retry: 'soon' });
  });
  try {
    await Promise.race([copy, late]);
  } finally {
    late.catch(() => undefined);
    timeout.abort();
  }
}
