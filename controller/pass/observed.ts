import type { Release, ReleaseHistory } from '../../crds/index.ts';
import type { KubeClient } from '../../kube/index.ts';
import type { VerificationPolicy } from '../../registry-client/index.ts';

/** A Release as it was last read or written, and who acts for it; what writes it returns another one. */
export interface Observed {
  readonly key: string;
  readonly user: string;
  /** Acts as the Release's service account. */
  readonly tenant: KubeClient;
  readonly release: Release;
  /** Its versions, oldest first. */
  readonly histories: readonly ReleaseHistory[];
  /** Whose signature the chart must have, once the keys were read. */
  readonly verify?: VerificationPolicy | undefined;
}
