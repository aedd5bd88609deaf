import { RELEASES, releaseOf } from '../../../client/releases/index.ts';
import { isKubeError, startInformer, type Change, type Informer, type KubeClient } from '../../../kube/index.ts';
import type { KubeObject } from '../../../resources/index.ts';
import type { ListEvents, ReleaseRow } from '../../api/index.ts';
import { reasonOf } from '../../../client/messages/index.ts';
import type { EventStream } from '../http/event-stream.ts';
import { Batches } from './batches.ts';
import { PendingRows } from './pending-rows.ts';
import { rowOf } from './row.ts';

/** What is kept of a Release: its row, under the identity that a cache needs. */
type Kept = KubeObject & { readonly row: ReleaseRow };

/** More Releases than anybody looks through; those beyond are counted. */
const MAX_ROWS = 10_000;
/** So that several changes of one moment are told together, and none later than a person notices. */
const BATCH_MS = 250;
/** As many as fill a screen: they are told as soon as they have come, while the others are read. */
const FIRST_ROWS = 50;

/** Which Releases a list is about. */
export interface ListScope {
  /** Empty: all. */
  readonly namespaces: readonly string[];
}

/**
 * Tells a stream the Releases that the client's user may see: all of them at first, then each change. Where the user may not list them, it
 * says so. Of each, only the row is kept.
 */
export function streamReleases(
  client: KubeClient,
  { namespaces }: ListScope,
  stream: EventStream,
  checkSession: () => void,
): void {
  const send = <Name extends keyof ListEvents>(name: Name, data: ListEvents[Name]): void => stream.send(name, data);
  const scopes = namespaces.length === 0 ? [undefined] : [...new Set(namespaces)];
  const pending = new PendingRows();
  const informers: Informer<Kept>[] = [];
  let isShown = false;
  let come = 0;
  const batches = new Batches(stream, BATCH_MS, () => {
    if (!isShown) return;
    const { changed, gone } = pending.take();
    if (changed.length > 0) send('changed', changed);
    if (gone.length > 0) send('gone', gone);
  });
  const onChange = ({ type, object }: Change<Kept>): void => {
    if (type === 'deleted') pending.drop({ namespace: object.metadata.namespace ?? '', name: object.metadata.name });
    else if (object.row !== undefined) pending.put(object.row);
    come += 1;
    if (come === FIRST_ROWS && !isShown) send('first', pending.take().changed);
    batches.soon();
  };
  const onError = (error: unknown): void => {
    if (isKubeError(error, 'Unauthorized')) checkSession();
    else if (isKubeError(error) && error.transient) send('stale', { message: reasonOf(error) });
  };
  stream.ended.addEventListener('abort', () => informers.forEach((informer) => informer.stop()));
  const options = { client, resource: RELEASES, cachePolicy: { keep: keptOf }, onChange, onError };
  const starting = scopes.map(async (namespace) => {
    const informer = startInformer<Kept>({ ...options, namespace });
    informers.push(informer);
    await informer.synced.catch((error: unknown) => {
      informer.stop();
      send('refused', { ...(namespace !== undefined && { namespace }), message: reasonOf(error) });
    });
  });
  void Promise.all(starting).then(() => {
    pending.take();
    send('snapshot', snapshotOf(informers.flatMap((informer) => informer.list())));
    isShown = true;
  });
}

function snapshotOf(all: readonly Kept[]): ListEvents['snapshot'] {
  const more = all.length - MAX_ROWS;
  return { releases: all.slice(0, MAX_ROWS).map(({ row }) => row), ...(more > 0 && { more }) };
}

function keptOf(object: KubeObject): Kept {
  const { apiVersion, kind, metadata } = object;
  const { name, namespace, uid, resourceVersion } = metadata;
  const identity = { name, namespace, uid, resourceVersion } as Kept['metadata'];
  return { apiVersion, kind, metadata: identity, row: rowOf(releaseOf(object)) };
}
