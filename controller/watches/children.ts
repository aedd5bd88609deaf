import {
  isKubeError,
  resourceName,
  startInformer,
  type ApiResource,
  type Change,
  type Informer,
  type KubeClient,
} from '../../kube/index.ts';
import { titleOf, type KubeObject, type Pack } from '../../resources/index.ts';
import { ReleaseError } from '../pass/failures/errors.ts';
import { namespaceOfUser, ownerKeyOf } from '../pass/ownership.ts';
import { CONFIG_MAPS, PODS, SECRETS } from '../pass/resources.ts';
import { WorkOutcomes } from './work-outcomes.ts';
import { waitForSync, withinLimit } from './wait-for-sync.ts';
import { budgetOf, shareOf, type Budget } from '../pass/budget.ts';
import { Names, type NamedObject } from './names.ts';
import { Selectors } from './selectors.ts';
import { watchedContentOf, outlineOf } from './outline.ts';
import { isSameWatch, watchedBy, watchName, type Watched, type WatchRequest } from './watched.ts';
import { hasOtherData, packedWithData } from '../pass/value-data.ts';
import { WatchMemory } from './watch-memory.ts';

interface Watch extends Watched {
  informer: Informer<KubeObject>;
  startedAt: number;
  users: Set<string>;
  memory: WatchMemory;
}

interface ChildrenOptions {
  firstCopyMs?: number;
  heapBytes?: number;
  /** For how long nothing is to be read for a namespace: its passes began the watches, and it is charged for what these take. */
  restMs?: (namespace: string) => number;
}

/** How long a pass waits for the first copy of a collection; it goes on being made for the passes that follow. */
const FIRST_COPY_MS = 15_000;

/**
 * The live children of all Releases, read by watches that each run as the service account of the Releases that need them:
 * one watch for a kind in a namespace, whatever the number of Releases that share it. An event enqueues the owning Release.
 */
export class Children {
  readonly #client: KubeClient;
  readonly #enqueue: (key: string) => void;
  /** How the work among the children ended. */
  readonly workOutcomes = new WorkOutcomes();
  readonly #names: Names;
  /** The memory for all that is watched for tenants. */
  readonly budget: Budget;
  readonly #firstCopyMs: number;
  readonly #restMs: (namespace: string) => number;
  readonly #watches = new Map<string, Watch>();
  /** The one that was asked for last: many objects of a kind are read in a row. */
  #lastRead: Watch | undefined;
  readonly #selectors: Selectors;
  /** The watches that each Release has requested since its pass began. */
  readonly #requested = new Map<string, Set<string>>();

  constructor(
    client: KubeClient,
    enqueue: (key: string) => void,
    { firstCopyMs = FIRST_COPY_MS, heapBytes, restMs = () => 0 }: ChildrenOptions = {},
  ) {
    this.#client = client;
    this.#enqueue = enqueue;
    this.#firstCopyMs = firstCopyMs;
    this.#restMs = restMs;
    this.budget = budgetOf(shareOf('children', heapBytes));
    this.#names = new Names(this.budget);
    this.#selectors = new Selectors(this.budget);
  }

