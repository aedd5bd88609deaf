import { isIP } from 'node:net';
import { FIELD_MANAGER } from '../../crds/index.ts';
import type { KubeClient } from '../../kube/index.ts';
import type { KubeObject } from '../../resources/index.ts';
import { ENDPOINT_SLICES } from '../pass/resources.ts';

/** The Service through which senders reach the webhook, and where this process is reached. */
export interface WebhookService {
  namespace: string;
  name: string;
  /** Of this pod. */
  address: string;
  port: number;
}

/**
 * Points a Service without a selector at this pod and no other: of several replicas only the leader can take a notification, and few
 * senders try again. Throws KubeError.
 */
export async function pointServiceAtThisPod(client: KubeClient, service: WebhookService): Promise<void> {
  const { namespace, name, address, port } = service;
  const labels = { 'kubernetes.io/service-name': name, 'endpointslice.kubernetes.io/managed-by': FIELD_MANAGER };
  const slice: KubeObject = {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: { namespace, name, labels },
    addressType: isIP(address) === 6 ? 'IPv6' : 'IPv4',
    endpoints: [{ addresses: [address], conditions: { ready: true } }],
    ports: [{ name: 'http', port, protocol: 'TCP' }],
  };
  await client.apply(ENDPOINT_SLICES, slice, { fieldManager: `${FIELD_MANAGER}-webhook`, force: true });
}
