import { isKubeError, type KubeClient } from '../../kube/index.ts';
import type { KubeObject } from '../../resources/index.ts';
import { NAMESPACES } from '../pass/resources.ts';

/** Which namespaces are read, and who is told. */
interface OwnNamespacesOptions {
  readonly client: Pick<KubeClient, 'get'>;
  readonly names: readonly string[];
  readonly intervalMs: number;
  /** Told of each namespace that is new, has changed or is gone. */
  readonly onChange: (name: string) => void;
  readonly onError: (error: unknown) => void;
}

/**
 * The namespaces that a controller was started for, read again every `intervalMs`: a Role can allow to read its own namespace, but no watch.
 * What cannot be read stays as it was.
 */
export class OwnNamespaces {
  readonly synced: Promise<void>;
  readonly #options: OwnNamespacesOptions;
  readonly #known = new Map<string, KubeObject>();
  readonly #timer: NodeJS.Timeout;

  constructor(options: OwnNamespacesOptions) {
    this.#options = options;
    this.synced = this.#readAll();
    this.#timer = setInterval(() => void this.#readAll(), options.intervalMs);
  }

  get(_: undefined, name: string): KubeObject | undefined {
    return this.#known.get(name);
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  async #readAll(): Promise<void> {
    await Promise.all(this.#options.names.map(async (name) => this.#read(name)));
  }

  async #read(name: string): Promise<void> {
    const { client, onChange, onError } = this.#options;
    const before = this.#known.get(name)?.metadata.resourceVersion;
    try {
      this.#known.set(name, await client.get(NAMESPACES, undefined, name));
    } catch (error) {
      if (!isKubeError(error, 'NotFound')) return onError(error);
      this.#known.delete(name);
    }
    if (this.#known.get(name)?.metadata.resourceVersion !== before) onChange(name);
  }
}