  /** Watches what is requested; resolves when it can be read. Throws KubeError, ReleaseError. */
  async watch(request: WatchRequest): Promise<void> {
    const { key, selectors, objects } = request;
    if (selectors) this.#selectors.set(key, selectors);
    const named = objects && this.#names.set(key, objects) ? objects : [];
    const wanted = watchedBy(request);
    const requested = this.#requested.get(key) ?? new Set<string>();
    this.#requested.set(key, requested);
    for (const watched of wanted) requested.add(watchName(watched));
    const watches = await Promise.all(wanted.map((watched) => this.#join(watched, key)));
    const partial = watches.filter((watch) => isPartial(watch, named));
    await Promise.all(partial.map((watch) => withinLimit(watch, readAgain(watch), this.#firstCopyMs)));
  }

  /** Says which objects a Release is about before it requests their watches, so that a watch that another Release starts keeps them too. */
  name(key: string, objects: readonly NamedObject[]): void {
    this.#names.set(key, objects);
  }

  /** Ends the Release's interest in what it has not requested since the last call: its pass is over. */
  releaseUnusedWatches(key: string): void {
    const requested = this.#requested.get(key);
    this.#requested.delete(key);
    for (const [name, watch] of this.#watches) if (!requested?.has(name)) this.#leave(name, watch, key);
  }

  /** Ends every watch that only this Release needed. */
  forget(key: string): void {
    this.#selectors.forget(key);
    this.#requested.delete(key);
    this.#names.forget(key);
    this.workOutcomes.forget(key);
    for (const [name, watch] of this.#watches) this.#leave(name, watch, key);
  }

  /** The object in outline, as last seen; undefined where it does not exist. Of what no Release names there is only its identity. */
  live(user: string, resource: ApiResource, namespace: string | undefined, name: string): KubeObject | undefined {
    return this.#watchOf({ user, resource, namespace })?.informer.get(namespace, name);
  }

  /** Throws ReleaseError LimitExceeded where there was no room to keep an object that is named. */
  requireKeptInFull(user: string, resource: ApiResource, namespace: string | undefined, name: string): void {
    const object = { kind: resource.kind, namespace, name };
    this.#names.check(object, user);
    const watch = this.#watchOf({ user, resource, namespace });
    watch?.memory.requireKeptInFull(watch.informer.get(namespace, name), object);
  }

  /** Throws ReleaseError LimitExceeded where there was no room to know whether an object exists. */
  requireExistenceKnown(user: string, resource: ApiResource, namespace: string | undefined, name: string): void {
    const watch = this.#watchOf({ user, resource, namespace });
    watch?.memory.requireExistenceKnown(watch.informer.get(namespace, name), { kind: resource.kind, name });
  }

  /** The object that valuesFrom names, whole. Throws ReleaseError LimitExceeded where there was no room for it. */
  value(user: string, kind: 'ConfigMap' | 'Secret', namespace: string, name: string): KubeObject | undefined {
    return this.named(user, kind === 'Secret' ? SECRETS : CONFIG_MAPS, namespace, name);
  }

  /** An object that is watched by its name. Throws ReleaseError LimitExceeded where there was no room for it. */
  named(user: string, resource: ApiResource, namespace: string, name: string): KubeObject | undefined {
    const watch = this.#watchOf({ user, resource, namespace, name });
    const value = watch?.informer.get(namespace, name);
    watch?.memory.requireKeptInFull(value, { kind: resource.kind, name });
    return value;
  }

  /** The pods of a namespace, as far as there was room for them. */
  pods(user: string, namespace: string): KubeObject[] {
    const watch = this.#watchOf({ user, resource: PODS, namespace });
    return watch?.informer.list(namespace).filter((pod) => !watch.memory.isPartial(pod)) ?? [];
  }

  /** Stores the response to a write of the controller, so that the next pass does not decide on an older state. */
  store(user: string, resource: ApiResource, namespace: string | undefined, object: KubeObject): void {
    this.#watchOf({ user, resource, namespace })?.informer.store(object);
  }

  /** Forgets an object that a write of the controller removed. */
  forgetObject(user: string, resource: ApiResource, namespace: string | undefined, name: string): void {
    this.#watchOf({ user, resource, namespace })?.informer.forget(namespace, name);
  }

  /** Ends every watch. */
  stop(): void {
    for (const watch of this.#watches.values()) end(watch);
    this.#watches.clear();
    this.#lastRead = undefined;
  }

  async #join(watched: Watched, key: string): Promise<Watch> {
    const watch = this.#watchOf(watched) ?? this.#start(watched);
    watch.users.add(key);
    try {
      await waitForSync(watch, this.#firstCopyMs);
      // Where rights were withdrawn, or a kind is no longer served, the copy left behind must not decide anything any more.
      const { error } = watch.informer;
      if (isKubeError(error, 'Forbidden') || isKubeError(error, 'NotServed')) throw error;
      return watch;
    } catch (error) {
      // A late copy is still on its way: starting it again would not be faster.
      if (!(error instanceof ReleaseError)) this.#leave(watchName(watched), watch, key);
      throw error;
    }
  }

  #start(watched: Watched): Watch {
    const { user, resource, namespace, name } = watched;
    const content = name === undefined ? watchedContentOf(resource) : 'whole';
    const title = name === undefined ? resourceName(resource) : titleOf({ kind: resource.kind, name });
    const memory = new WatchMemory(this.budget, namespaceOfUser(user), title, (object) =>
      name === undefined ? this.#keptOf(object) : namedPack(object),
    );
    const informer = startInformer<KubeObject>({
      client: this.#client.as(user),
      resource,
      content,
      cachePolicy: memory,
      restMs: () => this.#restMs(namespaceOfUser(user)),
      ...(namespace === undefined ? {} : { namespace }),
      ...(name === undefined ? {} : { fieldSelector: `metadata.name=${name}` }),
      onChange: (change) => this.#take(watch, change),
      onError: (error) => {
        if (isKubeError(error, 'NotServed')) for (const key of watch.users) this.#enqueue(key);
      },
    });
    const watch: Watch = { ...watched, informer, memory, startedAt: performance.now(), users: new Set() };
    this.#watches.set(watchName(watched), watch);
    this.#lastRead = undefined;
    void this.#wakeWhenLate(watch);
    return watch;
  }

  /** What is kept of an object if there is room; undefined where its identity suffices. */
  #keptOf(object: KubeObject): Pack<KubeObject> | undefined {
    return object.kind === 'Pod' || this.#names.has(object) ? outlineOf(object) : undefined;
  }

  /** Enqueues the Releases that have given up waiting for the first copy. */
  async #wakeWhenLate(watch: Watch): Promise<void> {
    await watch.informer.synced.catch(() => undefined);
    if (performance.now() - watch.startedAt < this.#firstCopyMs) return;
    for (const key of watch.users) this.#enqueue(key);
  }

  #take(watch: Watch, { type, object, previous, finalStateUnknown }: Change<KubeObject>): void {
    const owner = ownerKeyOf(object);
    const isSeen = type === 'deleted' && finalStateUnknown !== true;
    if (isSeen && owner !== undefined && watch.users.has(owner)) this.workOutcomes.remember(owner, object);
    this.#announce(watch, object, previous);
  }

  #announce(watch: Watch, object: KubeObject, previous: KubeObject | undefined): void {
    if (watch.name !== undefined) {
      if (hasOtherData(object, previous)) for (const key of watch.users) this.#enqueue(key);
      return;
    }
    const owners = new Set([ownerKeyOf(object), previous && ownerKeyOf(previous)]);
    if (watch.resource.kind === 'Pod') for (const key of this.#keysSelecting(watch, object)) owners.add(key);
    // Anybody can write labels: only a Release that has requested the watch is woken by them.
    for (const key of owners) if (key !== undefined && watch.users.has(key)) this.#enqueue(key);
  }

  *#keysSelecting(watch: Watch, pod: KubeObject): Iterable<string> {
    for (const key of watch.users) {
      if (this.#selectors.select(key, pod)) yield key;
    }
  }

  #leave(name: string, watch: Watch, key: string): void {
    if (!watch.users.delete(key) || watch.users.size > 0) return;
    end(watch);
    if (this.#watches.get(name) === watch) this.#watches.delete(name);
    this.#lastRead = undefined;
  }

  #watchOf(watched: Watched): Watch | undefined {
    const last = this.#lastRead;
    if (last && isSameWatch(last, watched)) return last;
    const watch = this.#watches.get(watchName(watched));
    if (watch) this.#lastRead = watch;
    return watch;
  }
}

/** What is kept of an object that is watched by its name. Of a source of values the data counts, of others each change. */
function namedPack(object: KubeObject): Pack<KubeObject> {
  const isSource = object.apiVersion === 'v1' && (object.kind === 'ConfigMap' || object.kind === 'Secret');
  return isSource ? packedWithData(object) : outlineOf(object);
}

async function readAgain({ informer, memory }: Watch): Promise<void> {
  memory.readAgain();
  await informer.refresh();
}

/** Whether the watch keeps less of one of the objects than there is room for by now. */
function isPartial({ resource, namespace, name, informer, memory }: Watch, objects: readonly NamedObject[]): boolean {
  const { kind, namespaced } = resource;
  const wanted = name === undefined ? objects.filter((object) => object.kind === kind) : [{ namespace, name }];
  return wanted.some((object) => {
    const kept = informer.get(namespaced ? object.namespace : undefined, object.name);
    return (kept === undefined || memory.isPartial(kept)) && memory.hasRoomFor(kept);
  });
}

function end({ informer, memory }: Watch): void {
  informer.stop();
  memory.release();
}
