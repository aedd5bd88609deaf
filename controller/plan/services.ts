import type { Release } from '../../crds/index.ts';
import type { Discovery, Informer, KubeClient } from '../../kube/index.ts';
import type { KubeObject } from '../../resources/index.ts';
import type { Children } from '../watches/children.ts';
import type { Applies } from './applies.ts';
import type { Comparisons } from './comparisons.ts';
import type { Repairs } from './repairs.ts';

/** What it takes to find out what is to be done; nothing in it is a truth that a restart could lose. */
export interface PlanServices {
  /** The controller's own identity. */
  client: KubeClient;
  discovery: Discovery;
  releases: Informer<Release>;
  namespaces: Informer<KubeObject>;
  accounts: Informer<KubeObject>;
  children: Children;
  comparisons: Comparisons;
  applies: Applies;
  repairs: Repairs;
}
