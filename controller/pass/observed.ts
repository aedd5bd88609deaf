import type { Release, ReleaseHistory } from '../../crds/index.ts';
import type { KubeClient } from '../../kube/index.ts';
import type { VerificationPolicy } from '../../registry-client/index.ts';

/** A Release as it was last read or written, and who acts for it; a function that writes it returns a new one. */
export interface Observed {
  readonly key: string;
  readonly user: string;
  /** Acts as the Release's service account. */
  readonly tenant: KubeClient;
  readonly release: Release;
  /** The token with which somebody asks, by an annotation, that this pass rely on nothing remembered. */
  readonly token?: string | undefined;
  /** Its versions, oldest first. */
  readonly histories: readonly ReleaseHistory[];
  /** Whose signature the chart must have, once the keys have been read. */
  readonly verify?: VerificationPolicy | undefined;
}
