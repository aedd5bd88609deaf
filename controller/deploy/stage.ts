import type { ReleaseHistory } from '../../crds/index.ts';
import type { Failure } from '../pass/failures/failures.ts';
import type { Observed } from '../pass/observed.ts';
import type { DeployServices } from './services.ts';
import type { DesiredObject } from '../plan/desired.ts';
import type { Beside } from './colours/colours.ts';
import type { Drifted } from '../plan/drift.ts';
import type { Scope } from '../plan/scope.ts';
import type { Contest } from '../../resources/index.ts';
import type { Progress, Waiting } from '../status/progress.ts';
import type { Checkpoint } from './checkpoint.ts';
import type { DeployTarget } from './target.ts';

/** What a stage of a deploy is given. */
export interface StageInput {
  services: DeployServices;
  observed: Observed;
  target: DeployTarget;
  scope: Scope;
  progress: Progress;
  checkpoint: Checkpoint;
  /** The state in which the version comes up beside the one in force; undefined where it does not, or not any more. */
  beside?: Beside | undefined;
  /** The objects of the colour that is left at the cut; those of the target include them. */
  standby: readonly DesiredObject[];
  /** What has to be Green before the cut. */
  awaited: readonly DesiredObject[];
}

/** How far a stage got. */
export interface StageResult {
  progress: Progress;
  /** Whether the next stage may begin. */
  isOver: boolean;
  failure?: Failure | undefined;
  /** What it is waiting for, and the health of that. */
  waiting?: Waiting | undefined;
  /** The corrections that somebody else undoes each time. */
  contests?: Contest[] | undefined;
  /** What differs from the version and is left as it is; undefined if that was not looked for. */
  drift?: readonly Drifted[] | undefined;
  /** The versions that are still recorded after those beyond the limit were deleted. */
  remainingHistories?: readonly ReleaseHistory[] | undefined;
  /** Milliseconds until something is due that no event announces. */
  retryInMs?: number | undefined;
}
