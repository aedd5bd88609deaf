/** What a rendering asked of the cluster, apart from lookups: another answer could give another rendering. */
export interface AskedOfCluster {
  /** Whether it read the version. */
  readonly kubeVersion: boolean;
  /** The names that it asked `.Capabilities.APIVersions.Has` for and that a cluster could have, sorted; at most MAX_NAMES. */
  readonly names: readonly string[];
  /** Whether it read the whole list of APIs, or asked for more names than that. */
  readonly list: boolean;
}

/** More names are not noted one by one: a chart that asks for more counts as one that reads the list. */
const MAX_NAMES = 100;
const MAX_NAME_CHARS = 256;

/** `v1`, `apps/v1`, `apps/v1/Deployment`: no cluster has any other. */
const NAME = /^[a-z0-9]([a-z0-9.-]*[a-z0-9])?(\/[a-z0-9]+)?(\/[a-zA-Z0-9]+)?$/;

/** Takes note of what the templates of one rendering ask of the cluster. */
export class ClusterQuestions {
  readonly #names = new Set<string>();
  #kubeVersion = false;
  #list = false;

  askedForKubeVersion(): void {
    this.#kubeVersion = true;
  }

  askedForName(name: string): void {
    if (this.#list || this.#names.has(name) || name.length > MAX_NAME_CHARS || !NAME.test(name)) return;
    if (this.#names.size === MAX_NAMES) this.askedForList();
    else this.#names.add(name);
  }

  askedForList(): void {
    this.#list = true;
    this.#names.clear();
  }

  /** Everything that was asked; undefined if nothing was. */
  all(): AskedOfCluster | undefined {
    if (!this.#kubeVersion && !this.#list && this.#names.size === 0) return undefined;
    return { kubeVersion: this.#kubeVersion, names: [...this.#names].sort(), list: this.#list };
  }
}
