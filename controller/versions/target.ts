import type { ChartSignature, Operation, ReleaseHistory } from '../../crds/index.ts';
import type { Desired } from '../plan/desired.ts';
import type { VersionRecord } from '../history/record.ts';

/** A recorded version that the cluster is to be held to. */
export interface Target {
  version: number;
  history: ReleaseHistory;
  record: VersionRecord;
  desired: Desired;
  /** How the Release comes to it, or came to it where it is in force. */
  operation: Exclude<Operation, 'delete'>;
  /** Digest of the valuesFrom data that counts as seen from now on. */
  inputs: string | undefined;
  /** Whose signature its chart has, of those that are asked for. */
  verified: ChartSignature | undefined;
}
