import type { KubeObject } from '../resources/index.ts';
import type { KubeError } from './errors.ts';
import { startInformer, type Informer, type InformerOptions } from './informer.ts';

/** Several informers, one for each namespace, as one. */
export interface InformerOfNamespaces<T extends KubeObject> extends Informer<T> {
  /** Whether there was a complete copy of what is in a namespace. */
  hasSyncedIn(namespace: string): boolean;
}

/** What to watch, in which namespaces; in all, if none is named. */
export interface NamespacesOptions<T extends KubeObject> extends Omit<InformerOptions<T>, 'namespace' | 'onSynced'> {
  namespaces: readonly string[];
  /** Told when the first copy of what is in a namespace is complete; in any, if none is named. */
  onSynced?: (namespace: string | undefined) => void;
}

/**
 * Follows a collection in some namespaces, by a watch of each; in all, by a single one, if none is named. Its `synced` rejects only where
 * the server refuses all of them: one namespace alone does not hold up the others.
 */
export function startInformers<T extends KubeObject>(options: NamespacesOptions<T>): InformerOfNamespaces<T> {
  const { namespaces, onSynced, ...how } = options;
  const parts = (namespaces.length === 0 ? [undefined] : namespaces).map((namespace) => {
    const informer = startInformer<T>({ ...how, namespace, onSynced: () => onSynced?.(namespace) });
    return [namespace, informer] as const;
  });
  return new JoinedInformer(parts);
}

class JoinedInformer<T extends KubeObject> implements InformerOfNamespaces<T> {
  readonly synced: Promise<void>;
  readonly #parts: ReadonlyMap<string | undefined, Informer<T>>;

  constructor(parts: readonly (readonly [namespace: string | undefined, informer: Informer<T>])[]) {
    this.#parts = new Map(parts);
    this.synced = allOrSome(parts.map(([, { synced }]) => synced));
    this.synced.catch(() => undefined);
  }

  get hasSynced(): boolean {
    return this.#all().every((part) => part.hasSynced);
  }

  get error(): KubeError | undefined {
    return this.#all().find((part) => part.error !== undefined)?.error;
  }

  hasSyncedIn(namespace: string): boolean {
    return this.#of(namespace)?.hasSynced ?? false;
  }

  get(namespace: string | undefined, name: string): T | undefined {
    return this.#of(namespace)?.get(namespace, name);
  }

  list(namespace?: string): T[] {
    if (namespace !== undefined) return this.#of(namespace)?.list(namespace) ?? [];
    return this.#all().flatMap((part) => part.list());
  }

  store(object: T): void {
    this.#of(object.metadata.namespace)?.store(object);
  }

  async refresh(): Promise<void> {
    await Promise.all(this.#all().map(async (part) => part.refresh()));
  }

  forget(namespace: string | undefined, name: string): void {
    this.#of(namespace)?.forget(namespace, name);
  }

  stop(): void {
    for (const part of this.#all()) part.stop();
  }

  #of(namespace: string | undefined): Informer<T> | undefined {
    return this.#parts.get(undefined) ?? this.#parts.get(namespace);
  }

  #all(): Informer<T>[] {
    return [...this.#parts.values()];
  }
}

/** Resolves when all have settled and at least one has resolved; else rejects with the first reason. */
async function allOrSome(promises: readonly Promise<void>[]): Promise<void> {
  const settled = await Promise.allSettled(promises);
  const refused = settled.filter((each) => each.status === 'rejected');
  if (refused.length > 0 && refused.length === settled.length) throw refused[0]?.reason;
}
