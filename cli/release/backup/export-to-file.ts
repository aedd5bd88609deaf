import { RELEASE_LABEL, CHUNK_SECRET_TYPE } from '../../../crds/index.ts';
import type { KubeObject } from '../../../resources/index.ts';
import { RELEASES, type Cluster, SECRETS } from '../../cluster.ts';
import { CliError } from '../../errors.ts';
import { readHistories } from '../../../client/releases/index.ts';
import { chunksOf, exportedObjects } from './exported-objects.ts';

/** A Release with its versions, as a List. Throws CliError Unreadable if a version lacks a chunk; KubeError. */
export async function exportedRelease({ client, namespace }: Cluster, name: string): Promise<object> {
  const release = await client.get<KubeObject>(RELEASES, namespace, name);
  const histories = (await readHistories({ client, namespace }, name)).toReversed();
  const selection = { labelSelector: `${RELEASE_LABEL}=${name}`, fieldSelector: `type=${CHUNK_SECRET_TYPE}` };
  const stored = new Map(
    (await client.list<KubeObject>(SECRETS, namespace, selection)).map((secret) => [secret.metadata.name, secret]),
  );
  const chunks = [...new Set(histories.flatMap(chunksOf))].map((chunk) => {
    const secret = stored.get(chunk);
    if (!secret) throw new CliError('Unreadable', `Secret ${chunk}, in which a version is recorded, is gone`);
    return { ...secret, apiVersion: 'v1', kind: 'Secret' };
  });
  const versions = histories.map((history) => history as unknown as KubeObject);
  return { apiVersion: 'v1', kind: 'List', items: exportedObjects(release, versions, chunks) };
}
