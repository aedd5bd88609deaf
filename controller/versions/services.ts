import type { Sandbox } from '../../chart-renderer/index.ts';
import type { Reason, Release, ReleaseHistory } from '../../crds/index.ts';
import type { EventRecorder, FollowedOffer, Informer } from '../../kube/index.ts';
import type { KubeObject } from '../../resources/index.ts';
import type { Charts } from '../charts/charts.ts';
import type { KnownVersions } from '../history/known-versions.ts';
import type { Records } from '../history/records.ts';
import type { KnownSecrets } from '../masking/known-secrets.ts';
import type { Attempts } from '../pass/failures/attempts.ts';
import type { KnownAnswers } from './cluster/known-answers.ts';
import type { ReleaseOrder } from './order/release-order.ts';
import type { KnownInputs } from './inputs/known-inputs.ts';
import type { WorkingMemory } from '../pass/memory/working-memory.ts';
import type { RecentGrants } from '../plan/permissions/recent-grants.ts';
import type { AccountServices, DesiredServices, PlanServices } from '../plan/services.ts';

/** What it takes to choose and to record versions. */
export interface VersionServices extends PlanServices, AccountServices {
  releases: Informer<Release>;
  namespaces: Pick<Informer<KubeObject>, 'get'>;
  histories: Informer<ReleaseHistory>;
  versions: KnownVersions;
  charts: Charts;
  sandbox: Sandbox;
  records: Records;
  memory: WorkingMemory;
  inputs: KnownInputs;
  answers: KnownAnswers;
  offered: Pick<FollowedOffer, 'settled'>;
  attempts: Attempts;
  grants: RecentGrants;
  secrets: KnownSecrets;
  order: ReleaseOrder;
  events: EventRecorder<Reason>;
}

/** What it takes to read a recorded version, and to have its secrets masked from then on. */
export type RecordServices = Pick<VersionServices, 'records' | 'secrets'>;

/** What it takes to make a recorded version a target. */
export type TargetServices = RecordServices & DesiredServices;

/** What it takes to render what a spec asks for. */
export type RenderServices = RecordServices & Pick<VersionServices, 'charts' | 'memory' | 'sandbox' | 'discovery'>;

/** What it takes to find out, by rendering, which permissions a version needs. */
export type NeedsServices = DesiredServices & Pick<VersionServices, 'charts' | 'discovery' | 'memory' | 'sandbox'>;
