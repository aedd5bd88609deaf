import { RELEASE_LABEL } from '../../crds/index.ts';
import type { Release, ReleaseHistory } from '../../crds/index.ts';
import { HISTORIES, type Cluster } from './cluster.ts';
import { ClientError } from '../messages/index.ts';

/** The ReleaseHistories of a Release, newest first. */
export async function readHistories({ client, namespace }: Cluster, release: string): Promise<ReleaseHistory[]> {
  const objects = await client.list(HISTORIES, namespace, { labelSelector: `${RELEASE_LABEL}=${release}` });
  const histories = objects as unknown as ReleaseHistory[];
  return histories.toSorted((a, b) => b.spec.version - a.spec.version);
}

/** The version of a Release that is in force; throws ClientError NotFound where there is none yet. */
export function versionInForce({ metadata, status }: Release): number {
  if (status?.version !== undefined) return status.version;
  throw new ClientError('NotFound', `release "${metadata.name}" has no version in force yet`);
}
