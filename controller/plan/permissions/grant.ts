import { createHash } from 'node:crypto';
import type { Need } from './needs.ts';

const RBAC = 'rbac.authorization.k8s.io';

/** Who is to be granted something, and for which Release. The roles are named after that Release. */
export interface Grantee {
  release: string;
  namespace: string;
  serviceAccount: string;
}

/** What is needed, one line for each kind or object: `create, patch on deployments.apps in namespace "shop"`. */
export function describeNeeds(needs: readonly Need[]): string {
  const described = needs.map(({ verbs, group, resource, name, namespace }) => {
    const what = `${resource}${group === '' ? '' : `.${group}`}${name === undefined ? '' : ` "${name}"`}`;
    return `${verbs.join(', ')} on ${what} ${namespace === undefined ? 'at cluster scope' : `in namespace "${namespace}"`}`;
  });
  return described.join('; ');
}

/**
 * The roles and bindings that grant what is needed, as YAML for somebody to apply who may. Their names depend on what they grant, so that
 * applying others later does not take back what was granted before.
 */
export function manifestFor(needs: readonly Need[], grantee: Grantee): string {
  const places = Map.groupBy(needs, ({ namespace }) => namespace);
  return [...places].map(([namespace, some]) => roleFor(rulesFor(some), namespace, grantee)).join('---\n');
}

/** One rule for all kinds of a group, or all objects of a kind, that need the same verbs. */
function rulesFor(needs: readonly Need[]): string[] {
  const alike = Map.groupBy(needs, ({ group, verbs, name, resource }) =>
    JSON.stringify([group, verbs, name === undefined ? '' : resource]),
  );
  return [...alike.values()].map((some) => {
    const names = some.flatMap(({ name }) => name ?? []);
    const resources = [...new Set(some.map(({ resource }) => resource))];
    const { group = '', verbs = [] } = some[0] ?? {};
    const named = names.length > 0 ? `, resourceNames: ${listed(names)}` : '';
    return `  - {apiGroups: ${listed([group])}, resources: ${listed(resources)}${named}, verbs: ${listed(verbs)}}\n`;
  });
}

function roleFor(
  rules: readonly string[],
  place: string | undefined,
  { release, namespace, serviceAccount }: Grantee,
): string {
  const prefix = place === undefined ? 'Cluster' : '';
  const digest = createHash('sha256').update(rules.join('')).digest('hex').slice(0, 8);
  const name = place === namespace ? `${release}-${digest}` : `${namespace}-${release}-${digest}`;
  const metadata = `metadata: {name: ${quoted(name)}${place === undefined ? '' : `, namespace: ${quoted(place)}`}}\n`;
  return (
    `apiVersion: ${RBAC}/v1\nkind: ${prefix}Role\n${metadata}rules:\n${rules.join('')}---\n` +
    `apiVersion: ${RBAC}/v1\nkind: ${prefix}RoleBinding\n${metadata}` +
    `roleRef: {apiGroup: ${RBAC}, kind: ${prefix}Role, name: ${quoted(name)}}\n` +
    `subjects: [{kind: ServiceAccount, name: ${quoted(serviceAccount)}, namespace: ${quoted(namespace)}}]\n`
  );
}

function listed(texts: readonly string[]): string {
  return `[${texts.map(quoted).join(', ')}]`;
}

/** A plain word stands as it is; what YAML could take for something else is quoted. */
function quoted(text: string): string {
  return /^[a-z][a-z.-]*[a-z]$/.test(text) && !/^(?:null|true|false|yes|no|on|off)$/.test(text) ? text : `'${text}'`;
}
