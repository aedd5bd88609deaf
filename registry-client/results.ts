import type { Digest } from './digest.ts';
import type { Content } from './sink.ts';
import type { VerifiedSignature } from './verify/policy.ts';

/** A version that was found, and what it stands for now. */
export interface ResolvedChart {
  /** The exact version. */
  version: string;
  /** OCI: the digest of what the tag names, a manifest or an index; a classic repository: that of the tarball. */
  digest: Digest;
}

/** A chart's tarball, verified. */
export interface PulledChart extends ResolvedChart {
  content: Content;
  /** The digest of the tarball itself. */
  chartDigest: Digest;
  mediaType: string;
  /** The signature that satisfied `verify`; undefined exactly where none was asked for. */
  verified: VerifiedSignature | undefined;
}
