import type { Release } from '../../crds/index.ts';
import type { Discovery, Informer, KubeClient } from '../../kube/index.ts';
import type { KubeObject } from '../../resources/index.ts';
import type { Children } from '../watches/children.ts';
import type { Applies } from './applies.ts';
import type { Comparisons } from './comparisons.ts';
import type { Repairs } from './repairs.ts';

/** By which it is found what the cluster serves and allows, and what a Release is a child of. */
export interface DesiredServices {
  discovery: Pick<Discovery, 'resourceFor'>;
  namespaces: Pick<Informer<KubeObject>, 'get'>;
  releases: Pick<Informer<Release>, 'get'>;
}

/** By which it is found whether the account of a Release exists. */
export interface AccountServices {
  /** The controller's own identity. */
  client: KubeClient;
  accounts: Informer<KubeObject>;
  namespaces: Pick<Informer<KubeObject>, 'get'>;
}

/** What it takes to find out what is to be done; nothing in it is a truth that a restart could lose. */
export interface PlanServices extends DesiredServices {
  discovery: Discovery;
  children: Children;
  comparisons: Comparisons;
  applies: Applies;
  repairs: Repairs;
}
