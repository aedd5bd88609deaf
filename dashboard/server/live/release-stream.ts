import { createHash } from 'node:crypto';
import { RELEASES, releaseOf } from '../../../client/releases/index.ts';
import { reasonOf } from '../../../client/messages/index.ts';
import {
  isKubeError,
  startInformer,
  type ApiResource,
  type Informer,
  type CachePolicy,
  type KubeClient,
} from '../../../kube/index.ts';
import type { KubeObject } from '../../../resources/index.ts';
import type { ReleaseEvents, ReleaseName, ReleaseView } from '../../api/index.ts';
import type { EventStream } from '../http/event-stream.ts';
import { Batches } from './batches.ts';
import { EVENTS, eventOf, DESCENDANT_KINDS, descendantOf, type KeptEvent } from './descendants.ts';
import { viewOf } from './release-view.ts';
import type { Descendant } from './tree.ts';

/** At most two messages a second. */
const BATCH_MS = 500;
/** What is kept of a namespace's objects of one kind at most. */
const MAX_KEPT = 5_000;

/**
 * Tells a stream a Release with all that hangs on it, again whenever something of it changes, as the client's user may see it. Of what else is in
 * the namespace, only what the tree may need is kept.
 */
export function streamRelease(
  client: KubeClient,
  { namespace, name }: ReleaseName,
  stream: EventStream,
  checkSession: () => void,
): void {
  const missing = new Map<string, string>();
  const batches = new Batches(stream, BATCH_MS, () => tell());
  const soon = (): void => batches.soon();
  const onError = (error: unknown): void => {
    if (isKubeError(error, 'Unauthorized')) checkSession();
    else if (isKubeError(error) && error.transient) send(stream, 'stale', { message: reasonOf(error) });
  };
  const options = { client, namespace, onChange: soon, onError };
  const follow = <T extends KubeObject>(resource: ApiResource, keep: Projection<T>): Informer<T> => {
    const informer = startInformer<T>({
      ...options,
      resource,
      cachePolicy: bounded(keep, () => missing.set(`${resource.plural} beyond`, beyondOf(resource))),
    });
    informer.synced.catch((error: unknown) => missing.set(resource.plural, reasonOf(error))).finally(soon);
    return informer;
  };
  const releases = startInformer<KubeObject>({
    ...options,
    resource: RELEASES,
    fieldSelector: `metadata.name=${name}`,
    cachePolicy: { keep: withoutInline },
  });
  releases.synced.then(soon, (error: unknown) => {
    send(stream, isKubeError(error, 'NotFound') ? 'gone' : 'refused', { message: reasonOf(error) });
    stream.close();
  });
  const descendants = DESCENDANT_KINDS.map((resource) => follow<Descendant>(resource, descendantOf));
  const events = follow<KeptEvent>(EVENTS, eventOf);
  stream.ended.addEventListener('abort', () =>
    [releases, ...descendants, events].forEach((informer) => informer.stop()),
  );
  const sender = new ViewSender(stream);
  const tell = (): void => {
    const release = releases.get(namespace, name);
    if (release === undefined && !releases.hasSynced) return;
    const details = {
      descendants: descendants.flatMap((each) => each.list()),
      events: events.list(),
      missing: [...missing.values()],
    };
    sender.send(release && viewOf(releaseOf(release), details), name);
  };
}

/** A chart that stands in the Release is not shown, and may be a megabyte. */
function withoutInline(object: KubeObject): KubeObject {
  const { spec } = releaseOf(object);
  if (spec.chart.inline === undefined) return object;
  return { ...object, spec: { ...spec, chart: { ...spec.chart, inline: '…' } } };
}

/** Sends a view unless it is the one that was sent last, of which a digest is kept, as a view may be megabytes. */
class ViewSender {
  readonly #stream: EventStream;
  #last = '';

  constructor(stream: EventStream) {
    this.#stream = stream;
  }

  send(view: ReleaseView | undefined, name: string): void {
    const json = JSON.stringify(view ?? { message: `there is no release "${name}"` });
    const digest = createHash('sha256').update(json).digest('base64');
    if (digest === this.#last) return;
    this.#last = digest;
    const event: keyof ReleaseEvents = view === undefined ? 'gone' : 'release';
    this.#stream.sendJson(event, json);
  }
}

function send<Name extends keyof ReleaseEvents>(stream: EventStream, event: Name, data: ReleaseEvents[Name]): void {
  stream.send(event, data);
}

type Projection<T> = (object: KubeObject) => T | undefined;

function beyondOf({ plural }: ApiResource): string {
  return `the namespace has more than ${MAX_KEPT} ${plural}: some of them are not shown`;
}

/** Keeps so many, and no more; calls back where there are more. */
export function bounded<T extends KubeObject>(
  keep: Projection<T>,
  onMore: () => void,
  most = MAX_KEPT,
): CachePolicy<T> {
  let kept = 0;
  return {
    keep: (object, known) => {
      const now = keep(object);
      if (known !== undefined || now === undefined || kept < most) return now;
      onMore();
      return undefined;
    },
    replaced: (before, now) => {
      kept += Number(now !== undefined) - Number(before !== undefined);
    },
  };
}
