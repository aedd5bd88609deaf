import { generateKeyPairSync, sign } from 'node:crypto';
import type { KeyObject } from 'node:crypto';

import { digestOfBytes } from '../../../registry-client/index.ts';

/** A key pair; `publicPem` is what goes into a file such as cosign.pub. */
export type SigningKey = { privateKey: KeyObject; publicPem: string };

/** What a registry has to hold for a signature: manifests by tag or digest, and blobs by digest. */
export type StoredSignature = { manifests: Map<string, Uint8Array>; blobs: Map<string, Uint8Array> };

const MANIFEST = 'application/vnd.oci.image.manifest.v1+json';
const BUNDLE = 'application/vnd.dev.sigstore.bundle.v0.3+json';
const IN_TOTO = 'application/vnd.in-toto+json';

/** Makes a key pair of a kind that cosign takes; cosign generate-key-pair makes P-256. */
export function signingKey(
  kind: 'P-256' | 'P-384' | 'rsa' | 'ed25519' | 'rsa-1024' | 'secp256k1' = 'P-256',
): SigningKey {
  const { privateKey, publicKey } = pairOf(kind);
  return { privateKey, publicPem: publicKey.export({ type: 'spki', format: 'pem' }).toString() };
}

/** Signs as `cosign sign --key --new-bundle-format=false` does: a payload that names the digest, under the tag `sha256-….sig`. */
export function simpleSigning(
  { privateKey }: SigningKey,
  digest: string,
  { type = 'cosign container image signature', hash = 'sha256', signatures = 1 } = {},
): StoredSignature {
  const image = { 'docker-manifest-digest': digest };
  const critical = { identity: { 'docker-reference': 'registry.example/web' }, image, type };
  const payload = Buffer.from(JSON.stringify({ critical, optional: null }));
  const signature = sign(isEd25519(privateKey) ? null : hash, payload, privateKey).toString('base64');
  const annotations = { 'dev.cosignproject.cosign/signature': signature };
  const layer = { ...descriptor('application/vnd.dev.cosign.simplesigning.v1+json', payload), annotations };
  const layers = Array.from({ length: signatures }, () => layer);
  const manifest = json({ schemaVersion: 2, mediaType: MANIFEST, config: descriptor(MANIFEST, payload), layers });
  return {
    manifests: new Map([[`${digest.replace(':', '-')}.sig`, manifest]]),
    blobs: new Map([[digestOfBytes(payload), payload]]),
  };
}

/** Signs as cosign 3 does by default: a sigstore bundle around an in-toto statement, which refers to the manifest. */
export function sigstoreBundle(
  { privateKey }: SigningKey,
  digest: string,
  { predicateType = 'https://sigstore.dev/cosign/sign/v1', material = { publicKey: { hint: '' } } as object } = {},
): StoredSignature {
  const subject = [{ digest: { sha256: digest.slice('sha256:'.length) }, annotations: {} }];
  const statement = json({ _type: 'https://in-toto.io/Statement/v1', subject, predicateType, predicate: {} });
  const signed = Buffer.concat([Buffer.from(`DSSEv1 ${IN_TOTO.length} ${IN_TOTO} ${statement.length} `), statement]);
  const sig = sign(isEd25519(privateKey) ? null : 'sha256', signed, privateKey).toString('base64');
  const dsseEnvelope = { payload: statement.toString('base64'), payloadType: IN_TOTO, signatures: [{ sig }] };
  return bundleReferrer(digest, { mediaType: BUNDLE, verificationMaterial: material, dsseEnvelope });
}

/** Signs the manifest's bytes themselves in a bundle, as `cosign sign-blob` does with files. */
export function messageSignature({ privateKey }: SigningKey, manifest: Uint8Array): StoredSignature {
  const signature = sign('sha256', manifest, privateKey).toString('base64');
  const message = { messageDigest: { algorithm: 'SHA2_256' }, signature };
  const material = { publicKey: { hint: '' } };
  const bundle = { mediaType: BUNDLE, verificationMaterial: material, messageSignature: message };
  return bundleReferrer(digestOfBytes(manifest), bundle);
}

/** Uploads a signature to a real registry. */
export async function storeSignature(repository: string, { manifests, blobs }: StoredSignature): Promise<void> {
  for (const [digest, bytes] of blobs) {
    const started = await fetch(`${repository}/blobs/uploads/`, { method: 'POST' });
    const place = new URL(started.headers.get('location') ?? '', repository);
    place.searchParams.set('digest', digest);
    const type = { 'content-type': 'application/octet-stream' };
    await expectCreated(fetch(place, { method: 'PUT', headers: type, body: Buffer.from(bytes) }));
  }
  for (const [reference, bytes] of manifests) {
    const { mediaType } = JSON.parse(Buffer.from(bytes).toString()) as { mediaType: string };
    const request = { method: 'PUT', headers: { 'content-type': mediaType }, body: Buffer.from(bytes) };
    await expectCreated(fetch(`${repository}/manifests/${reference}`, request));
  }
}

/** A bundle in a manifest of its own, listed under the tag that stands in for the referrers API. */
function bundleReferrer(digest: string, bundle: object): StoredSignature {
  const content = json(bundle);
  const empty = Buffer.from('{}');
  const manifest = json({
    schemaVersion: 2,
    mediaType: MANIFEST,
    artifactType: BUNDLE,
    config: descriptor('application/vnd.oci.empty.v1+json', empty),
    layers: [descriptor(BUNDLE, content)],
  });
  const list = json({
    schemaVersion: 2,
    mediaType: 'application/vnd.oci.image.index.v1+json',
    manifests: [{ ...descriptor(MANIFEST, manifest), artifactType: BUNDLE }],
  });
  return {
    manifests: new Map([
      [digestOfBytes(manifest), manifest],
      [digest.replace(':', '-'), list],
    ]),
    blobs: new Map([
      [digestOfBytes(content), content],
      [digestOfBytes(empty), empty],
    ]),
  };
}

function pairOf(kind: Parameters<typeof signingKey>[0]): { privateKey: KeyObject; publicKey: KeyObject } {
  if (kind === 'ed25519') return generateKeyPairSync('ed25519');
  if (kind === 'rsa' || kind === 'rsa-1024') {
    return generateKeyPairSync('rsa', { modulusLength: kind === 'rsa' ? 2048 : 1024 });
  }
  return generateKeyPairSync('ec', { namedCurve: kind ?? 'P-256' });
}

async function expectCreated(request: Promise<Response>): Promise<void> {
  const answer = await request;
  if (answer.status !== 201) throw new Error(`${answer.url} answered ${answer.status}: ${await answer.text()}`);
}

function isEd25519({ asymmetricKeyType }: KeyObject): boolean {
  return asymmetricKeyType === 'ed25519';
}

function json(value: object): Buffer {
  return Buffer.from(JSON.stringify(value));
}

function descriptor(mediaType: string, bytes: Uint8Array): object {
  return { mediaType, digest: digestOfBytes(bytes), size: bytes.length };
}
