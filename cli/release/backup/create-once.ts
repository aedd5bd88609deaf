import { isKubeError, type ApiResource } from '../../../kube/index.ts';
import { canonicalJson, type KubeObject } from '../../../resources/index.ts';
import type { Cluster } from '../../cluster.ts';
import { CliError } from '../../errors.ts';

/** An object as it is stored, and whether it is new. */
export interface Stored {
  readonly object: KubeObject;
  readonly isNew: boolean;
}

/**
 * Creates an object. One that exists already is left if it is the same, as after a command that was cut short. Throws CliError NotReady if
 * it differs, KubeError.
 */
export async function createOnce({ client }: Cluster, resource: ApiResource, object: KubeObject): Promise<Stored> {
  try {
    return { object: await client.create(resource, object, { fieldManager: 'kubectl-release' }), isNew: true };
  } catch (error) {
    if (!isKubeError(error, 'AlreadyExists')) throw error;
    const { namespace, name } = object.metadata;
    const stored = await client.get<KubeObject>(resource, namespace, name);
    const isSame = ['spec', 'data', 'type'].every((part) => sameJson(stored[part], object[part]));
    if (!isSame)
      throw new CliError('NotReady', `${object.kind}/${name} exists and differs: delete it first`, { cause: error });
    return { object: stored, isNew: false };
  }
}

function sameJson(one: unknown, other: unknown): boolean {
  return canonicalJson(one ?? null) === canonicalJson(other ?? null);
}
