/** What every object has, as far as the operator reads it. */
export type Metadata = {
  readonly name: string;
  readonly namespace: string;
  readonly uid: string;
  readonly generation?: number;
  readonly labels?: Readonly<Record<string, string>>;
  readonly deletionTimestamp?: string;
};

/** A colour by which people and Coxswain see how a cluster is. */
export type Colour = 'Green' | 'Yellow' | 'Red';

/** A database of several members, of which one, the primary, takes writes and the others copy them. */
export type Cluster = {
  readonly metadata: Metadata;
  /** The definition has the defaults. */
  readonly spec: { readonly image: string; readonly members: number; readonly storage: string };
  readonly status?: ClusterStatus;
};

/** What is known of a cluster. Before it has served for the first time it has neither `primary`, `serving` nor `health`. */
export type ClusterStatus = {
  readonly observedGeneration?: number;
  readonly primary?: string;
  /** Whether writes are taken, which they are where the primary and one more member are there. */
  readonly serving?: boolean;
  readonly health?: Colour;
  /** How many members do what they should. */
  readonly ready: number;
  readonly message: string;
  readonly members: readonly { readonly name: string; readonly state: string }[];
};

/** A copy of what a cluster has, made once. */
export type Backup = {
  readonly metadata: Metadata;
  readonly spec: { readonly cluster: string; readonly storage: string };
  readonly status?: BackupStatus;
};

/** What became of a backup, and where it is: a file in a volume claim. */
export type BackupStatus = {
  readonly phase: 'Running' | 'Succeeded' | 'Failed';
  readonly message: string;
  readonly claim?: string;
  readonly file?: string;
  readonly completedAt?: string;
};

/** The API group of both kinds, with the version. */
export const GROUP = 'mysql.example.dev/v1';
