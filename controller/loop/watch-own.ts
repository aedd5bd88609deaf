import type { Release, ReleaseHistory } from '../../crds/index.ts';
import {
  startInformer,
  startInformers,
  type ApiResource,
  type Change,
  type Informer,
  type InformerOfNamespaces,
  type InformerOptions,
  type KubeClient,
} from '../../kube/index.ts';
import type { KubeObject } from '../../resources/index.ts';
import type { DeployServices } from '../deploy/services.ts';
import type { Metrics } from '../metrics/metrics.ts';
import type { Traces } from '../traces/traces.ts';
import { keyOfPreview, keyOfRelease } from '../pass/key.ts';
import { errorFacts, type Log } from '../pass/log.ts';
import { HISTORIES, NAMESPACES, PREVIEWS, RELEASES, SERVICE_ACCOUNTS } from '../pass/resources.ts';
import { ReleaseMemory } from '../versions/release-memory.ts';
import { AccountMemory } from '../watches/account-memory.ts';
import { PREVIEW_KEEPER } from '../watches/outline.ts';
import { OwnNamespaces } from './own-namespaces.ts';

/** Which namespaces are followed: those that are named, or all. */
interface OwnOptions {
  client: KubeClient;
  namespaces: readonly string[];
  log: Log;
  metrics?: Metrics | undefined;
  traces?: Traces | undefined;
}

/** What the controller follows as itself. */
export interface OwnWatches {
  releases: InformerOfNamespaces<Release>;
  histories: InformerOfNamespaces<ReleaseHistory>;
  accounts: InformerOfNamespaces<KubeObject>;
  namespaces: Pick<Informer<KubeObject>, 'get' | 'synced' | 'stop'>;
}

/** How often a namespace that cannot be watched is read. */
const INTERVAL_MS = 30_000;

/** Follows the ReleasePreviews, of which it keeps the identities. Nothing waits for it: without their definition the controller is ready. */
export function watchPreviews(
  { client, namespaces, log }: OwnOptions,
  enqueue: (key: string) => void,
): Informer<KubeObject> {
  return startInformers<KubeObject>({
    client,
    resource: PREVIEWS,
    namespaces,
    content: 'metadata',
    cachePolicy: PREVIEW_KEEPER,
    onChange: ({ object }) => enqueue(keyOfPreviewOf(object)),
    onError: (error) => log('warn', 'watch failed', { resource: PREVIEWS.plural, ...errorFacts(error) }),
  });
}

/** The collections that the controller follows as itself; `isKnown` once all that is to be known before anything is decided in a namespace is there. */
export function watchOwn(
  options: OwnOptions,
  { versions, order }: Pick<DeployServices, 'versions' | 'order'>,
  previews: Pick<Informer<KubeObject>, 'list'>,
  enqueue: (key: string) => void,
): { own: OwnWatches; isKnown: (namespace: string) => boolean } {
  const { metrics, traces } = options;
  const isKnown = (namespace: string): boolean =>
    [releases, histories, accounts].every((informer) => informer.hasSyncedIn(namespace));
  const enqueueAll = (namespace: string): void => {
    for (const release of releases.list(namespace)) enqueue(keyOf(release));
  };
  // Also where it is known late: the rights in one of the named namespaces may come after the start.
  const onSynced = (namespace: string | undefined): void => {
    if (namespace === undefined || !isKnown(namespace)) return;
    enqueueAll(namespace);
    for (const preview of previews.list(namespace)) enqueue(keyOfPreviewOf(preview));
  };
  const watch = <T extends KubeObject>(
    resource: ApiResource,
    onChange: (change: Change<T>) => void,
    how: Pick<InformerOptions<T>, 'content' | 'cachePolicy'> = {},
  ): InformerOfNamespaces<T> => {
    const { client, namespaces } = options;
    const onError = tellOf(options, resource);
    return startInformers<T>({ client, resource, namespaces, onChange, onError, onSynced, ...how });
  };
  const whenReleaseChanges = (change: Change<Release>): void => {
    metrics?.releases.take(change, Date.now());
    traces?.take(change, Date.now());
    for (const key of [keyOf(change.object), ...order.take(change)]) enqueue(key);
  };
  const releases = watch<Release>(RELEASES, whenReleaseChanges, { cachePolicy: new ReleaseMemory() });
  const ofChangedHistory = ({ object, type }: Change<ReleaseHistory>): void => {
    if (type !== 'added') enqueue(keyOfRelease(object.metadata.namespace, object.spec.release));
  };
  const histories = watch<ReleaseHistory>(HISTORIES, ofChangedHistory, { cachePolicy: versions });
  const usersOf = ({ metadata }: KubeObject): Release[] =>
    releases.list(metadata.namespace).filter(({ spec }) => spec.serviceAccountName === metadata.name);
  const whenItComesOrGoes = ({ object, type }: Change<KubeObject>): void => {
    if (type === 'modified') return;
    for (const release of usersOf(object)) enqueue(keyOf(release));
  };
  const accounts = watch<KubeObject>(SERVICE_ACCOUNTS, whenItComesOrGoes, {
    content: 'metadata',
    cachePolicy: new AccountMemory((account) => usersOf(account).length > 0),
  });
  return { own: { releases, histories, namespaces: followNamespaces(options, enqueueAll), accounts }, isKnown };
}

/** By a watch of all, or, as a Role may allow no such watch, one by one. */
function followNamespaces(options: OwnOptions, onChange: (name: string) => void): OwnWatches['namespaces'] {
  const { client, namespaces: names } = options;
  const onError = tellOf(options, NAMESPACES);
  if (names.length > 0) return new OwnNamespaces({ client, names, intervalMs: INTERVAL_MS, onChange, onError });
  return startInformer({
    client,
    resource: NAMESPACES,
    onError,
    onChange: ({ object }) => onChange(object.metadata.name),
  });
}

function tellOf({ log }: OwnOptions, { plural: resource }: ApiResource): (error: unknown) => void {
  return (error) => log('warn', 'watch failed', { resource, ...errorFacts(error) });
}

/** The key of a Release. */
export function keyOf({ metadata }: Release): string {
  return keyOfRelease(metadata.namespace, metadata.name);
}

/** The key of a ReleasePreview. */
export function keyOfPreviewOf({ metadata: { namespace = '', name } }: KubeObject): string {
  return keyOfPreview(namespace, name);
}
