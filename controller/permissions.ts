import { resourceName, rulesFor, type ApiResource } from '../kube/index.ts';
import type { Pass } from './context.ts';
import { ReleaseError } from './errors.ts';

const NEEDED_VERBS = ['watch', 'create', 'patch', 'delete'];

/**
 * Throws ReleaseError Forbidden naming every verb, resource and namespace that the service account lacks, all at once and
 * before anything is written. Where the API server cannot list the rules, the writes themselves will tell.
 */
export async function checkPermissions({ tenant, release }: Pass, resources: ApiResource[]): Promise<void> {
  if (resources.length === 0) return;
  const { namespace } = release.metadata;
  const rules = await rulesFor(tenant, namespace);
  if (!rules.complete) return;
  const lacking = resources.flatMap((resource) => {
    const verbs = NEEDED_VERBS.filter((verb) => !rules.allows(verb, resource.group, resource.plural));
    const scope = resource.namespaced ? `in namespace "${namespace}"` : 'at cluster scope';
    return verbs.length === 0 ? [] : [`${verbs.join(', ')} on ${resourceName(resource)} ${scope}`];
  });
  if (lacking.length === 0) return;
  const account = `service account "${release.spec.serviceAccountName}" in namespace "${namespace}"`;
  const message = `${account} may not: ${lacking.join('; ')}. Grant it with a Role and a RoleBinding`;
  throw new ReleaseError('Forbidden', message);
}
