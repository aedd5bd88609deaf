import type { Release } from '../../crds/index.ts';
import { isAllowed, rulesFor, type KubeClient, type Rules } from '../../kube/index.ts';
import { ReleaseError } from '../pass/errors.ts';
import { describeNeeds, manifestFor } from './grant.ts';
import type { Need } from './needs.ts';

/**
 * Throws ReleaseError Forbidden that names all that the Release's service account lacks of what is needed, and the role that would
 * grant it. One request where nothing is lacking; none where nothing is needed. Throws KubeError.
 */
export async function checkPermissions(tenant: KubeClient, release: Release, needs: readonly Need[]): Promise<void> {
  if (needs.length === 0) return;
  const { name, namespace } = release.metadata;
  const { serviceAccountName: serviceAccount } = release.spec;
  const gaps = gapsIn(await rulesFor(tenant, namespace), distinct(needs));
  const lacking = gaps.complete ? gaps.needs : await confirmed(tenant, namespace, gaps.needs);
  if (lacking.length === 0) return;
  const account = `service account "${serviceAccount}" in namespace "${namespace}"`;
  const manifest = manifestFor(lacking, { release: name, namespace, serviceAccount });
  const message = `${account} may not: ${describeNeeds(lacking, namespace)}. This grants it:\n${manifest}`;
  throw new ReleaseError('Forbidden', message);
}

function gapsIn(rules: Rules, needs: readonly Need[]): { needs: Need[]; complete: boolean } {
  const lacking = needs.map((need) => {
    const { verbs, group, resource, name } = need;
    return { ...need, verbs: verbs.filter((verb) => !rules.allows(verb, group, resource, name)) };
  });
  return { needs: lacking.filter(({ verbs }) => verbs.length > 0), complete: rules.complete };
}

/** Where an authorizer cannot list its rules (that of nodes never can), each verb is asked for. */
async function confirmed(tenant: KubeClient, namespace: string, needs: readonly Need[]): Promise<Need[]> {
  const lacking = needs.map(async (need) => {
    const { group, resource, name, scope } = need;
    const place = { group, resource, name, ...(scope === 'namespace' ? { namespace } : {}) };
    const answers = await Promise.all(need.verbs.map((verb) => isAllowed(tenant, { verb, ...place })));
    return { ...need, verbs: need.verbs.filter((_verb, index) => answers[index] === false) };
  });
  return (await Promise.all(lacking)).filter(({ verbs }) => verbs.length > 0);
}

/** Each kind, and each named object, once, with all the verbs that are needed on it. */
function distinct(needs: readonly Need[]): Need[] {
  const alike = Map.groupBy(needs, ({ group, resource, name, scope }) =>
    JSON.stringify([group, resource, name, scope]),
  );
  return [...alike.values()].flatMap((some) => {
    const [first] = some;
    return first ? [{ ...first, verbs: [...new Set(some.flatMap(({ verbs }) => verbs))] }] : [];
  });
}
