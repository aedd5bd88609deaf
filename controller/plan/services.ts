import type { Release } from '../../crds/index.ts';
import type { Discovery, Informer, KubeClient } from '../../kube/index.ts';
import type { KubeObject } from '../../resources/index.ts';
import type { Children } from '../watches/children.ts';
import type { LastApplies } from './last-applies.ts';
import type { Comparisons } from './comparisons.ts';
import type { Repairs } from './repairs.ts';

/** What it takes to find out what the cluster serves and allows, and what a Release is a child of. */
export interface DesiredServices {
  discovery: Pick<Discovery, 'resourceFor'>;
  namespaces: Pick<Informer<KubeObject>, 'get'>;
  releases: Pick<Informer<Release>, 'get'>;
}

/** What it takes to find out whether the account of a Release exists. */
export interface AccountServices {
  /** The controller's own identity. */
  client: KubeClient;
  accounts: Informer<KubeObject>;
  namespaces: Pick<Informer<KubeObject>, 'get'>;
}

/** What it takes to find out what has to be done. It holds nothing that must survive a restart. */
export interface PlanServices extends DesiredServices {
  discovery: Discovery;
  children: Children;
  comparisons: Comparisons;
  lastApplies: LastApplies;
  repairs: Repairs;
}
