import type { Release } from '../../../crds/index.ts';
import { isAllowed, rulesFor, type KubeClient, type Rules } from '../../../kube/index.ts';
import { ReleaseError } from '../../pass/failures/errors.ts';
import { describeNeeds, manifestFor } from './grant.ts';
import type { Need } from './needs.ts';

/**
 * Those of `needs` that a service account lacks. If nothing is lacking, this takes one request for each namespace that something is needed
 * in, and one for what is needed in the whole cluster. Throws KubeError.
 */
export async function lackingPermissions(tenant: KubeClient, needs: readonly Need[]): Promise<Need[]> {
  const places = [...Map.groupBy(distinct(needs), (need) => need.namespace)];
  return (await Promise.all(places.map(([place, some]) => lackingIn(tenant, place, some)))).flat();
}

/**
 * Throws ReleaseError Forbidden if the Release's service account lacks any of `needs`. The message names all that it lacks, with the
 * caller's remark, and the roles that would grant it. Asks as `lackingPermissions` does. Throws KubeError.
 */
export async function checkPermissions(
  tenant: KubeClient,
  release: Release,
  needs: readonly Need[],
  remark = '',
): Promise<void> {
  const { name, namespace } = release.metadata;
  const { serviceAccountName: serviceAccount } = release.spec;
  const lacking = await lackingPermissions(tenant, needs);
  if (lacking.length === 0) return;
  const account = `service account "${serviceAccount}" in namespace "${namespace}"`;
  const manifest = manifestFor(lacking, { release: name, namespace, serviceAccount });
  const message = `${account} may not: ${describeNeeds(lacking)}${remark}. This grants it:\n${manifest}`;
  throw new ReleaseError('Forbidden', message);
}

/** If an authorizer cannot list its rules (the one for nodes never can), each verb that seems to be lacking is asked for. */
async function lackingIn(tenant: KubeClient, namespace: string | undefined, needs: readonly Need[]): Promise<Need[]> {
  const rules = await rulesFor(tenant, namespace);
  const gaps = gapsIn(rules, needs);
  return rules.complete ? gaps : confirmed(tenant, gaps);
}

function gapsIn(rules: Rules, needs: readonly Need[]): Need[] {
  const lacking = needs.map((need) => {
    const { verbs, group, resource, name } = need;
    return { ...need, verbs: verbs.filter((verb) => !rules.allows(verb, group, resource, name)) };
  });
  return lacking.filter(({ verbs }) => verbs.length > 0);
}

async function confirmed(tenant: KubeClient, needs: readonly Need[]): Promise<Need[]> {
  const lacking = needs.map(async (need) => {
    const { group, resource, name, namespace } = need;
    const place = { group, resource, name, namespace };
    const answers = await Promise.all(need.verbs.map((verb) => isAllowed(tenant, { verb, ...place })));
    return { ...need, verbs: need.verbs.filter((_verb, index) => answers[index] === false) };
  });
  return (await Promise.all(lacking)).filter(({ verbs }) => verbs.length > 0);
}

/** Each kind, and each named object, once, with all the verbs that are needed on it. */
function distinct(needs: readonly Need[]): Need[] {
  const alike = Map.groupBy(needs, ({ group, resource, name, namespace }) =>
    JSON.stringify([group, resource, name, namespace]),
  );
  return [...alike.values()].flatMap((some) => {
    const [first] = some;
    return first ? [{ ...first, verbs: [...new Set(some.flatMap(({ verbs }) => verbs))] }] : [];
  });
}
