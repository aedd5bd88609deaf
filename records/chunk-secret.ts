import { CHUNK_SECRET_TYPE, RELEASE_LABEL } from '../crds/index.ts';
import type { KubeObject } from '../resources/index.ts';
import type { Chunk } from './record.ts';

/** The name of the Secret that holds a chunk of a Release: equal chunks of its versions have the same. */
export function chunkName(release: string, { digest }: Pick<Chunk, 'digest'>): string {
  return `${release}-${digest.slice('sha256:'.length, 'sha256:'.length + 16)}`;
}

/** The Secret that holds a chunk of a version of a Release; without an owner. */
export function chunkSecret(release: string, namespace: string, chunk: Chunk): KubeObject {
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: {
      name: chunkName(release, chunk),
      namespace,
      labels: { [RELEASE_LABEL]: release },
    },
    type: CHUNK_SECRET_TYPE,
    immutable: true,
    data: { chunk: chunk.bytes.toString('base64') },
  };
}
