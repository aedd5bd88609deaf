import type { Writes } from '../pass/writes.ts';
import type { StatusServices } from '../status/services.ts';
import type { VersionServices } from '../versions/services.ts';

/** What it takes to bring the cluster to a version. */
export interface DeployServices extends VersionServices, StatusServices {
  writes: Writes;
}

/** What it takes to carry out a plan. */
export type ApplyServices = Pick<DeployServices, 'writes' | 'children' | 'lastApplies' | 'comparisons' | 'events'>;
