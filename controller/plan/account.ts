import type { Release } from '../../crds/index.ts';
import { isKubeError } from '../../kube/index.ts';
import type { AccountServices } from './services.ts';
import { ReleaseError } from '../pass/failures/errors.ts';
import { SERVICE_ACCOUNTS } from '../pass/resources.ts';

/** How late an account may be: Kubernetes creates that of a new namespace a moment after the namespace. */
const ARRIVAL_MS = 10_000;

/**
 * Throws ReleaseError ServiceAccountNotFound if the account that a Release acts as does not exist; KubeError. Asks the API server only if
 * the cache does not have the account.
 */
export async function requireAccount(services: AccountServices, release: Release): Promise<void> {
  if (hasUsableAccount(services, release)) return;
  const { metadata, spec, status } = release;
  const { namespace, creationTimestamp, deletionTimestamp } = metadata;
  const { serviceAccountName: name } = spec;
  try {
    services.accounts.store(await services.client.get(SERVICE_ACCOUNTS, namespace, name));
  } catch (cause) {
    if (!isKubeError(cause, 'NotFound')) throw cause;
    const isNew = status?.version === undefined && Date.now() - Date.parse(creationTimestamp) < ARRIVAL_MS;
    const orElse = deletionTimestamp === undefined ? '' : ', or abandon the children by removing the finalizers';
    const message = `service account "${name}" of spec.serviceAccountName does not exist in namespace "${namespace}", so nothing can be done on its behalf: create it, or name another${orElse}`;
    throw new ReleaseError('ServiceAccountNotFound', message, { cause, retry: isNew ? 'soon' : 'later' });
  }
}

/**
 * Whether a Release can act as its account: it exists, or the Release is being deleted together with its namespace. What is left to delete
 * of a namespace outlives its accounts.
 */
export function hasUsableAccount(
  { accounts, namespaces }: Pick<AccountServices, 'accounts' | 'namespaces'>,
  { metadata, spec }: Release,
): boolean {
  const { namespace, deletionTimestamp } = metadata;
  if (accounts.get(namespace, spec.serviceAccountName)) return true;
  return deletionTimestamp !== undefined && isTerminating(namespaces, namespace);
}

/** Whether a namespace is being deleted. */
export function isTerminating(namespaces: AccountServices['namespaces'], namespace: string): boolean {
  return namespaces.get(undefined, namespace)?.metadata.deletionTimestamp !== undefined;
}
