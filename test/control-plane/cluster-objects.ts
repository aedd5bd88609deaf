import { callApi } from './api.ts';
import type { ApiAccess } from './api.ts';
import { ControlPlaneError } from './errors.ts';

/** Creates `count` empty nodes, which kwok then makes Ready, and the default storage class that kwok's volume stages serve. */
export async function createNodes(api: ApiAccess, count: number): Promise<void> {
  const nodes = Array.from({ length: count }, (_, index) => nodeNamed(`node-${index}`));
  await Promise.all([
    ...nodes.map((node) => create(api, '/api/v1/nodes', node)),
    create(api, '/apis/storage.k8s.io/v1/storageclasses', STORAGE_CLASS),
  ]);
}

async function create(api: ApiAccess, path: string, object: object): Promise<void> {
  const answer = await callApi(api, 'POST', path, object);
  if (answer.status === 201) return;
  throw new ControlPlaneError('StartFailed', `creating ${path} was refused: ${JSON.stringify(answer.body)}`);
}

function nodeNamed(name: string): object {
  const capacity = { cpu: '1000', memory: '4Ti', pods: '10000', 'ephemeral-storage': '10Ti' };
  const labels = { 'kubernetes.io/hostname': name, 'kubernetes.io/os': 'linux', 'kubernetes.io/arch': 'amd64' };
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name, labels, annotations: { 'kwok.x-k8s.io/node': 'fake' } },
    status: { capacity, allocatable: capacity },
  };
}

const STORAGE_CLASS = {
  apiVersion: 'storage.k8s.io/v1',
  kind: 'StorageClass',
  metadata: { name: 'kwok-volume', annotations: { 'storageclass.kubernetes.io/is-default-class': 'true' } },
  provisioner: 'kwok.x-k8s.io/volume',
  reclaimPolicy: 'Delete',
  volumeBindingMode: 'Immediate',
};
