import { asStrictVersion } from '../../golang/semver/index.ts';
import { RegistryError } from '../errors.ts';

/** Which signatures a chart must have. Any one of the keys suffices, so that keys can be replaced one after the other. */
export interface VerificationPolicy {
  /** `cosign`: signatures of the manifest in the registry; `helm`: the provenance file beside the tarball. */
  provider: 'Cosign' | 'Helm';
  keys: readonly VerificationKey[];
}

/** A public key as PEM for cosign; for Helm an OpenPGP keyring, binary or armored. */
export interface VerificationKey {
  /** What errors and results call it, such as the name of its file. */
  name: string;
  content: string | Uint8Array;
}

/** The signature that satisfied a policy. */
export interface VerifiedSignature {
  provider: VerificationPolicy['provider'];
  /** The `name` of the key, or keyring, that verified it. */
  key: string;
  /** cosign: `sha256:` and the hex digest of the key in DER (SubjectPublicKeyInfo); helm: the PGP key's, in hex. */
  fingerprint: string;
  /** helm: the user id of the key. */
  signer?: string;
  /** helm: when, in RFC 3339, as the signer's clock said. */
  signedAt?: string;
}

/** The chart that a signature has to be of; the version is undefined where what was asked for is not a version, such as `latest`. */
export interface RequestedChart {
  name: string;
  version: string | undefined;
}

/** Returns what a signature of the version that was found has to be of. */
export function requestedChart({ name }: { name: string }, version: string): RequestedChart {
  return { name, version: asStrictVersion(version) && version };
}

/** Returns the error for a chart without a signature that satisfies the policy. */
export function notVerified(reason: string, nextStep?: string, cause?: unknown): RegistryError {
  return new RegistryError({ code: 'VerificationFailed', reason, nextStep, cause });
}

/**
 * Throws `VerificationFailed` where what was signed is another chart or version: a signature alone would let whoever can write to
 * the registry put one signed chart in the place of another.
 */
export function requireSameChart(signed: { name: unknown; version: unknown }, requested: RequestedChart): void {
  if (signed.name === requested.name && (requested.version === undefined || signed.version === requested.version))
    return;
  const found = `${String(signed.name)} ${String(signed.version)}`;
  const wanted = [requested.name, requested.version].filter((part) => part !== undefined).join(' ');
  throw notVerified(`what was signed is ${JSON.stringify(found)}, not ${wanted}`, 'ask the publisher what happened');
}
