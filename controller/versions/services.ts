import type { Sandbox } from '../../chart-renderer/index.ts';
import type { ReleaseHistory } from '../../crds/index.ts';
import type { EventRecorder, Informer } from '../../kube/index.ts';
import type { Charts } from '../charts/charts.ts';
import type { KnownVersions } from '../history/known-versions.ts';
import type { Records } from '../history/records.ts';
import type { KnownSecrets } from '../masking/known-secrets.ts';
import type { Attempts } from '../pass/failures/attempts.ts';
import type { KnownInputs } from './inputs/known-inputs.ts';
import type { PlanServices } from '../plan/services.ts';

/** What it takes to choose and to record versions. */
export interface VersionServices extends PlanServices {
  histories: Informer<ReleaseHistory>;
  versions: KnownVersions;
  charts: Charts;
  sandbox: Sandbox;
  records: Records;
  inputs: KnownInputs;
  attempts: Attempts;
  secrets: KnownSecrets;
  events: EventRecorder;
}
