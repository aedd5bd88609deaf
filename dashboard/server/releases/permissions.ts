import { API_GROUP } from '../../../crds/index.ts';
import { rulesFor, type KubeClient, type Rules } from '../../../kube/index.ts';
import type { Permissions } from '../../api/index.ts';

/**
 * What the client's user may do with a Release of a namespace or, without `name`, with every one; one request. Throws KubeError.
 */
export async function permissionsOf(
  client: KubeClient,
  namespace: string,
  name: string | undefined,
): Promise<Permissions> {
  return permissionsBy(await rulesFor(client, namespace), namespace, name);
}

/** What the rules of a namespace allow with a Release or, without `name`, with every one. */
export function permissionsBy({ complete, allows }: Rules, namespace: string, name: string | undefined): Permissions {
  const mayDo = (verb: string): boolean => ['get', verb].every((each) => allows(each, API_GROUP, 'releases', name));
  const patches = mayDo('patch');
  const mayRead = (group: string, resource: string): boolean =>
    allows('get', group, resource) || allows('list', group, resource);
  const verbs = ['create', 'watch', 'delete'];
  return {
    namespace,
    complete,
    actions: {
      rollback: patches,
      approve: patches,
      suspend: patches,
      resume: patches,
      reconcile: patches,
      edit: mayDo('update'),
      delete: mayDo('delete'),
      install: allows('create', API_GROUP, 'releases'),
    },
    readsSecrets: allows('get', '', 'secrets'),
    readsHistory: mayRead(API_GROUP, 'releasehistories'),
    readsLogs: allows('get', '', 'pods/log'),
    readsEvents: allows('watch', '', 'events'),
    readsPods: allows('watch', '', 'pods'),
    previews: verbs.every((verb) => allows(verb, API_GROUP, 'releasepreviews')),
  };
}
