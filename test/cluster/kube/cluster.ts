import { afterAll, beforeAll } from '@jest/globals';
import { randomBytes } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';

import { connect, isKubeError } from '../../../kube/index.ts';
import type { ApiResource, ConnectOptions, KubeClient, KubeError } from '../../../kube/index.ts';
import type { KubeObject } from '../../../resources/index.ts';
import { startControlPlane } from '../../control-plane/index.ts';

/** Where a test file's control plane is; set before its first test. */
export interface Cluster {
  kubeconfig: string;
  client: KubeClient;
  auditLog: string;
}

/** A core resource, for tests that need no discovery. */
export const core = (plural: string, kind: string, namespaced = true): ApiResource => ({
  group: '',
  version: 'v1',
  kind,
  plural,
  namespaced,
  verbs: [],
});

export const configMaps = core('configmaps', 'ConfigMap');
export const secrets = core('secrets', 'Secret');
export const namespaces = core('namespaces', 'Namespace', false);

/** Starts a control plane for the test file and a client for it. */
export function useCluster(options: ConnectOptions = {}): Cluster {
  const cluster = {} as Cluster;
  let stop: () => Promise<void>;
  beforeAll(async () => {
    const controlPlane = await startControlPlane({ nodes: 1 });
    stop = () => controlPlane.stop();
    const { kubeconfig, auditLog } = controlPlane;
    Object.assign(cluster, { kubeconfig, auditLog, client: await connect({ ...options, kubeconfig }) });
  }, 1_200_000);
  afterAll(async () => {
    await cluster.client?.close();
    await stop?.();
  });
  return cluster;
}

/** Creates a namespace of a new name. */
export async function createNamespace({ client }: Cluster): Promise<string> {
  const name = `kube-${randomBytes(4).toString('hex')}`;
  await client.create(namespaces, { apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
  return name;
}

/** A ConfigMap to be written. */
export function configMap(namespace: string, name: string, data: Record<string, string> = {}): KubeObject {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace }, data };
}

/** The KubeError that a request ends with; throws where it ends otherwise. */
export async function errorOf(promise: Promise<unknown>): Promise<KubeError> {
  const error: unknown = await promise.then(
    () => new Error('was not refused'),
    (reason: unknown) => reason,
  );
  if (isKubeError(error)) return error;
  throw error;
}

/** A pause that is over with the turn of the event loop, and for how long each should have been, in milliseconds. */
export function notedPauses(): { pauses: number[]; pause: (ms: number) => Promise<void> } {
  const pauses: number[] = [];
  const pause = async (ms: number): Promise<void> => {
    pauses.push(ms);
    await setImmediate();
  };
  return { pauses, pause };
}
