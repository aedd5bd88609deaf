import type { Release } from '../../crds/index.ts';

/** Label on a Release by which those of several namespaces belong together. */
const TENANT_LABEL = 'coxswain.dev/tenant';

const ENVIRONMENTS =
  /^(?<tenant>.+)-(?<environment>dev|development|test|testing|qa|int|stage|staging|pre|preprod|prod|production)$/;

/** Whose a Release is: by its label, else by its namespace without the environment, which is told where the namespace names one. */
export function tenantOf({ metadata: { namespace, labels = {} } }: Pick<Release, 'metadata'>): {
  tenant: string;
  environment?: string;
} {
  const { tenant = namespace, environment } = ENVIRONMENTS.exec(namespace)?.groups ?? {};
  return { tenant: labels[TENANT_LABEL] ?? tenant, ...(environment !== undefined && { environment }) };
}
