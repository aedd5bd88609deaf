import type { Digest } from '../digest.ts';
import { isObject, parseJsonObject } from '../json-object.ts';
import type { VerifiedSignature } from './policy.ts';
import type { PublicKey } from './public-key.ts';

/** What is signed: a manifest, whose digest was computed from these bytes. */
export interface SignedManifest {
  digest: Digest;
  bytes: Uint8Array;
}

/** Something that may be a signature of a manifest: of cosign's older format, or a sigstore bundle. */
export type SignatureCandidate =
  { format: 'simple-signing'; content: Uint8Array; signature: string } | { format: 'bundle'; content: Uint8Array };

/** The type of the statement that `cosign sign` makes; others, such as provenance or an SBOM, are no consent to a release. */
export const SIGN_PREDICATE = 'https://sigstore.dev/cosign/sign/v1';

const SIMPLE_SIGNING_TYPE = 'cosign container image signature';
const IN_TOTO_PAYLOAD = 'application/vnd.in-toto+json';
const BUNDLE_TYPE = /^application\/vnd\.dev\.sigstore\.bundle(\+json;version=0\.[123]|\.v0\.3\+json)$/;
const KEYLESS = 'one was made with a certificate (keyless), and only signatures by a key pair can be verified';
const OTHER_KEY = 'one was made by another key, or is damaged';
const OTHER_DIGEST = 'one is over another digest';
const OTHER_STATEMENT = 'one states something other than cosign sign does';
/** Why a signature that is gone or damaged counts for nothing. */
export const UNREADABLE = 'one cannot be read';

/** Returns which key made a signature over this very manifest, or else why it counts for nothing. Never throws. */
export function checkCandidate(
  keys: readonly PublicKey[],
  manifest: SignedManifest,
  candidate: SignatureCandidate,
): VerifiedSignature | { rejected: string } {
  try {
    return candidate.format === 'bundle'
      ? checkBundle(keys, manifest, parseSigned(candidate.content))
      : checkSimpleSigning(keys, manifest, candidate);
  } catch {
    // Whoever may write to the registry may put anything there; that it is nothing usable is all there is to say.
    return { rejected: UNREADABLE };
  }
}

/** Simple signing, as cosign's SIGNATURE_SPEC.md describes it: the signature is over the payload, which names the digest. */
function checkSimpleSigning(
  keys: readonly PublicKey[],
  { digest }: SignedManifest,
  { content, signature }: Extract<SignatureCandidate, { format: 'simple-signing' }>,
): VerifiedSignature | { rejected: string } {
  const key = keys.find(({ accepts }) => accepts(content, Buffer.from(signature, 'base64')));
  if (key === undefined) return { rejected: OTHER_KEY };
  const { critical } = parseSigned(content);
  if (!isObject(critical) || critical['type'] !== SIMPLE_SIGNING_TYPE) return { rejected: OTHER_STATEMENT };
  const { image } = critical;
  const isSame = isObject(image) && image['docker-manifest-digest'] === digest;
  return isSame ? verified(key) : { rejected: OTHER_DIGEST };
}

/** A sigstore bundle (protobuf-specs, sigstore_bundle.proto, as JSON) that was made with a public key. */
function checkBundle(
  keys: readonly PublicKey[],
  manifest: SignedManifest,
  bundle: Record<string, unknown>,
): VerifiedSignature | { rejected: string } {
  const { mediaType, verificationMaterial, dsseEnvelope, messageSignature } = bundle;
  if (typeof mediaType !== 'string' || !BUNDLE_TYPE.test(mediaType)) return { rejected: UNREADABLE };
  if (isObject(verificationMaterial) && verificationMaterial['publicKey'] === undefined) return { rejected: KEYLESS };
  if (isObject(dsseEnvelope)) return checkEnvelope(keys, manifest, dsseEnvelope);
  const { signature } = isObject(messageSignature) ? messageSignature : {};
  if (typeof signature !== 'string') return { rejected: UNREADABLE };
  const key = keys.find(({ accepts }) => accepts(manifest.bytes, Buffer.from(signature, 'base64')));
  return key === undefined ? { rejected: OTHER_KEY } : verified(key);
}

/** A DSSE envelope around an in-toto statement: the signature is over the payload with its type. */
function checkEnvelope(
  keys: readonly PublicKey[],
  { digest }: SignedManifest,
  { payload, payloadType, signatures }: Record<string, unknown>,
): VerifiedSignature | { rejected: string } {
  if (typeof payload !== 'string' || payloadType !== IN_TOTO_PAYLOAD) return { rejected: OTHER_STATEMENT };
  const body = Buffer.from(payload, 'base64');
  const signed = Buffer.concat([Buffer.from(`DSSEv1 ${payloadType.length} ${payloadType} ${body.length} `), body]);
  // An envelope of cosign has one signature; more are not looked at.
  const [first] = Array.isArray(signatures) ? (signatures as unknown[]) : [];
  if (!isObject(first) || typeof first['sig'] !== 'string') return { rejected: UNREADABLE };
  const signature = Buffer.from(first['sig'], 'base64');
  const key = keys.find(({ accepts }) => accepts(signed, signature));
  if (key === undefined) return { rejected: OTHER_KEY };
  const { predicateType, subject } = parseSigned(body);
  if (predicateType !== SIGN_PREDICATE) return { rejected: OTHER_STATEMENT };
  const hex = digest.slice('sha256:'.length);
  const subjects: unknown[] = Array.isArray(subject) ? subject : [];
  const isSame = subjects.some((one) => isObject(one) && isObject(one['digest']) && one['digest']['sha256'] === hex);
  return isSame ? verified(key) : { rejected: OTHER_DIGEST };
}

function parseSigned(json: Uint8Array): Record<string, unknown> {
  return parseJsonObject(json, 'InvalidManifest', 'the signature');
}

function verified({ name, fingerprint }: PublicKey): VerifiedSignature {
  return { provider: 'Cosign', key: name, fingerprint };
}
