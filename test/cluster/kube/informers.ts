import { afterEach, beforeEach, expect } from '@jest/globals';

import { connect, startInformer } from '../../../kube/index.ts';
import type { Informer, InformerOptions, KubeClient, RequestRecord } from '../../../kube/index.ts';
import type { KubeObject } from '../../../resources/index.ts';
import { eventually } from '../../support/eventually.ts';
import { type Cluster, configMap, configMaps, createNamespace } from './cluster.ts';

/** Informers of the ConfigMaps in a namespace that is new for each test, and what they told and asked. */
export class Informers {
  readonly sent: RequestRecord[] = [];
  readonly errors: unknown[] = [];
  readonly told: string[] = [];
  namespace = '';
  readonly #cluster: Cluster;
  readonly #clients: KubeClient[] = [];
  readonly #started: Informer<KubeObject>[] = [];

  constructor(cluster: Cluster) {
    this.#cluster = cluster;
  }

  /** Begins a test. */
  async begin(): Promise<void> {
    this.namespace = await createNamespace(this.#cluster);
    for (const list of [this.sent, this.errors, this.told]) list.length = 0;
  }

  /** Stops and closes what the test began. */
  async end(): Promise<void> {
    for (const informer of this.#started.splice(0)) informer.stop();
    for (const client of this.#clients.splice(0)) await client.close();
  }

  connected = async (kubeconfig: string): Promise<KubeClient> => {
    const client = await connect({ kubeconfig, onRequest: (record) => this.sent.push(record) });
    this.#clients.push(client);
    return client;
  };

  follow = (client: KubeClient, options: Partial<InformerOptions<KubeObject>> = {}): Informer<KubeObject> => {
    const informer = startInformer<KubeObject>({
      client,
      resource: configMaps,
      namespace: this.namespace,
      fieldSelector: 'metadata.name!=kube-root-ca.crt',
      onChange: ({ type, object, echo }) => this.told.push(`${type} ${object.metadata.name}${echo ? ' (echo)' : ''}`),
      onError: (error) => this.errors.push(error),
      ...options,
    });
    this.#started.push(informer);
    return informer;
  };

  write = (name: string, data: Record<string, string> = {}): Promise<KubeObject> =>
    this.#cluster.client.apply(configMaps, configMap(this.namespace, name, data), {
      fieldManager: 'test',
      force: true,
    });

  codes = (): unknown[] => this.errors.map((error) => (error as { code?: unknown }).code);
}

/** Informers for the test file on its cluster. */
export function useInformers(cluster: Cluster): Informers {
  const informers = new Informers(cluster);
  beforeEach(() => informers.begin());
  afterEach(() => informers.end());
  return informers;
}

/** The names of what an informer holds. */
export const names = (informer: Informer<KubeObject>): string[] =>
  informer
    .list()
    .map((object) => object.metadata.name)
    .sort();

/** Waits until an informer holds just these names. */
export const expectNames = (informer: Informer<KubeObject>, ...expected: string[]): Promise<string[]> =>
  eventually(
    () => names(informer),
    (found) => expect(found).toEqual(expected),
    { intervalMs: 20 },
  );
