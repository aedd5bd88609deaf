import type { KubeClient } from '../client.ts';
import { isKubeError } from '../errors.ts';

const PATH = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';
const NAMES_ONLY = 'application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1';

/**
 * Whether a CustomResourceDefinition declares the kind, served or not; also true where definitions may not be read, since nothing is
 * known then. Throws KubeError.
 */
export async function isDefined(client: KubeClient, group: string, kind: string): Promise<boolean> {
  try {
    const list = (await client.raw('GET', PATH, { accept: NAMES_ONLY })) as {
      items?: { metadata: { name: string } }[];
    };
    for (const { metadata } of list.items ?? []) {
      if (metadata.name.endsWith(`.${group}`) && (await kindOf(client, metadata.name)) === kind) return true;
    }
    return false;
  } catch (error) {
    if (isKubeError(error, 'Forbidden')) return true;
    throw error;
  }
}

async function kindOf(client: KubeClient, name: string): Promise<string | undefined> {
  try {
    const definition = (await client.raw('GET', `${PATH}/${name}`)) as { spec?: { names?: { kind?: string } } };
    return definition.spec?.names?.kind;
  } catch (error) {
    if (isKubeError(error, 'NotFound')) return undefined;
    throw error;
  }
}
