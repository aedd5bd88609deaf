import type { Informer } from '../../kube/index.ts';
import type { KubeObject } from '../../resources/index.ts';
import type { Log } from '../pass/log.ts';
import type { VersionServices } from '../versions/services.ts';
import type { FinishedPreviews, UnansweredPreviews } from './lifetime.ts';

/** What it takes to find out what a change would do. */
export interface PreviewServices extends VersionServices {
  /** The identities of all ReleasePreviews: each is read whole when it is worked on. */
  previews: Informer<KubeObject>;
  finishedPreviews: FinishedPreviews;
  unansweredPreviews: UnansweredPreviews;
  log: Log;
}
