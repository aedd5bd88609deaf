import { createPublicKey, verify } from 'node:crypto';
import type { KeyObject } from 'node:crypto';

import { digestOfBytes } from '../digest.ts';
import { notVerified } from './policy.ts';
import type { VerificationKey } from './policy.ts';

/** A public key that cosign signatures are verified with. */
export interface PublicKey {
  name: string;
  fingerprint: string;
  accepts: (signed: Uint8Array, signature: Uint8Array) => boolean;
}

const MAX_KEYS = 16;
const MAX_KEY_BYTES = 16_384;
const MIN_RSA_BITS = 2048;
const MAX_RSA_BITS = 8192;
/** cosign hashes with SHA-256, and from version 3 on with the hash that goes with the curve. */
const CURVE_HASHES: Readonly<Record<string, readonly string[]>> = {
  prime256v1: ['sha256'],
  secp384r1: ['sha256', 'sha384'],
  secp521r1: ['sha256', 'sha512'],
};

/** Reads public keys in PEM; throws `VerificationFailed` where one is not such a key or is too weak, or where there are none. */
export function readPublicKeys(keys: readonly VerificationKey[]): PublicKey[] {
  if (keys.length === 0 || keys.length > MAX_KEYS) {
    throw notVerified(`${keys.length} public keys were given; 1 to ${MAX_KEYS} are allowed`);
  }
  return keys.map(readPublicKey);
}

function readPublicKey({ name, content }: VerificationKey): PublicKey {
  const pem = Buffer.from(content).toString('utf8');
  // Node derives a public key from a private one, but a private key must not lie around where public ones are expected.
  const isPublic = content.length <= MAX_KEY_BYTES && /^\s*-----BEGIN (RSA )?PUBLIC KEY-----/.test(pem);
  if (!isPublic) throw unusable(name, 'is not a public key in PEM (-----BEGIN PUBLIC KEY-----)');
  const key = parse(name, pem);
  const hashes = hashesFor(name, key);
  return {
    name,
    fingerprint: digestOfBytes(key.export({ type: 'spki', format: 'der' })),
    accepts: (signed, signature) => hashes.some((hash) => verify(hash, signed, key, signature)),
  };
}

function parse(name: string, pem: string): KeyObject {
  try {
    return createPublicKey(pem);
  } catch (cause) {
    throw unusable(name, 'cannot be read', cause);
  }
}

/** The hashes that signatures of this kind of key are made with; Ed25519 has its own. */
function hashesFor(name: string, { asymmetricKeyType, asymmetricKeyDetails }: KeyObject): readonly (string | null)[] {
  const { modulusLength = 0, namedCurve = '' } = asymmetricKeyDetails ?? {};
  if (asymmetricKeyType === 'ed25519') return [null];
  const isSound = modulusLength >= MIN_RSA_BITS && modulusLength <= MAX_RSA_BITS;
  if (asymmetricKeyType === 'rsa' && isSound) return ['sha256'];
  const hashes = asymmetricKeyType === 'ec' ? CURVE_HASHES[namedCurve] : undefined;
  if (hashes !== undefined) return hashes;
  throw unusable(
    name,
    'is of an unsupported kind; supported are ECDSA P-256, P-384 or P-521, RSA of 2048 to 8192 bits, or Ed25519',
  );
}

function unusable(name: string, why: string, cause?: unknown): Error {
  return notVerified(`the key ${JSON.stringify(name)} ${why}`, 'provide the public key, such as cosign.pub', cause);
}
