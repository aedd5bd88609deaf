import { API_GROUP } from '../../../crds/index.ts';
import { rulesFor, type KubeClient } from '../../../kube/index.ts';
import type { Permissions } from '../../api/index.ts';

/** What the client's user may do with the Releases of a namespace; one request. Throws KubeError. */
export async function permissionsOf(client: KubeClient, namespace: string): Promise<Permissions> {
  const { complete, allows } = await rulesFor(client, namespace);
  const mayDo = (verb: string): boolean => allows('get', API_GROUP, 'releases') && allows(verb, API_GROUP, 'releases');
  const patches = mayDo('patch');
  const mayRead = (group: string, resource: string): boolean =>
    allows('get', group, resource) || allows('list', group, resource);
  const verbs = ['create', 'watch', 'delete'];
  return {
    namespace,
    complete,
    deeds: {
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
