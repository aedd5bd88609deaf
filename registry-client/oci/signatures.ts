import { keepSignature, readSignature } from '../content.ts';
import type { Digest } from '../digest.ts';
import { RegistryError } from '../errors.ts';
import type { RegistryErrorCode } from '../errors.ts';
import type { PullOptions } from '../options.ts';
import { SIGN_PREDICATE, UNREADABLE, checkCandidate } from '../verify/cosign.ts';
import type { SignatureCandidate, SignedManifest } from '../verify/cosign.ts';
import { notVerified } from '../verify/policy.ts';
import type { VerificationPolicy, VerifiedSignature } from '../verify/policy.ts';
import { readPublicKeys } from '../verify/public-key.ts';
import { parseLayers } from './manifest.ts';
import type { Referrer } from './manifest.ts';
import { listReferrers } from './referrers.ts';
import { digestOfTag, readBlob, readManifest } from './repository.ts';
import type { Repository } from './repository.ts';

const BUNDLE = /^application\/vnd\.dev\.sigstore\.bundle/;
const SIGNATURE_MANIFEST = 'application/vnd.dev.cosign.artifact.sig.v1+json';
/** Registries that know of no `artifactType` list the type of the configuration instead, which is empty. */
const UNTYPED = new Set(['', 'application/vnd.oci.empty.v1+json']);
const SIMPLE_SIGNING_LAYER = 'application/vnd.dev.cosign.simplesigning.v1+json';
const SIGNATURE_ANNOTATION = 'dev.cosignproject.cosign/signature';
const PREDICATE_ANNOTATION = 'dev.sigstore.bundle.predicateType';

const DAMAGES: ReadonlySet<RegistryErrorCode> = new Set(['NotFound', 'InvalidManifest', 'DigestMismatch', 'TooLarge']);

type Found = SignatureCandidate | typeof UNREADABLE;

/**
 * Returns a signature by one of the keys over this very manifest. A signature that was good once is kept with what it signs and
 * verified again each time, so that no registry is needed. Throws `VerificationFailed` where there is none.
 */
export async function verifySignature(
  options: PullOptions,
  { keys: given }: VerificationPolicy,
  connect: () => Promise<Repository>,
  manifest: SignedManifest,
): Promise<VerifiedSignature> {
  const keys = readPublicKeys(given);
  const kept = decode(await readSignature(options, manifest.digest));
  const known = kept && checkCandidate(keys, manifest, kept);
  if (known && !('rejected' in known)) return known;
  const repository = await connect();
  const rejected: string[] = [];
  for await (const candidate of candidatesFor(repository, manifest.digest)) {
    if (rejected.length === repository.session.limits.signatures) break;
    if (candidate === UNREADABLE) {
      rejected.push(candidate);
      continue;
    }
    const outcome = checkCandidate(keys, manifest, candidate);
    if (!('rejected' in outcome)) {
      await keepSignature(options, manifest.digest, repository.session, encode(candidate));
      return outcome;
    }
    rejected.push(outcome.rejected);
  }
  throw refusal(manifest.digest, rejected);
}

/** Everything in the repository that may be a signature of the manifest, the newer format first, read as it is asked for. */
async function* candidatesFor(repository: Repository, digest: Digest): AsyncGenerator<Found> {
  const referrers = (await listReferrers(repository, digest)).filter(mayBeSignature);
  for (const referrer of referrers.slice(0, repository.session.limits.signatures)) {
    yield* candidatesIn(repository, referrer.digest);
  }
  const tagged = await digestOfTag(repository, `${digest.replace(':', '-')}.sig`);
  if (tagged !== undefined) yield* candidatesIn(repository, tagged);
}

/** Bundles hold other statements too, provenance or an SBOM, which can be large and do not sign a release. */
function mayBeSignature({ artifactType, annotations: { [PREDICATE_ANNOTATION]: predicate } }: Referrer): boolean {
  if (predicate !== undefined) return predicate === SIGN_PREDICATE;
  return artifactType === SIGNATURE_MANIFEST || BUNDLE.test(artifactType) || UNTYPED.has(artifactType);
}

/** What is gone or damaged is reported and skipped: it must not keep a good signature beside it from counting. */
async function* candidatesIn(repository: Repository, digest: Digest): AsyncGenerator<Found> {
  try {
    for (const layer of parseLayers(await readManifest(repository, digest))) {
      if (layer.size > repository.session.limits.signatureBytes) continue;
      const signature = layer.annotations[SIGNATURE_ANNOTATION];
      if (layer.mediaType === SIMPLE_SIGNING_LAYER && typeof signature === 'string') {
        yield { format: 'simple-signing', content: await readBlob(repository, layer), signature };
      } else if (BUNDLE.test(layer.mediaType)) {
        yield { format: 'bundle', content: await readBlob(repository, layer) };
      }
    }
  } catch (error) {
    if (!(error instanceof RegistryError) || !DAMAGES.has(error.code)) throw error;
    yield UNREADABLE;
  }
}

function encode(candidate: SignatureCandidate): Buffer {
  return Buffer.from(JSON.stringify({ ...candidate, content: Buffer.from(candidate.content).toString('base64') }));
}

/** Nobody vouches for what is in the cache: what does not look like a candidate is not one. */
function decode(bytes: Uint8Array | undefined): SignatureCandidate | undefined {
  if (bytes === undefined) return undefined;
  try {
    const { format, content, signature } = JSON.parse(Buffer.from(bytes).toString('utf8')) as Record<string, unknown>;
    if (typeof content !== 'string') return undefined;
    const decoded = Buffer.from(content, 'base64');
    if (format === 'bundle') return { format, content: decoded };
    return format === 'simple-signing' && typeof signature === 'string'
      ? { format, content: decoded, signature }
      : undefined;
  } catch {
    return undefined;
  }
}

function refusal(digest: Digest, rejected: string[]): Error {
  if (rejected.length === 0) {
    return notVerified(
      `there is no cosign signature of ${digest}`,
      'sign it: cosign sign --key cosign.key NAME@DIGEST',
    );
  }
  const count = rejected.length === 1 ? 'the only signature' : `each of the ${rejected.length} signatures looked at`;
  const reasons = [...new Set(rejected)].join('; ');
  const reason = `${count} of ${digest} is refused: ${reasons}`;
  return notVerified(
    reason,
    'provide the public key of whoever signs the chart, or have it signed with cosign sign --key',
  );
}
