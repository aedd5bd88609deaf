import type { HealthColour } from '../../crds/index.ts';

/** `GET /api/tenants`. */
export type Tenants = {
  tenants: TenantView[];
  /** What the viewer may not see, in words. */
  missing: string[];
};

/** The namespaces of a tenant, each an environment. */
export type TenantView = {
  name: string;
  namespaces: TenantNamespace[];
};

/** A namespace with what it uses of its quotas, and its Releases by colour. */
export type TenantNamespace = {
  name: string;
  environment?: string;
  quotas: { quota: string; resource: string; used: string; hard: string }[];
  releases: Record<HealthColour | 'Unknown', number>;
};
