import { randomBytes } from 'node:crypto';

import type { Kubectl } from './kubectl.ts';

/** What a tenant's `default` service account may do in its namespace; `edit` covers what most charts create. */
export type TenantRights = 'edit' | 'admin' | 'view' | 'none';

/** Creates a namespace with a new name, whose `default` service account has the given rights in it, and returns the name. */
export async function createTenant(kubectl: Kubectl, prefix = 'test', rights: TenantRights = 'admin'): Promise<string> {
  const name = `${prefix}-${randomBytes(4).toString('hex')}`;
  await kubectl('create', 'namespace', name);
  if (rights !== 'none') {
    const subject = `--serviceaccount=${name}:default`;
    await kubectl('create', 'rolebinding', 'coxswain', '--namespace', name, `--clusterrole=${rights}`, subject);
  }
  return name;
}
