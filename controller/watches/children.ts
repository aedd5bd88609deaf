import { setTimeout as sleep } from 'node:timers/promises';
import { resourceName, startInformer, type ApiResource, type Informer, type KubeClient } from '../../kube/index.ts';
import { selects, type KubeObject, type Selector } from '../../resources/index.ts';
import { ReleaseError } from '../pass/errors.ts';
import { namespaceOf } from '../pass/key.ts';
import { MARKS, ownerKeyOf } from '../pass/ownership.ts';
import { CONFIG_MAPS, PODS, SECRETS } from '../pass/resources.ts';

/** A kind of a namespace, watched as one identity; `name` narrows the watch to one object. */
interface Watched {
  user: string;
  resource: ApiResource;
  namespace: string | undefined;
  name?: string;
}

interface Watch extends Watched {
  informer: Informer<KubeObject>;
  startedAt: number;
  users: Set<string>;
}

/** How long a pass waits for the first copy of a collection; it goes on being made for the passes that follow. */
const FIRST_COPY_MS = 15_000;

/** What one Release needs to see, all of it or a part. */
export interface Sight {
  /** The Release's key. */
  key: string;
  user: string;
  resources?: ApiResource[];
  values?: { kind: 'ConfigMap' | 'Secret'; name: string }[];
  /** Selectors of its workloads, to know whose pod an event is about. */
  selectors?: Selector[];
}

/**
 * The live children of all Releases, read by watches that each run as the service account of the Releases that need them:
 * one watch for a kind in a namespace, whatever the number of Releases that share it. An event enqueues the owning Release.
 */
export class Children {
  readonly #client: KubeClient;
  readonly #enqueue: (key: string) => void;
  readonly #firstCopyMs: number;
  readonly #watches = new Map<string, Watch>();
  readonly #selectors = new Map<string, Selector[]>();
  /** What each Release has looked at since its pass began. */
  readonly #looked = new Map<string, Set<string>>();

  constructor(client: KubeClient, enqueue: (key: string) => void, { firstCopyMs = FIRST_COPY_MS } = {}) {
    this.#client = client;
    this.#enqueue = enqueue;
    this.#firstCopyMs = firstCopyMs;
  }

