import type { ApiResource, KubeClient } from '../../kube/index.ts';
import type { KubeObject } from '../../resources/index.ts';

/** Where `deploy/` installs the controller, and its names there. */
export const HOME = { namespace: 'coxswain-system', deployment: 'coxswain', lease: 'coxswain-controller' } as const;

const DEPLOYMENTS: ApiResource = {
  group: 'apps',
  version: 'v1',
  kind: 'Deployment',
  plural: 'deployments',
  namespaced: true,
  verbs: [],
};

type Deployment = KubeObject & {
  readonly spec?: { readonly template?: { readonly spec?: { readonly containers?: readonly { image?: string }[] } } };
};

/** The image of the controller, if it can be found out, or why not. Throws KubeError. */
export async function controllerImage(
  client: KubeClient,
): Promise<{ readonly isKnown: boolean; readonly text: string }> {
  const { isKubeError } = await import('../../kube/index.ts');
  const { namespace, deployment: name } = HOME;
  try {
    const { spec } = await client.get<Deployment>(DEPLOYMENTS, namespace, name);
    const image = spec?.template?.spec?.containers?.[0]?.image;
    return { isKnown: image !== undefined, text: image ?? `Deployment ${name} has no container` };
  } catch (error) {
    if (isKubeError(error, 'NotFound'))
      return { isKnown: false, text: `no Deployment ${name} in namespace ${namespace}` };
    if (isKubeError(error, 'Forbidden')) return { isKnown: false, text: `you may not see Deployment ${name}` };
    throw error;
  }
}
