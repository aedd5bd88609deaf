import type { ObjectMeta } from './metadata.ts';
import type { ClusterAnswers, FieldChange, ResolvedReference } from './changes.ts';
import type { ChartSpec, HelmVersion, ValuesReference } from './release.ts';

/** An immutable record of one version: readable here, bulky or secret parts in the chunks it owns. */
export type ReleaseHistorySpec = {
  release: string;
  version: number;
  /** `spec.chart` as it stood, without `verify` and the bytes of `inline` (those are in the chunks). */
  chart: Omit<ChartSpec, 'verify' | 'inline'>;
  /** The colour of its objects; absent where they have none. */
  colour?: string;
  /** `spec.helmVersion` as it stood. */
  helmVersion?: HelmVersion;
  valuesFrom?: ValuesReference[];
  /** What `chart` resolved to. */
  resolved: ResolvedReference;
  digests: {
    /** Of the content as the user wrote it. */
    content: string;
    /** Of the data of valuesFrom. */
    inputs: string;
    /** Of the record that the chunks make up. */
    record: string;
  };
  /**
   * The Secrets that hold the record, in order; each is named after the digest of its piece. Together they are gzip or, with `base`,
   * Zstandard with the text of that record as the dictionary.
   */
  chunks: { name: string; digest: string }[];
  /** The whole record that this one is stored as the difference from: its digest, as `digests.record`, and its chunks. */
  base?: { digest: string; chunks: { name: string; digest: string }[] };
  /** What the templates asked of the cluster, with its answers; absent if nothing. */
  cluster?: ClusterAnswers;
  description: string;
  /**
   * What led here: an edit of the spec, changed data of valuesFrom, another chart in the range that is followed, or a change of the
   * cluster.
   */
  cause: 'Edit' | 'Inputs' | 'Chart' | 'Cluster';
  /** For a version that no edit led to: its place in a streak of such versions that came soon after one another. */
  streak?: number;
  /** Field managers of the edit that led here, as far as the API server says; absent where no edit did. */
  changedBy?: string;
  /** The user who made the edit, where an admission policy says so. */
  editedBy?: string;
  /** RFC 3339. */
  recordedAt: string;
  /** The version that `changes` compares with; absent for an install. */
  comparedWith?: number;
  /** The most important ones first. */
  changes: FieldChange[];
  /** How many changes there are in all, even if `changes` was cut; those of `alsoIn` count one by one. */
  changesTotal: number;
};

/** A ReleaseHistory. */
export type ReleaseHistory = {
  apiVersion: string;
  kind: 'ReleaseHistory';
  metadata: ObjectMeta;
  spec: ReleaseHistorySpec;
};
