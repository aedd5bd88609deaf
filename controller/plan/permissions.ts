import { isAllowed, resourceName, rulesFor, type ApiResource, type KubeClient } from '../../kube/index.ts';
import type { Pass } from '../pass/context.ts';
import { ReleaseError } from '../pass/errors.ts';

const NEEDED_VERBS = ['watch', 'create', 'patch', 'delete'];

/** A verb that the rules do not show, on a resource. */
interface Gap {
  verb: string;
  resource: ApiResource;
}

/**
 * Throws ReleaseError Forbidden naming every verb, resource and namespace that the service account lacks, all at once and
 * before anything is written. One request where nothing is lacking.
 */
export async function checkPermissions({ tenant, release }: Pass, resources: ApiResource[]): Promise<void> {
  if (resources.length === 0) return;
  const { namespace } = release.metadata;
  const rules = await rulesFor(tenant, namespace);
  const gaps = distinct(resources).flatMap((resource) =>
    NEEDED_VERBS.filter((verb) => !rules.allows(verb, resource.group, resource.plural)).map((verb) => ({
      verb,
      resource,
    })),
  );
  // Where an authorizer cannot list its rules (that of nodes never can), each gap is asked for.
  const lacking = rules.complete ? gaps : await confirmed(tenant, namespace, gaps);
  if (lacking.length === 0) return;
  const account = `service account "${release.spec.serviceAccountName}" in namespace "${namespace}"`;
  const message = `${account} may not: ${describe(lacking, namespace)}. Grant it with a Role and a RoleBinding`;
  throw new ReleaseError('Forbidden', message);
}

async function confirmed(tenant: KubeClient, namespace: string, gaps: Gap[]): Promise<Gap[]> {
  const answers = await Promise.all(
    gaps.map(({ verb, resource: { group, plural, namespaced } }) =>
      isAllowed(tenant, { verb, group, resource: plural, ...(namespaced ? { namespace } : {}) }),
    ),
  );
  return gaps.filter((_gap, index) => !answers[index]);
}

function describe(gaps: Gap[], namespace: string): string {
  const verbs = new Map<string, string[]>();
  for (const { verb, resource } of gaps) {
    const scope = resource.namespaced ? `in namespace "${namespace}"` : 'at cluster scope';
    const place = `${resourceName(resource)} ${scope}`;
    verbs.set(place, [...(verbs.get(place) ?? []), verb]);
  }
  return [...verbs].map(([place, names]) => `${names.join(', ')} on ${place}`).join('; ');
}

function distinct(resources: ApiResource[]): ApiResource[] {
  return [...new Map(resources.map((resource) => [resourceName(resource), resource])).values()];
}