  /** Watches all that is in sight; resolves when it can be read. Throws KubeError. */
  async look(sight: Sight): Promise<void> {
    const { key, selectors } = sight;
    if (selectors) this.#selectors.set(key, selectors);
    const wanted = watchedBy(sight);
    const looked = this.#looked.get(key) ?? new Set<string>();
    this.#looked.set(key, looked);
    for (const watched of wanted) looked.add(watchName(watched));
    await Promise.all(wanted.map((watched) => this.#join(watched, key)));
  }

  /** Ends the Release's interest in whatever it has not looked at since the last call: its pass is over. */
  lookedEnough(key: string): void {
    const looked = this.#looked.get(key);
    this.#looked.delete(key);
    for (const [name, watch] of this.#watches) if (!looked?.has(name)) this.#leave(name, watch, key);
  }

  /** Ends every watch that only this Release needed. */
  forget(key: string): void {
    this.#selectors.delete(key);
    this.#looked.delete(key);
    for (const [name, watch] of this.#watches) this.#leave(name, watch, key);
  }

  /** The object as last seen; undefined where it does not exist. What belongs to no Release is there in outline only. */
  live(user: string, resource: ApiResource, namespace: string | undefined, name: string): KubeObject | undefined {
    return this.#watch({ user, resource, namespace })?.informer.get(namespace, name);
  }

  /** The object that valuesFrom names, whole. */
  value(user: string, kind: 'ConfigMap' | 'Secret', namespace: string, name: string): KubeObject | undefined {
    const resource = kind === 'Secret' ? SECRETS : CONFIG_MAPS;
    return this.#watch({ user, resource, namespace, name })?.informer.get(namespace, name);
  }

  /** The pods of a namespace. */
  pods(user: string, namespace: string): KubeObject[] {
    return this.#watch({ user, resource: PODS, namespace })?.informer.list(namespace) ?? [];
  }

  /** Takes the answer to a write of one's own, so that the next pass does not decide on an older state. */
  store(user: string, resource: ApiResource, namespace: string | undefined, object: KubeObject): void {
    this.#watch({ user, resource, namespace })?.informer.store(object);
  }

  /** Forgets an object that one's own write removed. */
  gone(user: string, resource: ApiResource, namespace: string | undefined, name: string): void {
    this.#watch({ user, resource, namespace })?.informer.forget(namespace, name);
  }

  /** Ends every watch. */
  stop(): void {
    for (const watch of this.#watches.values()) watch.informer.stop();
    this.#watches.clear();
  }

  async #join(watched: Watched, key: string): Promise<void> {
    const watch = this.#watch(watched) ?? this.#start(watched);
    watch.users.add(key);
    try {
      await begun(watch, this.#firstCopyMs);
      // Rights that were withdrawn leave a copy behind that nothing may be decided on any more.
      if (watch.informer.error?.code === 'Forbidden') throw watch.informer.error;
    } catch (error) {
      // A copy that is late is still on its way: begun anew it would be no faster.
      if (!(error instanceof ReleaseError)) this.#leave(watchName(watched), watch, key);
      throw error;
    }
  }

  #start(watched: Watched): Watch {
    const { user, resource, namespace, name } = watched;
    const informer = startInformer<KubeObject>({
      client: this.#client.as(user),
      resource,
      ...(namespace === undefined ? {} : { namespace }),
      ...(name === undefined ? { trim: outline } : { fieldSelector: `metadata.name=${name}` }),
      onChange: (change) => this.#announce(watch, change.object, change.previous),
    });
    const watch: Watch = { ...watched, informer, startedAt: performance.now(), users: new Set() };
    this.#watches.set(watchName(watched), watch);
    void this.#wakeWhenLate(watch);
    return watch;
  }

  /** Brings back those who no longer waited for the first copy. */
  async #wakeWhenLate(watch: Watch): Promise<void> {
    await watch.informer.synced.catch(() => undefined);
    if (performance.now() - watch.startedAt < this.#firstCopyMs) return;
    for (const key of watch.users) this.#enqueue(key);
  }

  #announce(watch: Watch, object: KubeObject, previous: KubeObject | undefined): void {
    if (watch.name !== undefined) {
      for (const key of watch.users) this.#enqueue(key);
      return;
    }
    const owners = new Set([ownerKeyOf(object), previous && ownerKeyOf(previous)]);
    if (watch.resource.kind === 'Pod') for (const key of this.#keysSelecting(watch, object)) owners.add(key);
    // Anybody can write labels: only a Release that looks at these objects is woken by them.
    for (const key of owners) if (key !== undefined && watch.users.has(key)) this.#enqueue(key);
  }

  *#keysSelecting(watch: Watch, pod: KubeObject): Iterable<string> {
    for (const key of watch.users) {
      if (this.#selectors.get(key)?.some((selector) => selects(selector, pod))) yield key;
    }
  }

  #leave(name: string, watch: Watch, key: string): void {
    if (!watch.users.delete(key) || watch.users.size > 0) return;
    watch.informer.stop();
    if (this.#watches.get(name) === watch) this.#watches.delete(name);
  }

  #watch(watched: Watched): Watch | undefined {
    return this.#watches.get(watchName(watched));
  }
}

/** Resolves when the watch has its first copy; a kind that the server fails to list must not hold a worker. */
async function begun({ informer, resource, startedAt }: Watch, limitMs: number): Promise<void> {
  if (informer.hasSynced) return;
  const leftMs = Math.max(0, startedAt + limitMs - performance.now());
  const timeout = new AbortController();
  const late = sleep(leftMs, undefined, { signal: timeout.signal }).then(() => {
    const why = informer.error?.message ?? 'no answer yet';
    throw new ReleaseError('ApiUnavailable', `watching ${resourceName(resource)}: ${why}`, { retry: 'soon' });
  });
  try {
    await Promise.race([informer.synced, late]);
  } finally {
    late.catch(() => undefined);
    timeout.abort();
  }
}

function watchedBy({ key, user, resources = [], values = [], selectors = [] }: Sight): Watched[] {
  const namespace = namespaceOf(key);
  const kinds = selectors.length > 0 ? [...resources, PODS] : resources;
  return [
    ...kinds.map((resource) => ({ user, resource, namespace: resource.namespaced ? namespace : undefined })),
    ...values.map(({ kind, name }) => ({ user, resource: kind === 'Secret' ? SECRETS : CONFIG_MAPS, namespace, name })),
  ];
}

function watchName({ user, resource, namespace, name }: Watched): string {
  return [user, resource.group, resource.version, resource.plural, namespace ?? '', name ?? ''].join('|');
}

/** Children and pods are kept whole; of the rest only who they are and whose, since a tenant's Secrets can be many and large. */
function outline(object: KubeObject): KubeObject {
  const isOurs = object.metadata.managedFields?.some((entry) => entry.manager === MARKS.fieldManager) ?? false;
  if (isOurs || ownerKeyOf(object) !== undefined || object.kind === 'Pod') return object;
  const { name, namespace, uid, resourceVersion, labels, annotations, deletionTimestamp } = object.metadata;
  const kept = Object.entries(annotations ?? {}).filter(([annotation]) => annotation.startsWith('meta.helm.sh/'));
  const facts = { namespace, uid, resourceVersion, labels, deletionTimestamp };
  const present = Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== undefined));
  const metadata = { name, ...present, ...(kept.length > 0 ? { annotations: Object.fromEntries(kept) } : {}) };
  return { apiVersion: object.apiVersion, kind: object.kind, metadata };
}
