import type { ChartSignature, Operation, ReleaseHistory } from '../../crds/index.ts';
import type { Desired } from '../plan/desired.ts';
import type { Observed } from '../pass/observed.ts';
import type { VersionRecord } from '../../records/index.ts';

/**
 * What later observations are compared with: only a difference makes a new version. Inputs from outside the spec that are undefined are
 * taken from the next observation.
 */
export interface Baseline {
  /** Digest of the data of valuesFrom. */
  inputs: string | undefined;
  /** Digest that the chart reference resolves to, for a reference that can move. */
  chart: string | undefined;
  /** Digest of the cluster's answers that change nothing in the version. */
  cluster: string | undefined;
  /** Digest of the content that a rollback left. */
  leftContent: string | undefined;
}

/** A version that was chosen, and the Release as choosing it has left it. */
export interface Choice {
  target: Target | undefined;
  observed: Observed;
  /** Why the Release stays at its version although something has changed; empty if that changes nothing in it. */
  stays?: string;
}

/** A recorded version that the cluster is to be held to. */
export interface Target {
  version: number;
  history: ReleaseHistory;
  record: VersionRecord;
  desired: Desired;
  /** How the Release comes to it, or came to it if it is in force. */
  operation: Exclude<Operation, 'Delete'>;
  baseline: Baseline;
  /** The signature that its chart has, of those that the spec asks for. */
  verified: ChartSignature | undefined;
}

/** An install that takes objects over is an adoption. */
export function asAdoption(operation: Target['operation'], adopts: boolean): Target['operation'] {
  return adopts && operation === 'Install' ? 'Adopt' : operation;
}
